"""Make a picture of the result of each notebook, for the index of the notebooks.

Usage: ``python tools/notebook_pictures.py`` writes docs/img/notebook-NN.jpg from the notebooks as
``make docs`` ran them into out/notebooks; ``--lab`` takes docs/img/jupyterlab.png and docs/img/review.png
from a real JupyterLab, by its tests. It needs the group ``dev`` and a browser (``make setup-browser``).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from geo.maps.picture import QUIET, find_browser

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "img"
RENDERED = ROOT / "out" / "notebooks"
WINDOW = {"width": 1180, "height": 900}
HIGHEST = 560
MAP = ".jp-OutputArea-output iframe"
TABLE = ".jp-OutputArea-output table.dataframe"


class Result(NamedTuple):
    """Say which output of a notebook is its result, and what is clicked in it before the picture is taken."""

    output: str
    number: int = 0
    clicks: tuple[str, ...] = ()


RESULTS = {
    "01": Result(MAP, clicks=("button.geo-item:has-text('جنوبي قبرص')",)),
    "02": Result(MAP),
    "03": Result(TABLE),
    "04": Result(MAP),
    "06": Result(MAP),
    "07": Result(MAP),
    "08": Result(".jp-RenderedSVG :is(svg, img)"),
}
"""Notebook 05 has a picture of its widget, which lives in JupyterLab only."""


def shoot(browser: Browser, page_file: Path, result: Result, target: Path) -> None:
    """Open a notebook that was run, without a network, and take the picture of one output."""
    context = browser.new_context(viewport=WINDOW, color_scheme="light", offline=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    output = page.locator(result.output).nth(result.number)
    output.scroll_into_view_if_needed()
    if result.output == MAP:
        frame = output.content_frame
        frame.locator(".leaflet-container").wait_for()
        page.wait_for_timeout(1500)
        for click in result.clicks:
            frame.locator(click).first.click()
            page.wait_for_timeout(900)
    box = output.bounding_box()
    if box is None:
        sys.exit(f"{page_file.name}: its result is not in sight")
    clip = {**box, "y": box["y"] + page.evaluate("scrollY"), "height": min(box["height"], HIGHEST)}
    page.screenshot(path=target, type="jpeg", quality=85, clip=clip, full_page=True)
    context.close()


def from_lab() -> int:
    """Run the tests in JupyterLab, which leave pictures of what they see."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/notebooks"]
    return subprocess.run(
        command, check=False, cwd=ROOT, env={**os.environ, "GEO_PICTURES": str(FOLDER)}
    ).returncode


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lab", action="store_true", help="pictures from JupyterLab instead")
    if parser.parse_args().lab:
        return from_lab()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        for number, result in RESULTS.items():
            page_file = next(RENDERED.glob(f"{number}_*.html"), None)
            if page_file is None:
                sys.exit(f"notebook {number} was not run yet: `make docs`")
            shoot(browser, page_file, result, FOLDER / f"notebook-{number}.jpg")
            print(FOLDER / f"notebook-{number}.jpg")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
