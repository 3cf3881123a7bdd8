"""Make the pictures of the README and the docs from the samples, with a headless Chromium.

Usage: ``python tools/pictures.py`` writes docs/img/map.png, map-en.png and map-phone.png. Needs the packages
of the ``dev`` group and a browser (``make setup-browser``).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import geo
from geo.model import Article

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/img"
SIZES = {"map.png": ("ar", 1280, 800), "map-en.png": ("en", 1280, 800), "map-phone.png": ("ar", 390, 844)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TITLES = {"ar": "نماذج من الأخبار", "en": "Sample articles"}


def shoot(browser: Browser, page_file: Path, picture: Path, width: int, height: int) -> None:
    """Open a saved map without a network and take its picture."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.context.set_offline(True)
    page.goto(page_file.as_uri())
    page.wait_for_selector(".leaflet-container")
    page.wait_for_timeout(2000)
    page.screenshot(path=picture)
    page.close()


def main() -> None:
    """Parse the samples, save a map in each language, and take the pictures."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("no Chromium on PATH; run `make setup-browser`")
    samples = sorted((ROOT / "notebooks/samples").glob("*.txt"))
    articles = [Article(path.stem, path.read_text(encoding="utf-8")) for path in samples]
    documents = list(geo.parse_many(articles))
    events, mentions = geo.to_geodataframe(documents), geo.to_geodataframe(documents, table="mentions")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, (language, width, height) in SIZES.items():
            saved = Path(folder) / f"{language}.html"
            geo.save_map(geo.event_map(events, mentions, title=TITLES[language], language=language), saved)
            shoot(browser, saved, PICTURES / name, width, height)
            print(PICTURES / name)
        browser.close()


if __name__ == "__main__":
    main()
