"""A real JupyterLab on this machine, driven by a browser: opens notebooks, runs them, asks their kernels.

The server runs with folders of its own for settings and data, on a free port, with a token. Skipped with a
word of what is missing where there is no JupyterLab or no Chromium.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

TOKEN = "of-this-test-only"
SECONDS_TO_START = 120
SECONDS_TO_RUN = 180
FOLDERS = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
)  # fmt: skip
SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}
"""No news, and every cell of a notebook in the page, also those that are out of sight."""
ASK = """
async (code) => {
  const { kernels, sessions } = window.jupyterapp.serviceManager;
  await sessions.refreshRunning();
  const path = window.jupyterapp.shell.currentWidget.context.path;
  const session = [...sessions.running()].find((running) => running.path === path);
  const kernel = kernels.connectTo({ model: session.kernel });
  const future = kernel.requestExecute({ code, store_history: false });
  let said = "";
  future.onIOPub = ({ content }) => {
    said += content.text ?? content.data?.["text/plain"] ?? "";
    if (content.ename) said += `${content.ename}: ${content.evalue}`;
  };
  await future.done;
  kernel.dispose();
  return said;
}
"""


@dataclass
class Server:
    """Hold where JupyterLab listens and which folder it serves."""

    url: str
    root: Path


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start JupyterLab, and stop it by its own process."""
    if importlib.util.find_spec("jupyterlab") is None:
        pytest.skip("JupyterLab is not installed: it comes with the extra 'lab'")
    home = tmp_path_factory.mktemp("lab")
    root = home / "notebooks"
    root.mkdir()
    environment = {**os.environ, **{name: str(home / name.lower()) for name in FOLDERS}}
    for name, settings in SETTINGS.items():
        path = Path(environment["JUPYTERLAB_SETTINGS_DIR"]) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=root)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", process, home / "server.log")
        yield Server(f"http://127.0.0.1:{port}", root)
    finally:
        _stop(process)


def _wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start; it said:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            continue


@dataclass
class Notebook:
    """Hold one notebook that is open in JupyterLab, and everything that went wrong in its page."""

    page: Any
    folder: Path
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def run_all(self) -> None:
        """Run all cells, and wait until each has run."""
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        dialog = self.page.locator(".jp-Dialog .jp-mod-accept")
        self.page.wait_for_timeout(500)
        if dialog.count():
            dialog.first.click()
        self.page.wait_for_function(
            r"""() => {
                const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")];
                const failed = document.querySelector('[data-mime-type="application/vnd.jupyter.error"]');
                const ran = prompts.every((prompt) => /^\[\d+\]/.test(prompt.textContent));
                return failed || (prompts.length && ran);
            }""",
            timeout=SECONDS_TO_RUN * 1000,
        )
        failed = self.page.locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()
        assert failed == [], "a cell failed"

    def ask(self, code: str) -> str:
        """Run code in the notebook's kernel, and return what it says."""
        return str(self.page.evaluate(ASK, code)).strip()

    def complaints(self) -> list[str]:
        """Return what the cells wrote to standard error, and their exceptions."""
        kinds = ("stderr", "error")
        found = [f'[data-mime-type="application/vnd.jupyter.{kind}"]' for kind in kinds]
        return list(self.page.locator(", ".join(found)).all_inner_texts())

    def map_frame(self) -> Any:
        """Return the frame in which a map of the notebook is shown."""
        for _ in range(600):
            for frame in self.page.frames:
                if frame != self.page.main_frame and frame.locator(".leaflet-container").count():
                    return frame
            self.page.wait_for_timeout(100)
        raise AssertionError("no frame of the page holds a map")


OpenNotebook = Callable[..., Notebook]


@pytest.fixture
def open_notebook(browser: Any, lab_server: Server, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Return a function that opens a copy of a notebook in JupyterLab, and waits until its kernel is idle.

    It takes the path of a notebook, or a list of the sources of cells; ``beside`` are files and folders that
    are copied next to it.
    """
    contexts = []

    def open_it(given: Path | list[str], *beside: Path, width: int = 1400, height: int = 1000) -> Notebook:
        folder = lab_server.root / f"{request.node.name[:40]}-{len(contexts)}"
        name = _place(given, folder, beside)
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        notebook = Notebook(page, folder)
        page.on("pageerror", lambda error: notebook.errors.append(str(error)))
        page.on("request", lambda asked: _watch(asked.url, notebook.outside))
        path = quote(f"{folder.name}/{name}")
        page.goto(f"{lab_server.url}/lab/tree/{path}?token={TOKEN}&reset", timeout=90_000)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        page.wait_for_function(
            """() => [...document.querySelectorAll(".jp-StatusBar-TextItem")]
                       .some((item) => item.textContent.includes("Idle"))""",
            timeout=90_000,
        )
        return notebook

    yield open_it
    for context in contexts:
        context.close()


def _place(given: Path | list[str], folder: Path, beside: tuple[Path, ...]) -> str:
    """Put a notebook and what it needs into a folder of its own, and return its name."""
    import nbformat

    folder.mkdir(parents=True)
    for path in beside:
        if path.is_dir():
            shutil.copytree(path, folder / path.name)
        else:
            shutil.copy(path, folder / path.name)
    if isinstance(given, Path):
        shutil.copy(given, folder / given.name)
        return given.name
    cells = [nbformat.v4.new_code_cell(source) for source in given]
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=about), folder / "made.ipynb")
    return "made.ipynb"


def _watch(url: str, outside: list[str]) -> None:
    """Note a request that leaves this machine."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost"):
        outside.append(url)
