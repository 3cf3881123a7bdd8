"""A page that is watched while it opens, without a network."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geo.maps import save_map


@dataclass
class Watched:
    """Hold a page and everything it asked for, said or failed at."""

    page: object
    requests: list = field(default_factory=list)
    console: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def calm(self):
        """Assert that nothing was fetched and nothing went wrong."""
        assert self.requests == []
        assert self.console == []
        assert self.errors == []


@pytest.fixture
def open_file(browser):
    """Return a function that opens a file with the network off and watches it."""
    contexts = []

    def open_it(path, width=1280, height=800):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        watched = Watched(page)
        address = Path(path).resolve().as_uri()
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((address, "blob:")) else watched.requests.append(request.url)
            ),
        )
        page.on(
            "console",
            lambda said: watched.console.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector(".leaflet-container")
        return watched

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def show(open_file, tmp_path):
    """Return a function that saves a map and opens it."""

    def show_it(made, **size):
        return open_file(save_map(made, tmp_path / "map.html"), **size)

    return show_it
