"""Find the libraries a Folium map links to among those that are carried along, and put them into the page.

Which address is answered by which file stands in ``web/plugins.json``; the files are prepared at setup from
the packages named there and lie in ``geo/_data/web`` with their licences.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from geo.errors import GeoError, InputError
from geo.maps.assets import web_asset, web_json

LEAFLET = re.compile(r"/leaflet@1\.9\.\d+/dist/leaflet\.js$")
LEAFLET_STYLE = re.compile(r"/leaflet@1\.9\.\d+/dist/leaflet\.css$")
FOLIUM_TEMPLATE = re.compile(r"/folium/templates/([\w.]+\.js)$")
"""Scripts that Folium itself carries, and links to on the web all the same."""
TURNED_ICONS = re.compile(r"leaflet\.awesome\.rotate(?:\.min)?\.css$")
UNUSED = re.compile(r"/highlight\.js/[\d.]+/styles/")
"""A style sheet for program text that a plugin links to and does not use."""
SPARE = (
    (
        re.compile(r"/jquery[-/][\d.]+(?:/jquery)?(?:\.min)?\.js$"),
        re.compile(r"\$\(|\$\.|\bjQuery\b|/jqueryui/"),
    ),
    (re.compile(r"/bootstrap(?:\.bundle)?(?:\.min)?\.js$"), re.compile(r"\bbootstrap\.|data-bs-")),
    (re.compile(r"/bootstrap(?:-glyphicons)?(?:\.min)?\.css$"), re.compile(r"glyphicon|class=[\\\"']+btn")),
    (re.compile(r"/fontawesome-free@[\d.]+/"), re.compile(r"AwesomeMarkers|BeautifyIcon|\bfa-|\bfa[srb] ")),
    (re.compile(r"leaflet\.awesome-markers\.(?:js|css)$"), re.compile(r"AwesomeMarkers")),
    (TURNED_ICONS, re.compile(r"fa-rotate-[1-9]")),
)
"""Addresses every Folium map asks for, with what in a page would need them; left out of pages that do not."""
FETCHED = re.compile(
    r"(?:iconUrl\"?\s*:\s*|shadowUrl\"?\s*:\s*|L\.(?:imageOverlay|videoOverlay)\(\s*|\$\.ajax\(\s*|\bfetch\(\s*)"
    r"[\"'`]((?:https?:)?//[^\"'`]*)"
)
"""Pictures and data a page's own script would fetch."""
CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#|['\"]?data:)([^)'\"]*)|@import\s+['\"]([^'\"]*)")


class Plugin(NamedTuple):
    """Say which addresses a file answers, and whether it compiles text while it runs."""

    url: re.Pattern[str]
    file: str
    evaluates: bool


@cache
def _plugins() -> tuple[Plugin, ...]:
    """Return the files that are carried along for Folium's plugins."""
    rows = web_json("manifest.json")["plugins"]
    return tuple(Plugin(re.compile(row["url"]), row["file"], row["evaluates"]) for row in rows)


def evaluates(addresses: Iterable[str]) -> bool:
    """Say whether one of the linked libraries compiles text while it runs, which a strict policy forbids."""
    told = [plugin.url for plugin in _plugins() if plugin.evaluates]
    return any(url.search(address) for address in addresses for url in told)


def needs_of(code: str, addresses: Iterable[str]) -> str:
    """Return what tells which libraries a page needs: its own scripts, and the plugins it links to."""
    plugins = (link for link in addresses if not any(pattern.search(link) for pattern, _ in SPARE))
    return "\n".join([code, *(link for link in plugins if not link.startswith("data:"))])


def source_of(address: str, code: str, what: str) -> str | None:
    """Return the text behind an address, or None if the page does not need it.

    Parameters
    ----------
    address : str
        What a script or style element links to.
    code : str
        What tells the needs of the page (`needs_of`).
    what : str
        How the message names the element.

    Raises
    ------
    InputError
        If nothing that is carried along answers the address.

    Examples
    --------
    >>> source_of("https://example.org/jquery-3.7.1.min.js", "var a = 1;", "the script") is None
    True
    """
    text = _of_data(address)
    if text is not None:
        return text
    for pattern, need in SPARE:
        if pattern.search(address) and not need.search(code):
            return None
    if LEAFLET.search(address):
        return web_asset("leaflet.js") + "\n" + web_asset("leaflet-markers.js")
    if LEAFLET_STYLE.search(address):
        return web_asset("leaflet.css")
    if UNUSED.search(address):
        return None
    if TURNED_ICONS.search(address):
        return "".join(f".fa-rotate-{angle}{{transform:rotate({angle}deg)}}" for angle in range(1, 360))
    if found := FOLIUM_TEMPLATE.search(address):
        return (files("folium") / "templates" / found.group(1)).read_text(encoding="utf-8")
    for plugin in _plugins():
        if plugin.url.search(address):
            return web_asset(plugin.file)
    raise InputError(
        f"The map uses {what} {address}, which cannot be put into the file: no library that is carried along "
        "answers it. Leave out the Folium element that asks for it, or save with offline=False"
    )


def script(address: str, code: str) -> str:
    """Return an inline script for a linked one; nothing if the page does not need it."""
    source = source_of(address, code, "the script")
    if source is None:
        return ""
    return "<script>" + re.sub(r"</(script)", r"<\\/\1", source, flags=re.IGNORECASE) + "</script>"


def style(tag: str, code: str) -> str:
    """Return an inline style for a linked one; links that fetch something else are refused.

    Raises
    ------
    InputError
        If the link is no style sheet, or one that cannot be put into the file.
    """
    address = re.search(r'\bhref="([^"]*)"', tag)
    if address is None or not re.search(r'\brel="?stylesheet', tag):
        raise InputError(f"The map has a link that cannot be put into the file: {tag}")
    source = source_of(address.group(1), code, "the style sheet")
    if source is None:
        return ""
    outside = CSS_URL.search(source)
    if outside:
        raise InputError(
            f"The style sheet {address.group(1)[:80]} asks for {outside.group(1) or outside.group(2)}"
        )
    return "<style>" + source.replace("</", "<\\/") + "</style>"


def refuse_fetches(code: str) -> None:
    """Refuse a page whose own script would fetch a picture or data.

    Raises
    ------
    InputError
        Naming the address.
    """
    found = FETCHED.search(code)
    if found:
        raise InputError(
            f"The map fetches {found.group(1)[:200]}, which needs the network. Give the picture or the "
            "data itself (a file on disk, embed=True), or save with offline=False"
        )


def _of_data(address: str) -> str | None:
    """Return the text a data address carries, or None if it is another kind of address."""
    if not address.startswith("data:"):
        return None
    head, _, body = address.partition(",")
    if not head.endswith(";base64"):
        raise GeoError(f"The map carries a data address that is not base64: {address[:60]}...")
    return base64.b64decode(body).decode("utf-8")
