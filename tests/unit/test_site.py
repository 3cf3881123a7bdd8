"""The documentation site: built without a warning, and nothing in it comes from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data|poster)=[\"']?((?:https?:)?//[^\"'\s>]+)"
    r"|<link\b[^>]*?\brel=[\"']?(?:stylesheet|icon|preload|preconnect|modulepreload)\b[^>]*?\bhref=[\"']?((?:https?:)?//[^\"'\s>]+)"
    r"|(?:url\(|@import\s)\s*[\"']?((?:https?:)?//[^\"')\s]+)"
)
NOTEBOOK = "<!DOCTYPE html><html lang=en><head><title>A notebook</title></head><body>A notebook</body></html>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the site as `make docs` does, with a page that says nothing in place of each notebook."""
    pytest.importorskip("material", reason="mkdocs-material is not installed")
    pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        patch.chdir(ROOT)
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder))
        patch.setattr(config.hooks["tools/site.py"], "rendered", lambda notebook: NOTEBOOK)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)  # strict: a warning is an exception
        yield folder


def test_every_page_of_docs_is_in_the_site(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert pages <= {page.relative_to(site) for page in site.rglob("*.html")}
    home = (site / "index.html").read_text(encoding="utf-8")
    assert [str(page) for page in pages if f'href="{page}"' not in home and page.name != "index.html"] == []


def test_every_notebook_is_in_the_site_and_in_the_list(site: Path) -> None:
    listed = (site / "notebooks.html").read_text(encoding="utf-8")
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert (site / "notebooks" / f"{notebook.stem}.html").exists()
        assert f"notebooks/{notebook.stem}.html" in listed


def test_arabic_runs_from_right_to_left(site: Path) -> None:
    dates = (site / "dates.html").read_text(encoding="utf-8")
    assert '<td lang="ar" dir="rtl">14 شباط/فبراير 2017</td>' in dates
    assert "<td>two names of one month are one date</td>" in dates


def test_nothing_comes_from_another_host(site: Path) -> None:
    asked = {
        (str(file.relative_to(site)), "".join(found))
        for file in site.rglob("*")
        if file.suffix in (".html", ".css")
        for found in FETCHED.findall(file.read_text(encoding="utf-8"))
    }
    assert asked == set()


@pytest.mark.browser
def test_pages_opened_from_a_disk_ask_for_nothing_and_can_be_searched(site: Path, browser: Any) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    for name in ("features.html", "reference/python.html", "how-to/geopy.html", "index.html"):
        page.goto((site / name).as_uri())
        page.locator("h1").first.wait_for()
    page.locator(".md-search__input").first.click()
    page.locator(".md-search__input").first.press_sequentially("review widget")
    page.locator(".md-search-result__item").first.wait_for()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert wrong == []
    context.close()
