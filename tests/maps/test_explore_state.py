"""The address of the page, the downloads, and text that attacks either."""

import csv
import importlib.util
import io
import json
from pathlib import Path

import pytest

from geo.maps import event_map

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = pytest.mark.browser

SAID = "document.querySelector('.geo-time-said').textContent"
ROWS = "[...document.querySelectorAll('.geo-lists button.geo-item')].map(one => +one.dataset.row)"
HASH = "decodeURIComponent(location.hash)"
HOSTILE = "<img src=x onerror=window.__x=1>{{7*7}}`${window.__x=2}`\u202e&#\"'"


def until(page, script, wanted):
    """Wait until a script gives a value; the page's policy forbids Playwright to wait inside it."""
    for _ in range(100):
        if (seen := page.evaluate(script)) == wanted:
            return
        page.wait_for_timeout(50)
    assert seen == wanted


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "map.html"
    event_map(
        synthetic.make_events(), synthetic.make_mentions(), title="عنوان", basemap=None, language="en"
    ).save(path)
    return path


@pytest.fixture
def watched(open_file, saved):
    return open_file(saved)


def choose(page, facet, text):
    page.evaluate("document.querySelectorAll('.geo-filters, .geo-facet').forEach(one => one.open = true)")
    box = page.locator(f"input[data-facet={facet}][data-value='{text}']")
    if not box.count():
        page.click(f".geo-facet[data-facet={facet}] .geo-textual")
    box.check()


# --- the address --------------------------------------------------------------------------------------------
def test_view_window_filters_search_layers_and_language_are_in_the_address(watched, browser):
    page = watched.page
    choose(page, "type", "visit")
    choose(page, "type", "meeting")
    choose(page, "actors", "الوفد")
    page.locator("input[data-facet=confidence]").fill("0.5")
    page.fill(".geo-search-box", "طرابلس")
    page.locator("[data-handle=from]").focus()
    page.keyboard.press("ArrowRight")
    page.click(".geo-time-undated")
    page.evaluate("document.querySelector('.geo-layers').open = true")
    page.check("[data-layer=mentions]")
    page.click("[data-tool=language]")
    page.evaluate("document.querySelector('.leaflet-control-zoom-in').click()")
    page.wait_for_timeout(800)
    shown = page.evaluate(HASH)
    for part in ("time=2009-01-01..", "undated=0", "type=visit,meeting", "actors=الوفد", "confidence=0.5",
                 "q=طرابلس", "mentions", "lang=ar", "at="):  # fmt: skip
        assert part in shown
    again = browser.new_context(offline=True)
    other = again.new_page()
    other.set_default_timeout(5000)
    other.goto(page.url)
    until(other, ROWS, [1])
    assert other.evaluate("document.documentElement.lang") == "ar"
    assert other.evaluate(SAID) == "من 2009 إلى 2017"
    assert other.input_value(".geo-search-box") == "طرابلس"
    assert other.is_checked("[data-layer=mentions]")
    assert other.get_attribute(".geo-time-undated", "aria-pressed") == "false"
    other.wait_for_timeout(500)
    assert other.evaluate(HASH) == shown
    again.close()
    watched.calm()


def test_the_open_event_is_in_the_address(watched, browser):
    page = watched.page
    page.click("button.geo-item[data-row='2']")
    until(page, f"{HASH}.includes('event=e3')", True)
    again = browser.new_context(offline=True)
    other = again.new_page()
    other.goto(page.url)
    other.locator(".geo-popup .geo-card").wait_for()
    assert "2008" in other.locator(".geo-popup blockquote").inner_text()
    again.close()
    page.locator(".geo-popup").focus()
    page.keyboard.press("Escape")
    until(page, f"{HASH}.includes('event=')", False)
    watched.calm()


def test_back_and_forward_go_through_what_was_chosen(watched):
    page = watched.page
    choose(page, "type", "protest")
    until(page, f"{HASH}.includes('type=protest')", True)
    choose(page, "type", "clash")
    until(page, f"{HASH}.includes('clash')", True)
    assert len(page.evaluate(ROWS)) == 3
    page.evaluate("history.back()")
    until(page, f"{ROWS}.length", 2)
    page.evaluate("history.back()")
    until(page, f"{ROWS}.length", 14)
    page.evaluate("history.forward()")
    until(page, f"{ROWS}.length", 2)
    assert page.is_checked("input[data-facet=type][data-value=protest]")
    watched.calm()


@pytest.mark.parametrize(
    "fragment",
    [
        "#",
        "#geo-side",
        "#v=2&type=protest",
        "#v=1&at=a,b,c&time=never..ever&confidence=lots&event=none&layers=x&lang=fr&type=unheard_of",
        "#v=1&q=%E0%A4%A",
        "#v=1&at=91,0,3&at=1&&&==&type",
        "#v=1&time=9999999-99-99..&event=row99999",
        "#" + "a" * 5000,
    ],
)
def test_a_bad_address_is_ignored(watched, saved, fragment):
    page = watched.page
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    page.wait_for_timeout(400)
    assert len(page.evaluate(ROWS)) == 14
    assert page.locator(".geo-sign").count() > 3
    watched.calm()


def test_an_address_from_elsewhere_runs_nothing(open_file, saved):
    watched = open_file(saved)
    page = watched.page
    page.evaluate("text => { location.hash = '#v=1&q=' + encodeURIComponent(text); }", HOSTILE)
    until(page, f"{ROWS}.length", 0)
    assert page.input_value(".geo-search-box") == HOSTILE
    assert page.evaluate("window.__x") is None
    assert page.locator("img").count() == 0
    watched.calm()


def test_a_map_inside_a_notebook_has_no_address_and_no_errors(browser, tmp_path):
    frame = event_map(synthetic.make_events(), title="عنوان", basemap=None)._repr_html_()
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame}", encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(outer.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator(".geo-search-box").fill("سرت")
    inside.locator(".geo-sign").first.wait_for()
    assert inside.locator("[data-act=copy_link]").count() == 0
    assert inside.locator("[data-act=download_csv]").count() == 1
    page.wait_for_timeout(800)
    assert errors == []
    assert page.url == outer.as_uri()
    context.close()


# --- downloads ----------------------------------------------------------------------------------------------
def fetched(page, act):
    if not page.evaluate("document.querySelector('.geo-menu').open"):
        page.click(".geo-menu > summary")
    with page.expect_download() as waiting:
        page.click(f"[data-act={act}]")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_geojson_holds_the_events_shown(watched):
    page = watched.page
    choose(page, "type", "protest")
    choose(page, "type", "mediation")
    name, content = fetched(page, "download_geojson")
    assert name == "عنوان.geojson"
    made = json.loads(content.decode("utf-8"))
    assert [feature["properties"]["event_id"] for feature in made["features"]] == ["e4", "e10", "e12"]
    assert made["features"][0]["geometry"] == {"type": "Point", "coordinates": [13.19, 32.89]}
    assert made["features"][1]["geometry"] is None
    about = made["features"][0]["properties"]
    assert about["place_text"] == "طرابلس"
    assert about["candidates"][1]["country"] == "LB"
    assert about["attribution"] == synthetic.GEONAMES
    assert page.inner_text(".geo-said") == "File saved: عنوان.geojson"
    watched.calm()


def test_csv_opens_in_excel_and_runs_no_formula(open_file, tmp_path):
    rows = synthetic.event_rows()
    bad = ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(A1)", "\t=1", 'a "quoted", cell\nof two lines']
    for row, text in zip(rows, bad, strict=False):
        row["doc_title"] = text
    rows[0]["geometry"] = synthetic.point(-17.44, 14.69)
    path = tmp_path / "map.html"
    event_map(synthetic.make_events(rows), title="=عنوان/..\\", basemap=None, language="en").save(path)
    watched = open_file(path)
    name, content = fetched(watched.page, "download_csv")
    assert name == "عنوان.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(table) == 14
    assert [row["doc_title"] for row in table[:5]] == [f"'{text}" for text in bad[:5]]
    assert table[5]["doc_title"] == bad[5]
    assert table[0]["lon"] == "-17.44"
    assert table[9]["lon"] == ""
    assert json.loads(table[1]["actors"]) == [{"text": "الوفد", "role": "source", "country": "RU"}]
    watched.calm()


def test_the_link_is_copied(browser, saved):
    context = browser.new_context(offline=True, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(5000)
    page.goto(saved.as_uri())
    choose(page, "type", "protest")
    page.locator(".geo-menu > summary").focus()
    page.keyboard.press("Enter")
    page.locator("[data-act=copy_link]").focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.geo-said').textContent", "Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(saved.as_uri() + "#v=1")
    assert "type=protest" in link
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('.geo-menu').open")
    context.close()


def test_hostile_text_in_filters_search_and_downloads_is_only_text(open_file, tmp_path):
    rows = synthetic.event_rows()[:4]
    for row, kind in zip(rows, ["a", "b", "c", "d"], strict=True):
        row.update(
            type=HOSTILE + kind,
            doc_publisher=HOSTILE + kind,
            doc_title=HOSTILE,
            modality=HOSTILE,
            date_start=HOSTILE if kind == "a" else row["date_start"],
            actors=[synthetic.actor(HOSTILE + kind, HOSTILE)],
        )
    path = tmp_path / "map.html"
    event_map(synthetic.make_events(rows), title=HOSTILE, basemap=None, language="en").save(path)
    watched = open_file(path)
    page = watched.page
    page.evaluate("document.querySelectorAll('.geo-filters, .geo-facet').forEach(one => one.open = true)")
    said = page.locator(".geo-facet[data-facet=actors] .geo-choice bdi").first.evaluate(
        "node => node.textContent"
    )
    assert said == HOSTILE.replace("\u202e", "[U+202E]") + "a"
    page.locator("input[data-facet=source]").nth(1).check()
    until(page, ROWS, [1])
    page.fill(".geo-search-box", HOSTILE)
    page.wait_for_timeout(500)
    _, content = fetched(page, "download_geojson")
    assert json.loads(content)["features"][0]["properties"]["doc_title"] == HOSTILE
    assert page.evaluate("window.__x") is None
    assert page.locator("img").count() == 0
    watched.calm()
