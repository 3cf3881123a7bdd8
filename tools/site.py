"""Hooks of the documentation site: pages that lie in folders, notebooks, links out of ``docs/``.

Called by MkDocs (``make docs``). Notebooks are run into ``out/notebooks`` and come into the site as they are,
with their maps working.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
RENDERED = ROOT / "out" / "notebooks"
MADE_FROM = (ROOT / "geo", ROOT / "notebooks" / "samples", ROOT / "docs" / "figures.json")
FOLDERS = {"How to": "how-to", "Decisions": "decisions"}
GROUP = ("The gazetteer", "gazetteer-")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_OUTSIDE = re.compile(r"\]\((?:\.\./)+((?!docs/)[\w./-]+)\)")
_CELL = re.compile(r"<(td|p)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_BODY = re.compile(r"(<body\b[^>]*>)")
BACK = r'\1<p style="margin:.6rem 1rem;font:14px sans-serif"><a href="../notebooks.html">← Notebooks</a></p>'
_REMOTE = re.compile(r"<script[^>]*\bsrc=\"https?://[^>]*></script>|<link[^>]*href=\"https?://[^>]*>")


def on_config(config: Any) -> Any:
    """Fill the sections that list the pages of a folder; pages about one thing are a section of their own."""
    docs = Path(config.docs_dir)
    for section in config.nav:
        for name, folder in FOLDERS.items():
            if name in section:
                found = sorted((docs / folder).glob("*.md"))
                pages = {page: {title(page): f"{folder}/{page.name}"} for page in found}
                grouped = [entry for page, entry in pages.items() if page.name.startswith(GROUP[1])]
                section[name] = [entry for entry in pages.values() if entry not in grouped]
                section[name] += [{GROUP[0]: grouped}] if grouped else []
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the rendered notebooks, running those that changed since the last time."""
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        files.append(File.generated(config, f"notebooks/{notebook.stem}.html", content=rendered(notebook)))
    files.append(File.generated(config, "notebooks.md", content=list_of_notebooks()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Show links to files outside the site as the path in the repository."""
    return _OUTSIDE.sub(r"] (`\1`)", markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Let cells and paragraphs that are mostly Arabic run from right to left."""
    return _CELL.sub(directed, html)


def directed(cell: re.Match[str]) -> str:
    """Return a cell or paragraph with the direction of most of its letters."""
    text = _TAG.sub("", cell[2])
    arabic = len(_ARABIC.findall(text))
    if arabic <= sum(character.isalpha() for character in text) / 2:
        return cell[0]
    return f'<{cell[1]} lang="ar" dir="rtl">{cell[2]}</{cell[1]}>'


def title(page: Path) -> str:
    """Return the heading of a page."""
    found = _TITLE.search(page.read_text(encoding="utf-8"))
    return found[1].replace("`", "") if found else page.stem


def list_of_notebooks() -> str:
    """Return the list that stands beside the notebooks, with links into the site."""
    text = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8").replace("(../docs/", "(")
    return re.sub(r"\((\w+)\.ipynb\)", r"(notebooks/\1.html)", text)


def newest(*paths: Path) -> float:
    """Return when any of the files, or of the files in the folders, was changed last."""
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]))
    return max(file.stat().st_mtime for file in files if file.suffix != ".pyc" and file.is_file())


def rendered(notebook: Path) -> str:
    """Return a notebook as one HTML page, run from top to bottom, that asks no other host for anything."""
    target = RENDERED / f"{notebook.stem}.html"
    if not target.exists() or target.stat().st_mtime < max(newest(notebook), newest(*MADE_FROM)):
        RENDERED.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--execute", "--log-level", "ERROR",
            "--HTMLExporter.mathjax_url=", "--HTMLExporter.require_js_url=", "--HTMLExporter.jquery_url=",
            "--HTMLExporter.mermaid_js_url=", "--ExecutePreprocessor.startup_timeout=180",
            "--output-dir", str(RENDERED), str(notebook),
        ]  # fmt: skip
        ran = subprocess.run(command, check=False, cwd=notebook.parent, capture_output=True, text=True)
        if ran.returncode:
            raise PluginError(f"{notebook.name} could not be run:\n{ran.stderr[-3000:]}")
        page = _REMOTE.sub("", target.read_text(encoding="utf-8"))
        target.write_text(_BODY.sub(BACK, page, count=1), encoding="utf-8")
    return target.read_text(encoding="utf-8")
