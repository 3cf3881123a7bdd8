"""Take a picture of a map, or print it: a Chromium that is there already opens the saved page, offline."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import Any

from geo.errors import GeoError, InputError, MissingExtraError
from geo.maps.save import save_map
from geo.tables.files import whole

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge",
    "msedge",
)  # fmt: skip
"""Commands that start a browser of the Chromium family, in the order they are looked for."""
ELSEWHERE = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip
"""Switches with which the browser itself makes no call."""
SUFFIXES = (".png", ".pdf")
SMALLEST, LARGEST = 200, 10_000


def save_picture(
    map: Any,
    path: str | PathLike[str],
    *,
    size: tuple[int, int] = (1600, 1000),
    scale: float = 2.0,
    browser: str | PathLike[str] | None = None,
) -> Path:
    """Write a map as a picture (PNG) or as a printed page (PDF), whole or not at all.

    Parameters
    ----------
    map : folium.Map
        What `geo.save_map` takes. A map with tiles of a provider is drawn without them: the browser is kept
        offline.
    path : str or path-like
        Ends in ``.png`` or ``.pdf``.
    size : tuple of int
        Width and height of the window in CSS pixels, from 200 to 10,000.
    scale : float
        Pixels of the picture for each of these, from 0.5 to 4; without meaning for a PDF, which holds text
        and lines.
    browser : str or path-like, optional
        The browser to use; by default the first of the Chromium family that is found.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If the suffix, the size or the browser makes no sense, or the file cannot be written.
    MissingExtraError
        If Playwright is not installed.
    GeoError
        If no browser is found or it cannot draw the page.

    Examples
    --------
    >>> save_picture(None, "map.gif")
    Traceback (most recent call last):
    geo.errors.InputError: map.gif: a picture is a .png or a .pdf file
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise InputError(f"{target}: a picture is a {' or a '.join(SUFFIXES)} file")
    if not all(SMALLEST <= side <= LARGEST for side in size) or not 0.5 <= scale <= 4:
        raise InputError(
            f"size {size[0]} x {size[1]}, scale {scale:g}: expected {SMALLEST} to {LARGEST} pixels a side "
            "and a scale from 0.5 to 4"
        )
    playwright = _playwright()
    program = find_browser(browser)
    with tempfile.TemporaryDirectory() as folder, whole(target) as temporary:
        page = save_map(map, Path(folder) / "map.html")
        # In a thread of its own, for where this is called an event loop may run: in every notebook one does.
        with ThreadPoolExecutor(max_workers=1) as apart:
            apart.submit(_draw, playwright, program, page, temporary, size, scale).result()
    return target


def _draw(
    playwright: Any, program: str, page: Path, target: Path, size: tuple[int, int], scale: float
) -> None:
    """Start the browser and take the picture."""
    with playwright.sync_playwright() as driver:
        try:
            _shoot(driver, program, page, target, size, scale)
        except playwright.Error as error:
            raise GeoError(
                f"{program} could not draw the map: {str(error).splitlines()[0]}; open the .html file "
                "in a browser and print it from there"
            ) from error


def find_browser(given: str | PathLike[str] | None = None) -> str:
    """Return the path of a browser of the Chromium family.

    Parameters
    ----------
    given : str or path-like, optional
        A path or command to use instead of searching.

    Raises
    ------
    InputError
        If the given one is not there.
    GeoError
        If none is found.
    """
    if given is not None:
        found = shutil.which(str(given))
        if found is None:
            raise InputError(f"browser: {given} is no program that can be run")
        return found
    for candidate in _candidates():
        found = shutil.which(candidate)
        if found:
            return found
    raise GeoError(
        "a picture needs a browser of the Chromium family, and none was found on PATH (looked for "
        f"{', '.join(BROWSERS)}); install one (Debian: apt install chromium), or save the map as .html"
    )


def _candidates() -> Iterator[str]:
    yield from BROWSERS
    yield from ELSEWHERE.get(sys.platform, ())


def _playwright() -> Any:
    try:
        from playwright import sync_api
    except ImportError as error:
        raise MissingExtraError(
            "a picture needs Playwright; install it with `pip install 'arabic-geo[picture]'` (its own "
            "browser is not needed)"
        ) from error
    return sync_api


def _shoot(driver: Any, program: str, page: Path, target: Path, size: tuple[int, int], scale: float) -> None:
    """Open the page offline and write what it shows."""
    browser = driver.chromium.launch(executable_path=program, args=list(QUIET))
    try:
        window = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=window, device_scale_factor=scale, offline=True)
        tab = context.new_page()
        tab.goto(page.as_uri())
        tab.wait_for_selector(".leaflet-container")
        tab.wait_for_timeout(500)
        if target.suffix.lower() == ".pdf":
            tab.pdf(path=target, landscape=True, print_background=True, format="A4")
        else:
            tab.screenshot(path=target, type="png")
    finally:
        browser.close()
