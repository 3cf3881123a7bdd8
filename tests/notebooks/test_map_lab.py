"""The first notebook in a real JupyterLab: every cell run, the map seen, an event opened.

A folder named in GEO_PICTURES gets a picture of it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

MISLEADING = ("trust", "موثوق", "not supported", "javascript error", "no javascript", "warning")


def test_notebook_01_shows_the_map_and_an_event_opens_its_card(
    open_notebook: Any, root: Path, tmp_path: Path
) -> None:
    notebook = open_notebook(
        root / "notebooks" / "01_article_to_map.ipynb", root / "notebooks" / "samples", height=1100
    )
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.run_all()
    assert notebook.complaints() == [], "a notebook writes nothing to standard error"

    frame = notebook.map_frame()
    assert frame.evaluate("location.href") == "about:srcdoc"
    assert frame.evaluate("typeof L.map") == "function"
    holder = notebook.page.locator(".jp-OutputArea-output iframe[srcdoc]").first
    holder.scroll_into_view_if_needed()
    card = frame.locator(".geo-popup .geo-card")
    frame.locator(".geo-event").first.click(force=True)
    card.wait_for()
    assert card.locator("blockquote mark").count() >= 1
    notebook.page.keyboard.press("Escape")
    card.wait_for(state="detached")
    frame.locator("button.geo-item").first.click()
    card.wait_for()
    assert card.locator("h3").inner_text()
    page = notebook.page
    page.wait_for_timeout(800)
    page.screenshot(path=str(Path(os.environ.get("GEO_PICTURES", tmp_path)) / "jupyterlab.png"))

    page.keyboard.press("Escape")
    said = " ".join(page.locator(".jp-OutputArea-output, .jp-toast-message").all_inner_texts()).lower()
    assert [word for word in MISLEADING if word in said] == []
    shown = frame.locator("body").inner_text().lower()
    assert "make this notebook trusted" not in shown
    assert notebook.errors == []
    assert notebook.outside == []
