"""The saved page in a browser without a network."""

import importlib.util
from pathlib import Path

import folium
import pytest

from geo.maps import EventLayer, event_map

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(show):
    shown = show(event_map(synthetic.make_events(), synthetic.make_mentions(), title="عنوان", basemap=None))
    shown.page.click(".geo-layers summary")
    return shown


def signs(page, kind="event"):
    return page.locator(f".geo-{kind}")


def test_page_asks_for_nothing_and_complains_of_nothing(show):
    watched = show(event_map(synthetic.make_events(), synthetic.make_mentions(), title="عنوان"))
    watched.page.wait_for_timeout(300)
    watched.calm()
    policy = watched.page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert watched.page.evaluate("document.head.firstElementChild.httpEquiv") == "Content-Security-Policy"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_page_has_language_direction_and_title(show, language, direction):
    watched = show(event_map(synthetic.make_events(), title="عنوان الخريطة", language=language, basemap=None))
    page = watched.page
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        direction,
    ]
    assert page.title() == "عنوان الخريطة"
    assert page.locator("h1").inner_text() == "عنوان الخريطة"
    assert page.evaluate("getComputedStyle(document.querySelector('.geo-app')).direction") == direction
    watched.calm()


def test_click_opens_the_card_with_its_evidence(watched):
    page = watched.page
    page.get_by_role("button", name="اشتباك").first.click(force=True)
    card = page.locator(".geo-popup .geo-card")
    card.wait_for()
    assert card.locator("h3").inner_text() == "قرب سرت"
    assert "Sirte" in card.inner_text()
    quote = card.locator("blockquote")
    assert quote.inner_text() == "اندلعت اشتباكات عنيفة قرب سرت فجر 3 مارس 2017."
    assert quote.locator("mark").all_inner_texts() == ["اشتباكات", "قرب سرت"]
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.geo-popup blockquote')).direction") == "rtl"
    )
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.geo-popup .geo-card')).textAlign") == "start"
    )
    text = card.inner_text()
    assert "فجر 3 مارس 2017" in text
    assert "2017-03-03" in text
    assert "UCDP 2 · ACLED 2" in text
    assert "0.83" in text
    assert "عالية" in text
    link = card.locator("a")
    assert link.get_attribute("href") == "https://example.org/articles/1"
    assert link.get_attribute("rel") == "noopener noreferrer"
    watched.calm()


def test_enter_opens_and_escape_closes_and_focus_returns(watched):
    page = watched.page
    sign = page.locator(".geo-event").first
    assert sign.get_attribute("tabindex") == "0"
    assert sign.get_attribute("role") == "button"
    assert sign.get_attribute("aria-label")
    sign.focus()
    page.keyboard.press("Enter")
    page.locator(".geo-popup .geo-card").wait_for()
    page.keyboard.press("Escape")
    page.locator(".geo-popup").wait_for(state="detached")
    assert page.evaluate("document.activeElement.classList.contains('geo-sign')")
    watched.calm()


def test_events_at_one_point_fan_out(watched):
    page = watched.page
    cluster = signs(page, "cluster").filter(has_text="3").first
    before = signs(page).count()
    cluster.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert signs(page).count() == before + 3
    assert page.evaluate("document.activeElement.classList.contains('geo-event')")
    boxes = [box.bounding_box() for box in signs(page).all()]
    assert len({(round(box["x"]), round(box["y"])) for box in boxes}) == len(boxes)
    page.keyboard.press("Escape")
    assert signs(page).count() == before
    assert page.evaluate("document.activeElement.classList.contains('geo-cluster')")
    watched.calm()


def test_doubtful_events_are_off_until_asked_for_and_named(watched):
    page = watched.page
    assert page.locator(".geo-event-doubtful").count() == 0
    page.check("[data-layer=doubtful]")
    assert page.locator(".geo-event-doubtful").count() == 1
    page.locator(".geo-event-doubtful").click(force=True)
    assert "مخطط له" in page.locator(".geo-popup .geo-kind").inner_text()
    watched.calm()


def test_mentioned_places_are_off_until_asked_for(watched):
    page = watched.page
    assert signs(page, "mention").count() == 0
    page.check("[data-layer=mentions]")
    labels = [sign.get_attribute("aria-label") for sign in signs(page, "mention").all()]
    assert sorted(label.split(" · ")[1] for label in labels) == sorted(["طبرق", "قبرص", "مصراتة"])
    page.get_by_role("button", name="طبرق").last.click(force=True)
    card = page.locator(".geo-popup .geo-card-mention")
    assert "اسم مؤسسة مقرها هنا" in card.inner_text()
    assert card.locator("mark").inner_text() == "طبرق"
    watched.calm()


def test_layers_can_be_hidden_and_clusters_follow(watched):
    page = watched.page
    shapes = page.locator(".leaflet-geo-footprints-pane path")
    assert shapes.count() > 0
    page.uncheck("[data-layer=footprints]")
    assert shapes.count() == 0
    page.uncheck("[data-layer=events]")
    assert page.locator(".geo-event-events").count() == 0
    assert page.locator(".geo-event-journeys").count() == 2
    watched.calm()


def test_a_country_is_hatched_and_never_a_bare_dot(watched):
    page = watched.page
    fills = page.eval_on_selector_all(
        ".leaflet-geo-footprints-pane path", "nodes => nodes.map(node => node.getAttribute('fill'))"
    )
    assert "url(#geo-hatch-protest)" in fills
    assert page.locator("pattern#geo-hatch-protest").count() == 1


def test_list_and_map_are_linked_both_ways(watched):
    page = watched.page
    page.click("button.geo-item[data-row='2']")
    assert page.locator(".geo-popup h3").inner_text() == "طرابلس"
    assert "2008" in page.locator(".geo-popup blockquote").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="محافظة إدلب").last.click(force=True)
    current = page.locator("button.geo-item[aria-current]")
    assert current.count() == 1
    page.click("button.geo-fit")
    watched.calm()


def test_events_without_a_place_are_listed_and_never_drawn(watched):
    page = watched.page
    section = page.locator(".geo-unlocated")
    assert section.locator("button.geo-item").count() == 2
    button = section.locator("button.geo-item").first
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert section.locator(".geo-card h3").inner_text() == "لا يذكر النص أين وقع الحدث"
    page.check("[data-layer=doubtful]")
    drawn = page.evaluate("document.querySelectorAll('.geo-item').length")
    assert drawn == 14
    watched.calm()


def test_phone_shows_the_map_first_and_the_list_on_request(show):
    watched = show(event_map(synthetic.make_events(), title="عنوان", basemap=None), width=390, height=844)
    page = watched.page
    assert not page.locator(".geo-side").is_visible()
    page.click(".geo-handle")
    page.locator(".geo-side").wait_for(state="visible")
    page.locator(".geo-side").press("Escape")
    page.locator(".geo-side").wait_for(state="hidden")
    page.click(".geo-handle")
    page.locator(".geo-side").wait_for(state="visible")
    page.click("button.geo-item[data-row='7']")
    page.locator(".geo-popup").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    watched.calm()


def test_basemap_names_are_in_arabic(show):
    watched = show(event_map(synthetic.make_events(), title="عنوان"))
    assert "ليبيا" in watched.page.locator(".geo-name").all_inner_texts()
    watched.page.click(".geo-layers summary")
    watched.page.uncheck("[data-layer=labels]")
    assert watched.page.locator(".geo-name").count() == 0
    watched.page.uncheck("[data-layer=borders]")
    watched.calm()


def test_layer_works_in_an_ordinary_map(show):
    made = folium.Map(location=[30, 25], zoom_start=5, tiles=None)
    EventLayer(synthetic.make_events(), name="{{7*7}} <b>أحداث</b>", language="ar").add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    watched = show(made)
    page = watched.page
    assert page.locator(".geo-event").count() > 0
    assert "{{7*7}} <b>أحداث</b>" in page.locator(".leaflet-control-layers").inner_text()
    page.locator(".leaflet-control-layers-overlays input").uncheck()
    assert page.locator(".geo-event").count() == 0
    watched.calm()


def test_notebook_frame_works_without_a_network(browser, tmp_path):
    frame = event_map(synthetic.make_events(), title="عنوان", basemap=None)._repr_html_()
    assert "Make this Notebook" not in frame
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame}", encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(outer.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator(".geo-event").first.wait_for()
    assert errors == []
    context.close()
