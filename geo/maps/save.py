"""Write a map as one HTML file that makes no network request."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from branca.element import Element
from folium import Map

from geo.errors import GeoError, InputError
from geo.maps.assets import web_asset
from geo.tables.files import whole

SCRIPT = re.compile(r'<script\b[^>]*?\bsrc="([^"]*)"[^>]*>\s*</script>')
STYLE = re.compile(r"<link\b[^>]*?/?>")
INLINE = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
ISLAND_TYPES = ("application/json", "text/plain")
IDENTIFIER = re.compile(r"\b([a-z][a-z_]*_)([0-9a-f]{32})(?![0-9a-f])")
TILES = re.compile(r"L\.tileLayer(?:\.wms)?\(\s*[\"'`]((?:https?:)?//[^\"'`]*)")
CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#|['\"]?data:)([^)'\"]*)|@import\s+['\"]([^'\"]*)")
POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; font-src data:; "
    "script-src {hashes}; base-uri 'none'; form-action 'none'"
)
CHARSET = '<meta charset="utf-8"/>'
FIRST_BYTES = 900

ASSETS = (
    (re.compile(r"/leaflet@1\.9\.\d+/dist/leaflet\.js$"), "leaflet.js"),
    (re.compile(r"/leaflet@1\.9\.\d+/dist/leaflet\.css$"), "leaflet.css"),
)
"""Addresses that Folium asks for and that are carried along."""

SPARE = (
    (re.compile(r"/jquery-[\d.]+(?:\.min)?\.js$"), re.compile(r"\$\(|\bjQuery\b")),
    (re.compile(r"/bootstrap(?:\.bundle)?(?:\.min)?\.js$"), re.compile(r"\bbootstrap\.")),
    (re.compile(r"/bootstrap(?:-glyphicons)?(?:\.min)?\.css$"), re.compile(r"glyphicon|class=\"btn")),
    (re.compile(r"/fontawesome-free@[\d.]+/"), re.compile(r"AwesomeMarkers|\bfa-|\bfa[srb] ")),
    (re.compile(r"leaflet\.awesome-markers\.(?:js|css)$"), re.compile(r"AwesomeMarkers")),
    (re.compile(r"leaflet\.awesome\.rotate\.min\.css$"), re.compile(r"AwesomeMarkers")),
)
"""Addresses every Folium map asks for, with what in a page would need them; left out of pages that do not."""


def map_html(map: Any, *, offline: bool = True) -> str:
    """Return a map as one HTML document.

    Parameters
    ----------
    map : folium.Map
        A map made by `geo.event_map`, or any Folium map.
    offline : bool
        Put every script and style sheet into the document and forbid it, by a content security policy with
        hashes, to load or run anything else. If false, return what Folium renders.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If ``map`` is no Folium map, or it uses something that needs the network (named in the message).
    """
    if not isinstance(map, Element) or not isinstance(map, Map):
        raise InputError(
            f"Expected a folium.Map, got {type(map).__name__}; make one with geo.event_map(events)"
        )
    page = _numbered(str(map.get_root().render()).replace("\r\n", "\n").replace("\r", "\n"))
    if not offline:
        return page
    tiles = TILES.search(page)
    if tiles:
        raise InputError(
            f"The map draws tiles from {tiles.group(1)}, which need the network. Make it with "
            "folium.Map(tiles=None) or geo.event_map(...), or save it with offline=False"
        )
    page = _dressed(page, map)
    code = "".join(body for attributes, body in INLINE.findall(page) if not _is_island(attributes))
    page = SCRIPT.sub(lambda found: _script(found.group(1), code), page)
    page = STYLE.sub(lambda found: _style(found.group(0), code), page)
    return _secured(page)


def save_map(map: Any, path: str | PathLike[str], *, offline: bool = True) -> Path:
    """Write a map to one HTML file, whole or not at all.

    Parameters
    ----------
    map : folium.Map
    path : str or path-like
        Folders that are missing are made.
    offline : bool
        As in `map_html`: a file that makes no network request.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If the map uses something that cannot be embedded, or the file cannot be written.
    """
    target = Path(path)
    text = map_html(map, offline=offline)
    # newline="": the hashes of the policy hold for these very characters
    with (
        whole(target) as temporary,
        temporary.open("w", encoding="utf-8", errors="replace", newline="") as file,
    ):
        file.write(text)
    return target


def _numbered(page: str) -> str:
    """Replace Folium's random identifiers by numbers, so that the same map gives the same file."""
    numbers: dict[str, str] = {}
    return IDENTIFIER.sub(
        lambda found: found.group(1) + numbers.setdefault(found.group(2), str(len(numbers) + 1)), page
    )


def _dressed(page: str, map: Any) -> str:
    """Give the document its language, direction and title, where the map has them."""
    language = getattr(map, "language", None)
    title = getattr(map, "title", None)
    if language:
        direction = "rtl" if language == "ar" else "ltr"
        page = page.replace("<html>", f'<html lang="{language}" dir="{direction}">', 1)
    if title:
        page = page.replace("</head>", f"<title>{html.escape(title)}</title>\n</head>", 1)
    return re.sub(
        r'<meta name="viewport"[^>]*>',
        lambda _: '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        page,
        count=1,
    )


def _data_text(address: str) -> str | None:
    """Return the text a data address carries, or None if it is another kind of address."""
    if not address.startswith("data:"):
        return None
    head, _, body = address.partition(",")
    if not head.endswith(";base64"):
        raise GeoError(f"The map carries a data address that is not base64: {address[:60]}...")
    return base64.b64decode(body).decode("utf-8")


def _resolved(address: str, code: str, what: str) -> str | None:
    """Return the text behind an address, or None if the page does not need it."""
    text = _data_text(address)
    if text is not None:
        return text
    for pattern, name in ASSETS:
        if pattern.search(address):
            return web_asset(name)
    for pattern, need in SPARE:
        if pattern.search(address) and not need.search(code):
            return None
    raise InputError(
        f"The map uses {what} {address}, which cannot be put into the file. Leave out the Folium element "
        "that asks for it, or save with offline=False"
    )


def _script(address: str, code: str) -> str:
    """Return an inline script for a linked one."""
    source = _resolved(address, code, "the script")
    if source is None:
        return ""
    return "<script>" + re.sub(r"</(script)", r"<\\/\1", source, flags=re.IGNORECASE) + "</script>"


def _style(tag: str, code: str) -> str:
    """Return an inline style for a linked one; other links that fetch something are refused."""
    address = re.search(r'\bhref="([^"]*)"', tag)
    if address is None or not re.search(r'\brel="?stylesheet', tag):
        raise InputError(f"The map has a link that cannot be put into the file: {tag}")
    source = _resolved(address.group(1), code, "the style sheet")
    if source is None:
        return ""
    outside = CSS_URL.search(source)
    if outside:
        raise InputError(
            f"The style sheet {address.group(1)[:80]} asks for {outside.group(1) or outside.group(2)}"
        )
    return "<style>" + source.replace("</", "<\\/") + "</style>"


def _is_island(attributes: str) -> bool:
    """Say whether a script element holds data, which the browser does not run."""
    return any(f'type="{kind}"' in attributes for kind in ISLAND_TYPES)


def _secured(page: str) -> str:
    """Put the content security policy first in the head: only the scripts that are there now may run."""
    hashes = []
    for attributes, body in INLINE.findall(page):
        if not _is_island(attributes):
            digest = base64.b64encode(hashlib.sha256(body.encode("utf-8", errors="replace")).digest()).decode(
                "ascii"
            )
            hashes.append(f"'sha256-{digest}'")
    policy = POLICY.format(hashes=" ".join(dict.fromkeys(hashes)) or "'none'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'
    page = re.sub(r'\s*<meta http-equiv="content-type"[^>]*>', "", page, count=1)
    # a browser looks for the encoding in the first 1024 bytes only
    first = f"{CHARSET}\n{meta}" if len(meta) > FIRST_BYTES else f"{meta}\n{CHARSET}"
    return _once(page, "<head>", lambda tag: f"{tag}\n{first}")


def _once(page: str, tag: str, change: Callable[[str], str]) -> str:
    """Change the first occurrence of a tag."""
    before, found, after = page.partition(tag)
    if not found:
        raise GeoError(f"Folium rendered a page without {tag}")
    return before + change(found) + after
