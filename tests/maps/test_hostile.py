"""Text that attacks templates, HTML, scripts or reading order is shown as it is and runs nothing."""

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.maps import event_map, map_html
from geo.maps.island import pack, unpack

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

PAYLOADS = [
    "{{7*7}}",
    "{% raise %}",
    "{# gone #}",
    "{{ cycler.__init__.__globals__ }}",
    "</script><script>window.__x=1</script>",
    "<script>window.__x=2</script>",
    "<img src=x onerror=window.__x=3>",
    "`${window.__x=4}`",
    "\\`${window.__x=5}",
    "${7*7}",
    "\\x41\\u{41}\\",
    "\"quoted\" 'single'",
    "&lt;b&gt; &amp;",
    "<!-- <script>",
    "]]>",
    "a\u202eb\u202cc\u2066d\u2069e",
    "\u2028\u2029",
    "\u200f\u061c",
    "javascript:window.__x=6",
    "</style><style>*{display:none}</style>",
    "😀 👩‍👩‍👧",
    "مرحبا </title> بكم",
]
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
COLUMNS = [
    "type",
    "date_text",
    "date_start",
    "place_text",
    "name",
    "name_ar",
    "place_id",
    "quote",
    "trigger_text",
    "doc_id",
    "doc_url",
    "doc_title",
    "doc_publisher",
    "doc_date",
    "license",
    "attribution",
    "modality",
    "country",
    "location_role",
]


def shown(text):
    """Return text as the page shows it: what would reorder it is spelled out."""
    return BIDI.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def poisoned(text, **cells):
    """Return a table with the text in every column that takes text: one event with a place, one without."""
    row = synthetic.event_rows()[7]
    row.update(dict.fromkeys(COLUMNS, text))
    row.update(
        actors=[synthetic.actor(text, text, text)],
        reasons=[text],
        status=text,
        quote_start=None,
        candidates=[synthetic.candidate(text, text, text, text, 1.0, 2.0, 0.5)] * 2,
        **cells,
    )
    return synthetic.make_events([row, {**row, "geometry": None}])


@pytest.mark.parametrize("text", PAYLOADS)
def test_python_evaluates_nothing(text):
    html = map_html(event_map(poisoned(text), title=text, basemap=None))
    assert "49" not in re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.DOTALL)
    body = html[html.index('id="event_layer_') :]
    island = re.search(r'id="event_layer_\d+_data">([A-Za-z0-9+/=]+)</script>', html)
    assert island, body[:200]
    assert unpack(island[1])["events"]["columns"]["quote"][0] == text


@pytest.mark.browser
@pytest.mark.parametrize("text", [" ".join(PAYLOADS[start::6]) for start in range(6)])
def test_page_shows_it_as_it_is(show, text):
    mentions = synthetic.make_mentions()
    for column in ("text", "quote", "name", "name_ar", "doc_title", "attribution"):
        mentions[column] = text
    mentions["place_id"] = "mentioned " + text
    mentions = mentions.set_geometry([synthetic.point(16.9, 31.0)] * len(mentions), crs=4326)
    watched = show(event_map(poisoned(text), mentions, title=text, basemap=None))
    page = watched.page
    assert page.evaluate("window.__x") is None
    assert page.locator("h1").evaluate("node => node.textContent") == shown(text)
    page.click(".geo-layers summary")
    page.check("[data-layer=doubtful]")
    page.check("[data-layer=mentions]")
    page.locator(".geo-event").first.click(force=True)
    card = page.locator(".geo-popup .geo-card")
    card.locator("details").evaluate("node => { node.open = true; }")
    assert card.locator("h3").evaluate("node => node.textContent") == shown(text)
    assert card.locator("blockquote").evaluate("node => node.textContent") == shown(text)
    assert card.locator("details li bdi").first.evaluate("node => node.textContent") == shown(text)
    page.locator(".geo-unlocated button.geo-item").click()
    assert page.locator(".geo-unlocated .geo-card h3").evaluate("node => node.textContent") == shown(text)
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)  # the map comes to rest
    page.locator(".geo-mention").first.click(force=True)
    assert page.locator(".geo-popup h3").evaluate("node => node.textContent") == shown(text)
    assert page.locator(".geo-articles li bdi").first.evaluate("node => node.textContent") == shown(text)
    page.click("[data-tool=table]")
    for column in ("place", "quote_head", "actors", "source"):
        cell = page.locator(f".geo-table td.geo-col-{column}").first
        assert cell.evaluate("node => node.textContent") == shown(text)
    page.click("[data-tool=language]")
    assert page.locator(".geo-table td.geo-col-quote_head").first.evaluate(
        "node => node.textContent"
    ) == shown(text)
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.__x") is None
    watched.calm()


@pytest.mark.browser
@pytest.mark.parametrize("text", [" ".join(PAYLOADS[start::3]) for start in range(3)])
def test_an_arrow_says_it_as_it_is(show, text):
    row = synthetic.event_rows()[7]
    row.update(
        place_text=text, name=text, name_ar=text, type=text, date_start=text, date_end=None, trigger_start=1
    )
    ends = [("origin", 10.0), ("destination", 30.0)]
    rows = [{**row, "location_role": role, "geometry": synthetic.point(lon, 30.0)} for role, lon in ends]
    watched = show(event_map(synthetic.make_events(rows), language="en", basemap=None))
    label = watched.page.locator(".geo-arrow-label").evaluate("node => node.textContent")
    assert f"from {shown(text)} to {shown(text)}" in label
    assert shown(text) in watched.page.locator(".geo-arrow").get_attribute("aria-label")
    assert watched.page.evaluate("window.__x") is None
    watched.calm()


PIECES = [*"{}%#<>&\"'`$\\/!-=();:x7*ا ب\n\u202e\u2066\u2069\u200f\u2028😀", *PAYLOADS]
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


@settings(max_examples=60, deadline=None)
@given(HOSTILE | st.just("\ud800"))
def test_islands_hold_any_text_and_no_markup(text):
    packed = pack({"a": [text]})
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed)
    assert unpack(packed) == {"a": [text]}


@pytest.fixture(scope="module")
def fuzz_page(browser, tmp_path_factory):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.set_default_timeout(5000)
    page.seen = []
    page.on("pageerror", lambda error: page.seen.append(str(error)))
    page.on("console", lambda said: page.seen.append(said.text) if said.type == "error" else None)
    page.folder = tmp_path_factory.mktemp("fuzz")
    yield page
    context.close()


@pytest.mark.browser
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    HOSTILE.map(lambda text: "".join(char for char in text if not "\ud800" <= char <= "\udfff")).filter(
        str.strip
    )
)
def test_page_survives_any_text(fuzz_page, text):
    page = fuzz_page
    path = page.folder / "map.html"
    event_map(poisoned(text), title=text, basemap=None).save(path)
    page.goto(path.as_uri())
    page.click(".geo-layers summary")
    page.check("[data-layer=doubtful]")
    page.locator(".geo-event").first.click(force=True)
    found = page.locator(".geo-popup blockquote").evaluate("node => node.textContent")
    assert found == shown(text)
    page.click("[data-tool=language]")
    page.click("[data-tool=table]")
    for column in ("quote_head", "source", "actors"):
        cell = page.locator(f".geo-table td.geo-col-{column}").first
        assert cell.evaluate("node => node.textContent") == shown(text)
    assert page.locator(".geo-articles bdi").first.evaluate("node => node.textContent") == shown(text)
    assert page.evaluate("window.__x") is None
    assert page.seen == []
