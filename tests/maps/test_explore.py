"""The time bar, the filters and the search, used as a reader does: by mouse, by finger and by keyboard."""

import importlib.util
from pathlib import Path

import folium
import pytest

from geo.maps import EventLayer, event_map

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = pytest.mark.browser

TOTAL = 14
UNDATED = 7
FROM, TO, WINDOW = (f"[data-handle={name}]" for name in ("from", "to", "window"))


def dated(number, start, end=None, **cells):
    """Make a protest in Tripoli with a date of its own."""
    row = dict(synthetic.event_rows()[3])
    row.update(event_id=f"d{number}", date_start=start, date_end=end or start, date_text=start, **cells)
    return row


@pytest.fixture
def watched(show):
    return show(event_map(synthetic.make_events(), synthetic.make_mentions(), title="عنوان", basemap=None))


@pytest.fixture
def english(show):
    return show(event_map(synthetic.make_events(), title="Title", basemap=None, language="en"))


def listed(page):
    """Return the rows the list shows, in its order."""
    return page.eval_on_selector_all(".geo-lists button.geo-item", "all => all.map(one => +one.dataset.row)")


def on_map(page):
    """Return how many events the signs on the map stand for."""
    return page.evaluate(
        "[...document.querySelectorAll('.geo-sign')].reduce((sum, sign) =>"
        " sum + (sign.querySelector('.geo-count') ? +sign.querySelector('.geo-count').textContent : 1), 0)"
    )


def until(page, script, wanted):
    """Wait until a script gives a value; the page's policy forbids Playwright to wait inside it."""
    for _ in range(100):
        if (seen := page.evaluate(script)) == wanted:
            return
        page.wait_for_timeout(50)
    assert seen == wanted


SAID = "document.querySelector('.geo-time-said').textContent"
MARKS = "CSS.highlights.get('geo-hit')?.size ?? 0"


def opened(page):
    page.click(".geo-filters > summary")
    for name in ("actors", "source", "precision", "modality"):
        if page.locator(f".geo-facet[data-facet={name}]").count():
            page.click(f".geo-facet[data-facet={name}] > summary")
    return page


def value(facet, text):
    return f"input[data-facet={facet}][data-value='{text}']"


def count_of(page, facet, text):
    return int(page.locator(f".geo-choice:has({value(facet, text)}) .geo-number").inner_text())


def press(page, handle, *keys):
    page.locator(handle).focus()
    for key in keys:
        page.keyboard.press(key)


# --- time ---------------------------------------------------------------------------------------------------
def test_handles_are_sliders_with_names_and_words(english):
    page = english.page
    for handle, name in (
        (FROM, "Start of the window"),
        (TO, "End of the window"),
        (WINDOW, "Window in time"),
    ):
        slider = page.locator(handle)
        assert slider.get_attribute("role") == "slider"
        assert slider.get_attribute("aria-label") == name
        assert slider.get_attribute("tabindex") == "0"
        assert int(slider.get_attribute("aria-valuemin")) < int(slider.get_attribute("aria-valuemax"))
    assert page.locator(FROM).get_attribute("aria-valuetext") == "2008"
    assert page.locator(WINDOW).get_attribute("aria-valuetext") == "All times"
    english.calm()


def test_arrows_move_a_handle_and_the_list_the_map_and_the_title_follow(english):
    page = english.page
    before = on_map(page)
    press(page, FROM, "ArrowRight", "ArrowRight")
    assert page.locator(FROM).get_attribute("aria-valuetext") == "2010"
    assert page.inner_text(".geo-time-said") == "from 2010 to 2017"
    assert 2 not in listed(page)  # the meeting of 2008
    assert page.inner_text(".geo-total") == f"{TOTAL - 1} of {TOTAL} events"
    assert on_map(page) == before - 1
    press(page, FROM, "ArrowLeft", "ArrowLeft")
    assert page.inner_text(".geo-time-said") == "All times"
    assert len(listed(page)) == TOTAL
    english.calm()


def test_shift_goes_by_strides_and_home_and_end_to_the_ends(english):
    page = english.page
    press(page, FROM, "Shift+ArrowRight")
    assert page.locator(FROM).get_attribute("aria-valuetext") == "2017"
    press(page, FROM, "Home")
    assert page.locator(FROM).get_attribute("aria-valuetext") == "2008"
    press(page, TO, "Home")
    assert page.locator(TO).get_attribute("aria-valuetext") == "2008"
    press(page, WINDOW, "ArrowUp", "ArrowUp", "ArrowUp")
    assert page.inner_text(".geo-time-said") == "2011"
    press(page, WINDOW, "End")
    assert page.inner_text(".geo-time-said") == "2017"
    press(page, TO, "End")
    press(page, FROM, "Home")
    assert page.inner_text(".geo-time-said") == "All times"
    english.calm()


def test_in_arabic_time_runs_from_right_to_left_and_so_do_the_keys(watched):
    page = watched.page
    assert page.locator(FROM).bounding_box()["x"] > page.locator(TO).bounding_box()["x"]
    press(page, FROM, "ArrowLeft")
    assert page.locator(FROM).get_attribute("aria-valuetext") == "2009"
    assert page.inner_text(".geo-time-said") == "من 2009 إلى 2017"
    watched.calm()


def test_an_event_is_kept_where_the_window_touches_its_interval(english):
    page = english.page
    press(page, FROM, *["ArrowRight"] * 8)
    press(page, TO, "ArrowLeft")
    assert page.inner_text(".geo-time-said") == "2016"
    page.click(".geo-time-undated")
    assert listed(page) == [0]  # "about a year ago": some day of 2016
    english.calm()


def test_handles_window_and_brush_follow_the_mouse(english):
    page = english.page
    track = page.locator(".geo-time-track").bounding_box()
    middle = track["y"] + track["height"] / 2

    def drag(start, end):
        page.mouse.move(track["x"] + start * track["width"], middle)
        page.mouse.down()
        page.mouse.move(track["x"] + (start + end) / 2 * track["width"], middle, steps=3)
        page.mouse.move(track["x"] + end * track["width"], middle, steps=3)
        page.mouse.up()

    drag(0.999, 0.55)  # the right handle
    assert page.inner_text(".geo-time-said") == "from 2008 to 2013"
    drag(0.15, 0.35)  # the window
    assert page.inner_text(".geo-time-said") == "from 2010 to 2015"
    drag(0.95, 0.99)  # outside: a new window
    assert page.inner_text(".geo-time-said") == "2017"
    page.mouse.click(track["x"] + 0.05 * track["width"], middle)
    assert page.inner_text(".geo-time-said") == "2008"
    page.click("[data-act=all_time]")
    assert page.inner_text(".geo-time-said") == "All times"
    page.mouse.move(track["x"] + 0.05 * track["width"], middle)
    assert page.inner_text(".geo-time-hint") == "2008: one event"
    english.calm()


def test_a_finger_chooses_a_bin(browser, tmp_path):
    path = tmp_path / "map.html"
    event_map(synthetic.make_events(), basemap=None, language="en").save(path)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.tap("[data-act=fold_time]")
    track = page.locator(".geo-time-track").bounding_box()
    page.touchscreen.tap(track["x"] + 0.08 * track["width"], track["y"] + 20)
    assert page.inner_text(".geo-time-said") == "2008"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


def test_undated_events_have_a_bin_that_can_be_switched(watched):
    page = watched.page
    button = page.locator(".geo-time-undated")
    assert button.locator(".geo-time-count").inner_text() == str(UNDATED)
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert len(listed(page)) == TOTAL - UNDATED
    button.focus()
    page.keyboard.press("Enter")
    assert len(listed(page)) == TOTAL
    watched.calm()


def test_from_1955_to_tomorrow_nothing_is_lost(show):
    rows = [dated(0, "1955-05-14"), dated(1, "1991-12-26"), dated(2, "2001-09-09"), dated(3, "2026-11-26")]
    rows += [dated(4 + step, f"2011-0{1 + step % 9}-1{step % 9}") for step in range(60)]
    watched = show(event_map(synthetic.make_events(rows), basemap=None, language="en"))
    page = watched.page
    early, late = page.locator(".geo-time-before"), page.locator(".geo-time-after")
    assert [early.locator(".geo-time-count").inner_text(), late.locator(".geo-time-count").inner_text()] == [
        "3",
        "1",
    ]
    assert page.inner_text(".geo-total") == "64 events"
    early.click()
    assert not early.is_visible()
    assert not late.is_visible()
    press(page, TO, "Home")
    assert page.inner_text(".geo-time-said") == "1955"
    assert listed(page) == [0]
    press(page, WINDOW, "End")
    assert page.inner_text(".geo-time-said") == "2026"
    assert listed(page) == [3]
    watched.calm()


def test_the_axis_zooms_to_months_and_days_by_button_and_wheel(english):
    page = english.page
    chart = "document.querySelector('.geo-time-marks').textContent"
    years = page.evaluate(chart)
    for _ in range(4):
        page.click("[data-act=time_in]")
    assert page.evaluate(chart) != years
    press(page, FROM, "ArrowRight")
    assert len(page.locator(FROM).get_attribute("aria-valuetext").split()) == 2  # a month and its year
    page.click("[data-act=time_all]")
    assert page.evaluate(chart) == years
    page.hover(".geo-time-track")
    page.mouse.wheel(0, -400)
    until(page, f"{chart} !== {years!r}", True)
    page.click("[data-act=time_out]")
    english.calm()


def test_play_moves_the_window_to_the_end_and_pauses(english):
    page = english.page
    page.select_option(".geo-time-speed", "4")
    play = page.locator(".geo-time-play")
    assert play.get_attribute("aria-label") == "Play"
    play.focus()
    page.keyboard.press("Space")
    assert play.get_attribute("aria-label") == "Pause"
    until(page, f"Number({SAID}) >= 2009", True)
    play.click()
    said = page.inner_text(".geo-time-said")
    page.wait_for_timeout(400)
    assert page.inner_text(".geo-time-said") == said
    play.click()
    until(page, SAID, "2017")
    until(page, "document.querySelector('.geo-time-play').ariaLabel", "Play")
    english.calm()


def test_play_takes_few_long_steps_where_little_motion_is_wanted(browser, tmp_path):
    path = tmp_path / "map.html"
    event_map(synthetic.make_events(), basemap=None, language="en").save(path)
    context = browser.new_context(reduced_motion="reduce", offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.click(".geo-time-track", position={"x": 35, "y": 20})
    press(page, TO, "ArrowRight")
    assert page.inner_text(".geo-time-said") == "from 2008 to 2009"
    page.select_option(".geo-time-speed", "4")
    page.click(".geo-time-play")
    until(page, SAID, "from 2010 to 2011")
    context.close()


def test_the_bar_folds_and_is_folded_on_a_phone(show, english):
    page = english.page
    assert page.locator(".geo-time-bar").is_visible()
    page.click("[data-act=fold_time]")
    assert not page.locator(".geo-time-bar").is_visible()
    assert page.locator("[data-act=fold_time]").get_attribute("aria-expanded") == "false"
    phone = show(event_map(synthetic.make_events(), basemap=None), width=390, height=844).page
    assert not phone.locator(".geo-time-bar").is_visible()
    phone.click("[data-act=fold_time]")
    assert phone.locator(".geo-time-bar").is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_map_of_places_has_no_time_bar(show):
    frame = synthetic.make_events()[["place_text", "name", "geometry"]].rename(
        columns={"place_text": "query"}
    )
    watched = show(event_map(frame.dropna(subset="query"), basemap=None))
    assert watched.page.locator(".geo-time").count() == 0
    watched.calm()


# --- filters ------------------------------------------------------------------------------------------------
def test_every_filter_filters_and_counts_say_what_it_gives(watched):
    page = opened(watched.page)
    for facet, text, rows in (
        ("type", "protest", [3, 11]),
        ("actors", "الوفد", [1]),
        ("precision", "2", [7]),
        ("modality", "requested", [9]),
    ):
        assert count_of(page, facet, text) == len(rows)
        page.check(value(facet, text))
        assert sorted(listed(page)) == rows
        page.uncheck(value(facet, text))
    assert len(listed(page)) == TOTAL
    watched.calm()


def test_counts_are_given_the_other_filters_and_all_can_be_cleared(watched):
    page = opened(watched.page)
    page.check(value("type", "protest"))
    assert count_of(page, "type", "clash") == 1  # another type can still be added
    assert count_of(page, "precision", "2") == 0
    assert count_of(page, "precision", "6") == 1
    page.check(value("type", "clash"))
    assert count_of(page, "precision", "2") == 1
    assert page.inner_text(".geo-filters > summary .geo-number") == "1"
    page.fill(".geo-search-box", "سرت")
    page.click(".geo-time-undated")
    page.locator(".geo-clear").focus()
    page.keyboard.press("Enter")
    assert len(listed(page)) == TOTAL
    assert not page.locator(".geo-clear").is_visible()
    assert not page.locator(value("type", "protest")).is_checked()
    assert page.input_value(".geo-search-box") == ""
    watched.calm()


def test_confidence_is_a_slider_for_mouse_and_keys(english):
    page = opened(english.page)
    slider = page.locator("input[data-facet=confidence]")
    slider.focus()
    for _ in range(17):
        page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0.85 or more"
    assert sorted(listed(page)) == [1, 4, 13]
    slider.fill("0")
    assert len(listed(page)) == TOTAL
    english.calm()


def test_sources_are_told_apart(show):
    rows = synthetic.event_rows()
    for row in rows[:3]:
        row["doc_publisher"] = "مرصد الشاطئ"
    watched = show(event_map(synthetic.make_events(rows), basemap=None))
    page = opened(watched.page)
    page.check(value("source", "مرصد الشاطئ"))
    assert sorted(listed(page)) == [0, 1, 2]
    watched.calm()


def test_choosing_what_is_not_asserted_shows_it_on_the_map(watched):
    page = opened(watched.page)
    assert not page.is_checked("[data-layer=doubtful]")
    page.check(value("modality", "planned"))
    assert page.is_checked("[data-layer=doubtful]")
    assert page.locator(".geo-event-doubtful").count() == 1
    assert on_map(page) == 1
    watched.calm()


def test_long_lists_of_values_are_cut_and_searched(show):
    rows = [dated(step, "2011-01-01", actors=[synthetic.actor(f"طرف {step:02d}")]) for step in range(30)]
    watched = show(event_map(synthetic.make_events(rows), basemap=None))
    page = watched.page
    page.click(".geo-filters > summary")
    page.click(".geo-facet[data-facet=actors] > summary")
    block = page.locator(".geo-facet[data-facet=actors]")
    assert block.locator(".geo-choice").count() == 8
    block.locator(".geo-textual").click()
    assert block.locator(".geo-choice").count() == 30
    block.locator(".geo-textual").click()
    block.locator(".geo-find").fill("27")
    assert block.locator(".geo-choice").count() == 1
    block.locator("input[type=checkbox]").check()
    block.locator(".geo-find").fill("")
    assert block.locator(".geo-choice").count() == 9  # what is chosen stays in sight
    assert listed(page) == [27]
    watched.calm()


def test_clusters_footprints_list_and_table_follow_one_filter(watched):
    page = opened(watched.page)
    page.check(value("type", "deployment"))
    assert on_map(page) == 1
    assert page.inner_text(".geo-signs [data-group=force] .geo-number") == "1"
    assert page.inner_text(".geo-signs [data-group=protest] .geo-number") == "0"
    assert page.locator(".leaflet-geo-footprints-pane path").count() == 1
    assert listed(page) == [6]
    page.check(value("type", "visit"))
    page.check(value("type", "meeting"))
    page.check(value("type", "protest"))
    assert on_map(page) == 5
    assert page.evaluate("document.querySelector('.geo-cluster .geo-count').textContent") == "3"
    watched.calm()


# --- search -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("اجدابيا", [0]),
        ("أجـدابِيا", [0]),
        ("قبرص", [5]),
        ("السواحل", [6]),
        ("واحل", []),
        ("بطرابلس", [1, 2, 3]),
        ("محافظه ادلب", [13]),
        ("احتجاج", [3, 11]),
        ("Tripoli", [1, 2, 3]),
        ("airlift", [4]),
        ("ajda", [0]),
        ("القوات البحريه", [6]),
        ("لا شيء كهذا", []),
    ],
)
def test_search_takes_every_spelling(watched, query, rows):
    page = watched.page
    page.fill(".geo-search-box", query)
    rows_shown = "[...document.querySelectorAll('.geo-lists button.geo-item')].map(one => +one.dataset.row)"
    until(page, f"{rows_shown}.sort((a, b) => a - b)", rows)
    watched.calm()


def test_hits_are_marked_enter_goes_to_the_first_and_escape_clears(watched):
    page = watched.page
    page.locator(".geo-search-box").focus()
    page.keyboard.type("طرابلس")
    page.keyboard.press("Enter")
    card = page.locator(".geo-popup .geo-card")
    card.wait_for()
    assert "2008" in card.inner_text()  # the first by date
    until(page, f"({MARKS}) >= 7", True)
    marked = page.evaluate("[...CSS.highlights.get('geo-hit')].map(String)")
    assert set(marked) == {"طرابلس"}
    page.locator(".geo-search-box").focus()
    page.keyboard.press("Escape")
    assert page.input_value(".geo-search-box") == ""
    assert len(listed(page)) == TOTAL
    until(page, MARKS, 0)
    assert page.get_by_role("searchbox", name="ابحث في الأحداث").count() == 1
    watched.calm()


# --- any other map ------------------------------------------------------------------------------------------
def test_the_parts_stand_in_controls_on_any_map(show):
    made = folium.Map(location=[30, 25], zoom_start=5, tiles=None)
    EventLayer(synthetic.make_events(), name="Events", language="en", timeline=True, filters=True).add_to(
        made
    )
    folium.LayerControl(collapsed=False).add_to(made)
    watched = show(made)
    page = watched.page
    page.fill(".geo-control-explore .geo-search-box", "قبرص")
    until(page, "document.querySelectorAll('.geo-sign').length", 1)
    page.click(".geo-results button.geo-item")
    assert page.locator(".geo-popup h3").inner_text() == "جنوبي قبرص"
    assert page.inner_text(".geo-control-total") == "1 of 14 events"
    page.fill(".geo-control-explore .geo-search-box", "")
    until(page, "document.querySelectorAll('.geo-sign').length > 1", True)
    press(page, FROM, "ArrowRight")
    assert page.inner_text(".geo-time-said") == "from 2009 to 2017"
    page.click(".geo-control-explore .geo-filters > summary")
    page.check(value("type", "clash"))
    assert page.inner_text(".geo-control-total").startswith("1 of 14")
    page.locator(".leaflet-control-layers-overlays input").uncheck()
    page.locator(".geo-control-time").wait_for(state="hidden")
    assert not page.locator(".geo-control-explore").is_visible()
    watched.calm()


def test_a_layer_without_the_options_has_no_controls(show):
    made = folium.Map(location=[30, 25], zoom_start=5, tiles=None)
    EventLayer(synthetic.make_events(), language="en").add_to(made)
    page = show(made).page
    assert page.locator(".geo-time, .geo-search, .geo-filters").count() == 0
    assert page.evaluate("location.hash") == ""


def test_too_many_events_at_one_point_are_listed(show):
    rows = [dated(step, f"2011-01-{1 + step % 28:02d}") for step in range(90)]
    watched = show(event_map(synthetic.make_events(rows), basemap=None, language="en"))
    page = watched.page
    page.locator(".geo-cluster").press("Enter")
    pile = page.locator(".geo-popup .geo-pile")
    assert pile.locator("h3").inner_text() == "Tripoli"
    assert pile.locator(".geo-names").inner_text() == "90 events"
    assert pile.locator("button.geo-item").count() == 40
    pile.locator(".geo-more").click()
    pile.locator(".geo-more").click()
    assert pile.locator("button.geo-item").count() == 90
    pile.locator("button.geo-item").first.click()
    page.locator(".geo-popup blockquote").wait_for()
    page.keyboard.press("Escape")
    page.locator(".geo-popup").wait_for(state="detached")
    watched.calm()


@pytest.mark.parametrize(
    "dates", [["2011-03-01"], ["2011-03-01", "2011-03-02"], ["0622-07-16", "2026-11-26"]]
)
def test_the_bar_holds_one_day_as_well_as_centuries(show, dates):
    rows = [dated(step, day) for step, day in enumerate(dates)]
    watched = show(event_map(synthetic.make_events(rows), basemap=None, language="en"))
    page = watched.page
    for key in ("ArrowRight", "Shift+ArrowRight", "End", "Home", "ArrowLeft"):
        press(page, FROM, key)
        press(page, TO, key)
        press(page, WINDOW, key)
    for act in ("time_in", "time_out", "play"):
        page.click(f"[data-act={act}]")
    for act in ("time_all", "all_time"):
        page.evaluate(f"document.querySelector('[data-act={act}]').click()")
    assert len(listed(page)) == len(dates)
    watched.calm()


def test_without_any_date_there_is_no_bar(show):
    watched = show(event_map(synthetic.make_events([synthetic.event_rows()[3]]), basemap=None))
    assert watched.page.locator(".geo-time").count() == 0
    watched.calm()
