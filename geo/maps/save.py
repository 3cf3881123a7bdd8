"""Write a map as one HTML file that makes no network request."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from folium import Map
from folium.plugins import DualMap

from geo.errors import GeoError, InputError
from geo.maps.embed import evaluates, needs_of, refuse_fetches, script, style
from geo.tables.files import whole

SCRIPT = re.compile(r'<script\b[^>]*?\bsrc="([^"]*)"[^>]*>\s*</script>')
PIECE = re.compile(r"<script\b[^>]*>.*?</script>|<link\b[^>]*?/?>", re.DOTALL)
INLINE = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
ISLAND_TYPES = ("application/json", "text/plain")
IDENTIFIER = re.compile(r"\b([a-z][a-z_]*_)([0-9a-f]{32})(?![0-9a-f])")
ISLAND = '<script type="text/plain"'
HOLLOW = re.compile(ISLAND + r"[^>]*>(?=</script>)")
TILES = re.compile(r"L\.tileLayer(?:\.wms)?\(\s*[\"'`]((?:https?:)?//[^\"'`]*)")
POLICY = (
    "default-src 'none'; img-src data: blob:{tiles}; style-src 'unsafe-inline'; font-src data:; "
    "script-src {hashes}; base-uri 'none'; form-action 'none'"
)
CHARSET = '<meta charset="utf-8"/>'
FIRST_BYTES = 900


def map_html(map: Any, *, offline: bool = True) -> str:
    """Return a map as one HTML document.

    Parameters
    ----------
    map : folium.Map
        A map made by `geo.event_map`, or any Folium map; the libraries of Folium's common plugins are carried
        along (``web/plugins.json``).
    offline : bool
        Put every script and style sheet into the document and forbid it, by a content security policy with
        hashes, to load or run anything else, but for pictures of the tiles that
        `geo.event_map(basemap=...)` was asked for. If false, return what Folium renders.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If ``map`` is no Folium map, or it uses something that needs the network (named in the message).
    """
    if not isinstance(map, Map | DualMap):
        raise InputError(
            f"Expected a folium.Map, got {type(map).__name__}; make one with geo.event_map(events)"
        )
    page = str(map.get_root().render()).replace("\r\n", "\n").replace("\r", "\n")
    page, data = _hollowed(page)
    page = _numbered(page)
    if offline:
        page = _closed(page, map)
    return HOLLOW.sub(lambda island: island.group() + next(data, ""), page)


def _hollowed(page: str) -> tuple[str, Iterator[str]]:
    """Take the data out of the islands of a page: nothing there is to be looked for or changed."""
    first, *islands = page.split(ISLAND)
    parts, data = [first], []
    for island in islands:
        attributes, opened, rest = island.partition(">")
        text, closed, rest = rest.partition("</script>")
        data.append(text)
        parts.append(attributes + opened + closed + rest)
    return ISLAND.join(parts), iter(data)


def _closed(page: str, map: Any) -> str:
    """Put everything a page links to into it, and forbid it anything else."""
    chosen = tuple(getattr(map, "tile_hosts", ()))
    for tiles in TILES.findall(page):
        if tile_host(tiles) not in chosen:
            raise InputError(
                f"The map draws tiles from {tiles}, which need the network. Make it with "
                "folium.Map(tiles=None) or geo.event_map(...), or save it with offline=False"
            )
    page = _dressed(page, map)
    code = "".join(body for attributes, body in INLINE.findall(page) if not _is_island(attributes))
    refuse_fetches(code)
    links = [found.group(1) for found in SCRIPT.finditer(page)]
    needs = needs_of(code, links)
    page = PIECE.sub(lambda found: _embedded(found.group(0), needs), page)
    return _secured(page, evaluates(links), chosen)


def tile_host(address: str) -> str:
    """Return the host of an address of tiles, as a content security policy names it.

    Parameters
    ----------
    address : str
        A template; a subdomain left open stands for all of them.

    Examples
    --------
    >>> tile_host("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    'https://*.tiles.example.org'
    """
    scheme, _, rest = address.rpartition("//")
    return f"{scheme or 'https:'}//{re.sub(r'{s}', '*', rest.split('/')[0])}"


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


def _embedded(piece: str, needs: str) -> str:
    """Return a script or link of the page with what it links to inside it."""
    if not piece.startswith("<script"):
        return style(piece, needs)
    linked = SCRIPT.fullmatch(piece)
    return script(linked.group(1), needs) if linked else piece


def _is_island(attributes: str) -> bool:
    """Say whether a script element holds data, which the browser does not run."""
    return any(f'type="{kind}"' in attributes for kind in ISLAND_TYPES)


def _secured(page: str, evaluating: bool, tile_hosts: Sequence[str] = ()) -> str:
    """Put the content security policy first in the head: only the scripts that are there now may run."""
    hashes = ["'unsafe-eval'"] if evaluating else []
    for attributes, body in INLINE.findall(page):
        if not _is_island(attributes):
            digest = base64.b64encode(hashlib.sha256(body.encode("utf-8", errors="replace")).digest()).decode(
                "ascii"
            )
            hashes.append(f"'sha256-{digest}'")
    policy = POLICY.format(
        hashes=" ".join(dict.fromkeys(hashes)) or "'none'", tiles="".join(f" {host}" for host in tile_hosts)
    )
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
