"""The review widget in a real JupyterLab: what is done there, Python sees.

A folder named in GEO_PICTURES gets a picture of it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

TEXT = "وصل الوفد إلى طرابلس في 3 آذار 2019. وعقد اجتماع في طرابلس مساء الخميس. وتظاهر مئات في بنغازي."
CELLS = [
    "import geo",
    f"document = geo.parse({TEXT!r}, id='a', date='2019-03-05')",
    "widget = geo.review(document, 'corrections.jsonl', who='نادية')\nwidget",
]
COUNTRIES = (
    "print([m.place.country for m in widget.document.mentions if m.text == 'طرابلس'], "
    "[e.location.lon > 30 for e in widget.document.events if e.location and e.location.name == 'Tripoli'], "
    "len(widget.corrections()))"
)


def press(notebook: Any, *keys: str) -> None:
    for key in keys:
        notebook.page.keyboard.press(key)
        notebook.page.wait_for_timeout(400)


def until(notebook: Any, code: str, expected: str) -> None:
    """Ask the kernel until it gives the expected answer: what the page sends reaches it in its own time."""
    for _ in range(60):
        answer = notebook.ask(code)
        if answer == expected:
            return
        notebook.page.wait_for_timeout(300)
    assert answer == expected


def test_a_place_is_moved_and_moved_back_and_python_sees_it(open_notebook: Any) -> None:
    notebook = open_notebook(CELLS)
    page = notebook.page
    notebook.run_all()
    page.wait_for_selector(".geo-rv .geo-rv-article mark")
    assert notebook.complaints() == []
    until(notebook, COUNTRIES, "['LY', 'LY'] [False, False] 0")
    cells = page.locator(".jp-Notebook .jp-Cell").count()

    lebanon = page.locator(".geo-rv-candidate", has_text="لبنان").first.locator("kbd").inner_text()
    page.locator(".geo-rv").focus()
    press(notebook, lebanon)
    page.wait_for_selector(".geo-rv-picked:has-text('لبنان')")
    until(notebook, COUNTRIES, "['LB', 'LY'] [True, False] 1")

    press(notebook, "e", lebanon)
    until(notebook, COUNTRIES, "['LB', 'LB'] [True, True] 2")
    press(notebook, "u", "u")
    page.wait_for_selector(".geo-rv-picked:has-text('ليبيا')")
    until(notebook, COUNTRIES, "['LY', 'LY'] [False, False] 0")

    lines = (notebook.folder / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["field"] for line in lines] == ["place", "place", "undo", "undo"]
    press(notebook, "j", "k", "x", "u")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells, "the notebook must not take the keys"
    assert page.evaluate("document.activeElement.closest('.geo-rv') !== null")
    assert notebook.errors == []
    assert notebook.outside == []


def test_a_notebook_that_is_not_trusted_says_what_to_do(open_notebook: Any) -> None:
    first = open_notebook(CELLS)
    first.run_all()
    first.page.wait_for_selector(".geo-rv .geo-rv-article mark")
    first.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    first.page.wait_for_timeout(1500)
    saved = first.folder / "made.ipynb"
    assert "widget-view+json" in saved.read_text(encoding="utf-8")
    elsewhere = first.folder.parent / "from-elsewhere.ipynb"
    text = saved.read_text(encoding="utf-8").replace("import geo", "import geo  # changed by another hand")
    elsewhere.write_text(text, encoding="utf-8")
    second = open_notebook(elsewhere)
    second.page.wait_for_selector(".jp-OutputArea-output")
    assert "run this cell in a trusted notebook" in second.page.locator(".jp-OutputArea").last.inner_text()
    assert second.page.locator(".geo-rv").count() == 0


def test_notebook_05_runs_and_its_widget_answers_a_key(
    open_notebook: Any, root: Path, tmp_path: Path
) -> None:
    notebook = open_notebook(root / "notebooks" / "05_review_and_correct.ipynb")
    notebook.run_all()
    assert notebook.complaints() == []
    widget = notebook.page.locator(".geo-rv").first
    widget.scroll_into_view_if_needed()
    widget.focus()
    notebook.page.wait_for_timeout(500)
    notebook.page.screenshot(path=str(Path(os.environ.get("GEO_PICTURES", tmp_path)) / "review.png"))
    ask = "print(len(widget.corrections()), [m.place.country for m in widget.document.mentions if m.place])"
    until(notebook, ask, "1 ['LB', 'RU', 'LB']")
    press(notebook, "u")
    until(notebook, ask, "0 ['LY', 'RU', 'LY']")
    assert notebook.map_frame().locator(".leaflet-container").count() == 1
    assert notebook.errors == []
    assert notebook.outside == []
