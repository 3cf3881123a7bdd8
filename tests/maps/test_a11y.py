"""What readers with a keyboard or a screen reader meet: axe-core on every state of the page, focus, names."""

import importlib.util
from pathlib import Path

import pytest

from geo.maps import event_map, save_map

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = pytest.mark.browser

STATES = {
    "start": [],
    "card": ["button.geo-item[data-row='0']"],
    "layers": [".geo-layers summary", "[data-layer=doubtful]", "[data-layer=mentions]"],
    "unlocated": [".geo-unlocated button.geo-item"],
    "filters": [".geo-filters > summary", ".geo-facet > summary"],
    "table": ["[data-tool=table]"],
}


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    return Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def faults(page, axe):
    """Return what axe-core calls serious or critical, each with the first nodes it concerns."""
    page.evaluate(axe + "\n;0")
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [
        (fault["id"], [(node["html"][:160], node["failureSummary"][-200:]) for node in fault["nodes"][:4]])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def open_as(browser, tmp_path):
    """Return a function that opens a page in a language, a theme and a size."""
    contexts = []

    def open_it(language="ar", theme="light", width=1280, height=800, basemap="natural-earth"):
        made = event_map(
            synthetic.make_events(),
            synthetic.make_mentions(),
            title="عنوان",
            language=language,
            basemap=basemap,
        )
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.goto(save_map(made, tmp_path / f"{language}.html").as_uri())
        page.wait_for_selector(".geo-event")
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_no_serious_fault(open_as, axe, language, theme):
    page = open_as(language, theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    for state, clicks in STATES.items():
        for click in clicks:
            page.locator(click).first.click()
        page.wait_for_timeout(250)
        assert faults(page, axe) == [], state
        page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_a_phone(open_as, axe, theme):
    page = open_as("ar", theme, width=390, height=844)
    assert faults(page, axe) == []
    page.click(".geo-handle")
    page.wait_for_timeout(350)
    assert faults(page, axe) == []
    page.click("[data-tool=table]")
    assert faults(page, axe) == []


def test_links_at_the_top_jump_to_the_list_and_to_the_map(open_as):
    page = open_as("en", basemap=None)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the list of events"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "geo-side"
    page.locator(".geo-skip").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "geo-stage"


def test_the_page_has_landmarks_with_names_and_one_heading(open_as):
    page = open_as("en", basemap=None)
    for role in ("banner", "main", "complementary"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("region", name="Map", exact=True).count() == 1
    assert page.locator("h1").count() == 1
    assert page.get_by_role("status").count() >= 1
