"""What the table of features promises and no other test holds: key, colours, frames, many events."""

import importlib.util
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.maps import event_map, save_map

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)

pytestmark = pytest.mark.browser

OKABE_ITO = {"#d55e00", "#0072b2", "#009e73", "#56b4e9", "#e69f00", "#cc79a7"}
ONE_OF_EACH = ["strike", "patrol", "siege", "aid", "visit", "treaty", "protest", "arrest", "other"]
MANY = 100_000
MEGABYTES = 20_000_000


def of_types(types):
    rows = [dict(synthetic.event_rows()[7], event_id=f"t{at}", type=kind) for at, kind in enumerate(types)]
    return synthetic.make_events(rows)


def test_the_key_names_every_group_with_a_shape_of_its_own(show):
    watched = show(event_map(of_types(ONE_OF_EACH), basemap=None, language="en"))
    signs = watched.page.eval_on_selector_all(
        ".geo-key li:has(.geo-number)",
        """all => all.map((row) => {
             const path = row.querySelector("path:last-of-type");
             return [path.getAttribute("d"), getComputedStyle(path).fill, row.innerText.trim()];
           })""",
    )
    shapes, colours, words = zip(*signs, strict=True)
    assert len(signs) == len(ONE_OF_EACH)
    assert len(set(shapes)) == len(set(colours)) == len(set(words)) == len(signs)
    seen = {"#" + "".join(f"{int(n):02x}" for n in rgb[4:-1].split(",")) for rgb in colours}
    assert seen >= OKABE_ITO
    watched.calm()


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts allow-downloads allow-popups"'])
def test_a_saved_map_works_in_a_frame_of_another_page(browser, tmp_path, sandbox):
    save_map(event_map(synthetic.make_events(), title="عنوان"), tmp_path / "map.html")
    outer = tmp_path / "article.html"
    outer.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><iframe src=map.html width=900 height=600 {sandbox}></iframe>",
        encoding="utf-8",
    )
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(outer.as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("button.geo-item").first.click()
    inside.locator(".geo-popup .geo-card").wait_for()
    assert [url for url in asked if not url.startswith("blob:")] == [
        outer.as_uri(), (tmp_path / "map.html").as_uri(),
    ]  # fmt: skip
    assert wrong == []
    context.close()


@pytest.mark.slow
def test_a_hundred_thousand_events_open_and_follow_a_filter(show, tmp_path):
    chance = np.random.default_rng(7)
    few = synthetic.make_events([dict(row) for row in synthetic.event_rows()[:8]])
    table = pd.DataFrame(few.drop(columns="geometry")).iloc[chance.integers(0, len(few), MANY)]
    days = pd.Timestamp("2011-01-01") + pd.to_timedelta(chance.integers(0, 4000, MANY), unit="D")
    table = table.assign(
        event_id=[f"e{at}" for at in range(MANY)],
        footprint=None,
        date_start=days.strftime("%Y-%m-%d"),
        date_end=days.strftime("%Y-%m-%d"),
        quote=[f"{quote} {at}" for at, quote in enumerate(table["quote"])],
    )
    points = gpd.points_from_xy(chance.uniform(9, 26, MANY), chance.uniform(20, 33, MANY))
    made = event_map(gpd.GeoDataFrame(table, geometry=points, crs=4326), basemap=None, language="en")
    watched = show(made)
    assert (tmp_path / "map.html").stat().st_size < MEGABYTES
    page = watched.page
    page.set_default_timeout(60_000)
    page.locator(".geo-cluster").first.wait_for()
    before = on_map(page)
    page.click(".geo-filters > summary")
    page.locator("input[data-facet=type]").first.check()
    for _ in range(200):
        if 0 < (after := on_map(page)) < before:
            break
        page.wait_for_timeout(100)
    assert 0 < after < before
    watched.calm()


def on_map(page):
    return page.evaluate(
        "[...document.querySelectorAll('.geo-cluster')].reduce((sum, sign) =>"
        " sum + Number(sign.getAttribute('aria-label').replace(/[^0-9]/g, '') || 0), 0)"
    )
