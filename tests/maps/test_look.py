"""How the page looks: its ground, its colours in both themes, its two languages, its table, its arrows."""

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest

from geo.maps import event_map, save_map
from geo.maps.basemap import SCALES, natural_earth

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)


def test_no_land_is_drawn_across_the_whole_map():
    """Chukotka and Fiji lie on both sides of the antimeridian; joined straight they are bands."""
    for ring in (ring for polygon in natural_earth((11, 10, 58, 55))["land"] for ring in polygon):
        x, lons = 0, []
        for step in ring[::2]:
            x += step
            lons.append(x / SCALES["50m"])
        y, lats = 0, []
        for step in ring[1::2]:
            y += step
            lats.append(y / SCALES["50m"])
        long = [at for at, (a, b) in enumerate(pairwise(lons)) if abs(b - a) > 180]
        assert all(lats[at] < -80 for at in long)


SAID = """() => {
    const named = [...document.querySelectorAll('.geo-app [aria-label], .geo-app [title]')];
    const labels = named.map(node => `${node.getAttribute('aria-label')} | ${node.title}`).sort();
    const { lang, dir } = document.documentElement;
    return [document.querySelector('.geo-app').innerText, labels, lang, dir];
}"""


def opened(show, language="ar", events=None, **size):
    made = event_map(
        synthetic.make_events() if events is None else events,
        synthetic.make_mentions(),
        title="عنوان",
        language=language,
    )
    shown = show(made, **size)
    shown.page.click(".geo-layers summary")
    return shown


def everything_open(page):
    page.check("[data-layer=doubtful]")
    page.click(".geo-unlocated button.geo-item >> nth=0")
    page.click("button.geo-item[data-row='0']")
    page.wait_for_timeout(300)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "other"), [("ar", "en"), ("en", "ar")])
def test_the_switched_page_says_what_a_page_of_that_language_says(show, language, other):
    first = opened(show, language).page
    first.click("[data-tool=language]")
    everything_open(first)
    told = first.evaluate(SAID)
    second = opened(show, other)
    everything_open(second.page)
    assert told == second.page.evaluate(SAID)
    assert told[2:] == [other, "rtl" if other == "ar" else "ltr"]
    second.calm()


@pytest.mark.browser
def test_an_open_card_and_an_open_table_change_language_too(show):
    watched = opened(show, "ar")
    page = watched.page
    page.click("button.geo-item[data-row='0']")
    assert "الثقة" in page.locator(".geo-popup").inner_text()
    page.click("[data-tool=language]")
    assert "Confidence" in page.locator(".geo-popup").inner_text()
    assert page.locator(".geo-popup .geo-card").get_attribute("dir") == "ltr"
    page.click("[data-tool=table]")
    assert "Confidence" in page.locator(".geo-table thead").inner_text()
    page.click("[data-tool=language]")
    assert "الثقة" in page.locator(".geo-table thead").inner_text()
    watched.calm()


def luminance(colour):
    """Return the relative luminance of a colour written #rrggbb or #rgb (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUPS = "violence force territory arms diplomacy agreement protest coercion other".split()
TEXTS = """ink paper, soft paper, soft sunk, soft hover, accent paper, accent sunk, on-accent accent,
    ink place, ink trigger, ink hit, bad bad-paper, name-town land"""
TEXTS = [pair.split() for pair in TEXTS.split(",")]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signs_and_words_can_be_seen_in_both_themes(browser, tmp_path, theme):
    context = browser.new_context(color_scheme=theme, offline=True)
    page = context.new_page()
    page.goto(save_map(event_map(synthetic.make_events(), basemap=None), tmp_path / "map.html").as_uri())
    names = sorted({name for pair in TEXTS for name in pair} | {"sea", "land", "paper"})
    names += [f"{group}{part}" for group in GROUPS for part in ("", "-edge")]
    read = """names => {
        const style = getComputedStyle(document.documentElement);
        return names.map(name => style.getPropertyValue(`--geo-${name}`).trim());
    }"""
    colours = dict(zip(names, page.evaluate(read, names), strict=True))
    context.close()
    for words, ground in TEXTS:
        assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    for group in GROUPS:
        for ground in ("sea", "land", "paper"):
            assert contrast(colours[f"{group}-edge"], colours[ground]) >= 3, (group, ground)
    assert len({colours[group] for group in GROUPS}) == len(GROUPS)


GROUND = """() => {
    const canvas = document.querySelector('.leaflet-geo-basemap-pane canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const seen = {};
    for (let at = 0; at < data.length; at += 400) {
        const colour = data.slice(at, at + 4).join();
        seen[colour] = (seen[colour] || 0) + 1;
    }
    return Object.entries(seen).sort((a, b) => b[1] - a[1]).slice(0, 2).map(([colour]) => colour);
}"""


@pytest.mark.browser
def test_the_theme_can_be_switched_and_the_ground_follows(show):
    watched = opened(show)
    page = watched.page
    page.wait_for_timeout(300)
    before = page.evaluate(GROUND)
    page.click("[data-tool=theme]")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(GROUND) != before
    page.emulate_media(media="print")
    paper = "getComputedStyle(document.querySelector('.geo-app')).getPropertyValue('--geo-paper').trim()"
    assert luminance(page.evaluate(paper)) > 0.9
    assert (watched.errors, watched.requests) == ([], [])


@pytest.mark.browser
def test_the_table_holds_every_event_and_sorts(show):
    watched = opened(show, "en")
    page = watched.page
    page.click("[data-tool=table]")
    table = page.get_by_role("table")
    assert table.locator("tbody tr").count() == len(synthetic.make_events())
    assert page.evaluate("document.activeElement.id") == "geo-grid"

    def column(name):
        return table.locator(f"tbody td.geo-col-{name}").all_inner_texts()

    page.click("[data-sort=place]")
    named = [text for text in column("place") if text]
    assert named == sorted(named, key=str.casefold)
    assert column("place")[-1] == ""
    page.click("[data-sort=place]")
    assert [text for text in column("place") if text] == named[::-1]
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.click("[data-sort=confidence]")
    numbers = [float(text) for text in column("confidence") if text]
    assert numbers == sorted(numbers)
    page.click(".geo-row-open[data-row='0']")
    assert page.locator(".geo-popup h3").inner_text() == "أجدابيا"
    assert not page.locator(".geo-grid").is_visible()
    page.click("[data-tool=table]")
    page.click(".geo-row-open[aria-label*='Mediation']")
    assert page.locator(".geo-unlocated .geo-card").count() == 1
    page.click("[data-tool=table]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.tool") == "table"
    watched.calm()


def moved():
    """Return the table with three movements, each with both ends in rows of its own."""
    rows = synthetic.event_rows()
    told = [
        ("airlift", "نقلت الطائرة جرحى من طبرق إلى مصراتة.", "نقلت", "asserted", "2017-03-03"),
        ("visit", "سيصل وفد من موسكو إلى طرابلس.", "سيصل", "planned", None),
        ("displacement", "نزح سكان من إدلب إلى إدلب.", "نزح", "asserted", None),
    ]
    ends = [
        [("طبرق", "Tobruk", 23.96, 32.08), ("مصراتة", "Misrata", 15.09, 32.37)],
        [("موسكو", "Moscow", 37.6, 55.75), ("طرابلس", "Tripoli", 13.19, 32.89)],
        [("إدلب", "Idlib", 36.63, 35.93), ("إدلب", "Idlib", 36.63, 35.93)],
    ]
    for number, ((kind, quote, trigger, modality, day), pair) in enumerate(zip(told, ends, strict=True)):
        shared = {"modality": modality, "date_start": day, "date_end": day, "doc_id": f"journey {number}"}
        for role, (arabic, name, lon, lat) in zip(("origin", "destination"), pair, strict=True):
            place = {"name": name, "name_ar": arabic, "geometry": synthetic.point(lon, lat)}
            cells = {**shared, **place, "location_role": role}
            rows.append(synthetic.event(f"{number}-{role}", quote, kind, trigger, arabic, **cells))
    return synthetic.make_events(rows)


@pytest.mark.browser
def test_a_movement_is_a_dated_arrow_reached_by_keyboard(show):
    watched = opened(show, "en", moved())
    page = watched.page
    arrow = page.locator(".geo-arrow")
    assert arrow.count() == 1
    assert arrow.get_attribute("aria-label") == "Airlift · from Tobruk to Misrata · 3 March 2017"
    line = page.locator("path.geo-arrow-line")
    assert line.get_attribute("marker-end") == "url(#geo-head-force)"
    assert line.get_attribute("d").count("L") + line.get_attribute("d").count(" ") > 10
    assert not page.locator(".geo-arrow-label").is_visible()
    arrow.focus()
    assert page.locator(".geo-arrow-label").is_visible()
    page.keyboard.press("Enter")
    assert "Tobruk → Misrata" in page.locator(".geo-popup .geo-facts").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("button.geo-item", has_text="Tobruk → Misrata").count() == 2
    page.check("[data-layer=doubtful]")
    page.click("button.geo-fit")
    page.wait_for_timeout(200)
    assert page.locator(".geo-arrow").count() == 2
    page.uncheck("[data-layer=journeys]")
    assert page.locator(".geo-arrow").count() == 1
    watched.calm()


@pytest.mark.browser
def test_sources_are_listed_with_publisher_day_and_number(show):
    watched = opened(show, "en")
    about = watched.page.locator(".geo-about")
    lines = about.locator(".geo-articles li").all_inner_texts()
    assert sum(int(line.split()[-1]) for line in lines) == len(synthetic.make_events())
    assert "2 March 2017" in lines[0]
    assert about.locator(".geo-articles a").first.get_attribute("rel") == "noopener noreferrer"
    assert "GeoNames" in about.inner_text()
    assert "Natural Earth" in about.inner_text()
    watched.calm()


@pytest.mark.browser
def test_paper_is_light_and_shows_what_the_map_showed(show):
    watched = opened(show, "en")
    page = watched.page
    page.click("[data-tool=theme]")
    where = """() => {
        const map = Object.values(window).find(value => value instanceof L.Map);
        const [box, size] = [map.getBounds(), map.getSize()];
        return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth(), size.x, size.y];
    }"""
    west, south, east, north, *size = page.evaluate(where)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    paper = page.evaluate(where)
    assert paper[0] <= west + 0.01
    assert paper[1] <= south + 0.01
    assert paper[2] >= east - 0.01
    assert paper[3] >= north - 0.01
    assert paper[4:] != size
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(where)[4:] == size
    page.emulate_media(media="print")
    assert page.locator(".geo-key").is_visible()
    assert page.locator(".geo-unlocated").is_visible()
    assert page.locator(".geo-articles").is_visible()
    assert not page.locator(".geo-tools").is_visible()
    watched.calm()
