"""The examples for people who write scripts are run: what the pages show is what comes out."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.cli import main

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```py(?:con|thon)\n(>>> .*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "page", ["README.md", "docs/how-to/geopy.md", "docs/how-to/chain.md", "docs/how-to/columns.md"]
)
def test_the_examples_of_a_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert blocks, "a page for scripts has examples"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GEO_HOME", str(tmp_path))
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)
    told: list[str] = []
    failed = doctest.DocTestRunner().run(example, out=told.append).failed
    assert not failed, "".join(told)


def test_the_lookup_of_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_HOME", str(tmp_path))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"^\$ geo (lookup .*)\n((?:.+\n)+?)\.\.\.$", text, re.MULTILINE)
    assert shown is not None
    told = CliRunner().invoke(main, shown[1].split()).stdout
    assert told.startswith(shown[2])


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "gazetteer/README.md", "notebooks/README.md"]
)
def test_links_outside_the_site_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    linked = {
        link for link in re.findall(r"\]\(([^)#\s]+)", text) if not link.startswith(("http", "mailto:"))
    }
    assert [link for link in sorted(linked) if not ((ROOT / page).parent / link).exists()] == []


def test_every_notebook_is_in_their_index() -> None:
    index = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    assert [book.name for book in (ROOT / "notebooks").glob("*.ipynb") if f"({book.name})" not in index] == []
