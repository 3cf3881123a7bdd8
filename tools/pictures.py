"""Make the pictures of the README and the docs from the samples, with a headless Chromium.

Usage: ``python tools/pictures.py`` writes the files named in ``PICTURES`` to docs/img. It needs the
packages of the ``dev`` group and a browser (``make setup-browser``).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import geo
from geo.maps.picture import QUIET, find_browser
from geo.model import Article

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/img"
DESK, PHONE = (1280, 800), (390, 844)
TITLES = {"ar": "نماذج من الأخبار", "en": "Sample articles"}
ENTRY = "button.geo-item:has-text('{}')"


@dataclass(frozen=True)
class Picture:
    """Say what a picture shows.

    Attributes
    ----------
    language : {"ar", "en"}
    theme : {"light", "dark"}
    size : tuple of two int
        Width and height of the window in pixels.
    clicks : tuple of str
        What is clicked before the picture is taken, as CSS selectors.
    """

    language: str
    theme: str = "light"
    size: tuple[int, int] = DESK
    clicks: tuple[str, ...] = ()


PICTURES = {
    "map.png": Picture("ar"),
    "map-en.png": Picture("en"),
    "map-dark.png": Picture("en", "dark", clicks=(ENTRY.format("Tripoli"),)),
    "map-card.png": Picture("ar", clicks=(ENTRY.format("جنوبي قبرص"),)),
    "map-table.png": Picture("en", clicks=("[data-tool=table]",)),
    "map-phone.png": Picture("ar", size=PHONE),
    "map-phone-list.png": Picture("ar", "dark", size=PHONE, clicks=(".geo-handle",)),
}


def shoot(browser: Browser, page_file: Path, picture: Picture, target: Path) -> None:
    """Open a saved map without a network and take its picture."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.theme == "dark" else "light",
        offline=True,
    )
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.wait_for_selector(".leaflet-container")
    page.wait_for_timeout(1500)
    for click in picture.clicks:
        page.locator(click).first.click()
        page.wait_for_timeout(700)
    page.screenshot(path=target)
    context.close()


def main() -> None:
    """Parse the samples, save a map in each language, and take the pictures."""
    samples = sorted((ROOT / "notebooks/samples").glob("*.txt"))
    articles = [Article(path.stem, path.read_text(encoding="utf-8")) for path in samples]
    documents = list(geo.parse_many(articles))
    events, mentions = geo.to_geodataframe(documents), geo.to_geodataframe(documents, table="mentions")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        saved = {}
        for language, title in TITLES.items():
            saved[language] = Path(folder) / f"{language}.html"
            geo.save_map(geo.event_map(events, mentions, title=title, language=language), saved[language])
        for name, picture in PICTURES.items():
            shoot(browser, saved[picture.language], picture, FOLDER / name)
            print(FOLDER / name)
        browser.close()


if __name__ == "__main__":
    main()
