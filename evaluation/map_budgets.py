"""Measure maps of 1,000 to 100,000 events beside Folium's own ways; print Markdown tables.

    python evaluation/map_budgets.py [--sizes 1000 10000 100000] [--patience SECONDS] [--only WORD]

The events are synthetic: points at gazetteer places of five countries, quotes of Arabic words drawn by their
frequency (which pack somewhat worse than news does), two candidates and three reasons each, dates over twelve
years, one in ten without. All maps are saved offline by `geo.save_map`, without tiles. Built: CPU seconds of
Python from the table to the file. Interactive: wall seconds from opening the file until two frames after it
has loaded. CPU: of the main thread. Heap: of JavaScript after garbage collection, typed arrays included.
Steps: wall milliseconds until the second frame after a key or a click, the median of five. The machine's load
moves wall times; ratios hold within a run.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium import plugins
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright
from wordfreq import top_n_list, word_frequency

import geo
from geo.maps.picture import QUIET, find_browser
from geo.places import Gazetteer
from geo.tables.frame import from_columns
from geo.tables.schema import EVENTS

COUNTRIES = ("LY", "SY", "YE", "IQ", "SD")
TYPES = ("strike", "clash", "protest", "meeting", "visit", "agreement", "territory", "arrest", "displacement")
DAYS = 4380
FRAME = "const frame = () => new Promise(requestAnimationFrame); await frame();"
FRAMES = f"async () => {{ {FRAME} await frame() }}"
STEP = f"(async () => {{ {FRAME} const start = performance.now(); ACT; await frame(); await frame();"
STEP += " return performance.now() - start })()"


def events(size: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Return a table of synthetic events."""
    chance = np.random.default_rng(seed)
    book = Gazetteer.open()
    rows = chance.choice(np.concatenate([book.rows_where(country=code) for code in COUNTRIES]), size)
    places = {
        name: book.take("places", name, rows).to_pylist() for name in ("id", "name", "name_ar", "country")
    }
    lon, lat = (axis[rows] for axis in book.points())
    words = np.array(top_n_list("ar", 20_000))
    often = np.array([word_frequency(word, "ar") for word in words])
    drawn = iter(chance.choice(words, 30 * size, p=often / often.sum()))
    quotes = [" ".join(islice(drawn, number)) + "." for number in chance.integers(14, 30, size)]
    days = pd.Timestamp("2012-01-01") + pd.to_timedelta(chance.integers(0, DAYS, size), unit="D")
    dates = [None if number % 10 == 0 else str(day.date()) for number, day in enumerate(days)]
    kinds = chance.choice(TYPES, size).tolist()
    candidates = [
        {"id": key, "name": name, "name_ar": arabic, "country": land, "lon": x, "lat": y, "score": 0.7}
        for key, name, arabic, land, x, y in zip(*places.values(), lon, lat, strict=True)
    ]
    cells: dict[str, list[Any]] = {
        "event_id": [f"e{number}" for number in range(size)],
        "report_id": [f"e{number}" for number in range(size)],
        "date_start": dates,
        "date_end": dates,
        "date_precision": [1] * size,
        "edtf": [day or "" for day in dates],
        "type": kinds,
        "modality": chance.choice(["asserted", "planned"], size, p=[0.9, 0.1]).tolist(),
        "actors": [
            [{"text": str(words[number % 900]), "role": "source", "country": ""}] for number in range(size)
        ],
        "place_text": places["name_ar"],
        "name": places["name"],
        "name_ar": places["name_ar"],
        "place_id": places["id"],
        "country": places["country"],
        "geometry": gpd.points_from_xy(lon, lat).tolist(),
        "uncertainty_km": np.round(chance.uniform(2, 40, size), 1).tolist(),
        "where_prec": chance.integers(1, 5, size).tolist(),
        "location_role": ["event"] * size,
        "quote": quotes,
        "quote_start": chance.integers(0, 4000, size).tolist(),
        "doc_id": [f"doc-{number // 3}" for number in range(size)],
        "doc_title": [quotes[number - number % 3][:40] for number in range(size)],
        "doc_publisher": [f"publisher {number % 40}" for number in range(size)],
        "candidates": [[one, candidates[at - 1] | {"score": 0.2}] for at, one in enumerate(candidates)],
        "reasons": [
            ["named behind 'in'", f"trigger of {kind}", "the only place of the clause"] for kind in kinds
        ],
        "confidence": np.round(chance.uniform(0.3, 1, size), 2).tolist(),
        "status": ["auto"] * size,
    }
    return from_columns(EVENTS, cells)


def popup(quote: str, name: str) -> str:
    """Return an escaped popup, safe from Folium's second compilation."""
    safe = html.escape(f"{name}: {quote}", quote=True)
    for sign in "\\`${}%":
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return f'<div dir="rtl">{safe}</div>'


def bare() -> folium.Map:
    """Return a Folium map without tiles."""
    made = folium.Map(location=[25, 30], zoom_start=4, tiles=None)
    made.options["maxZoom"] = 18
    return made


def ours(table: gpd.GeoDataFrame) -> folium.Map:
    """Make our page: list, time bar, filters, search, basemap and all."""
    return geo.event_map(table, title="budget")


def marker_cluster(table: gpd.GeoDataFrame) -> folium.Map:
    """Put one Marker with a Popup an event into a MarkerCluster."""
    made = bare()
    cluster = plugins.MarkerCluster().add_to(made)
    for point, quote, name in zip(table.geometry, table["quote"], table["name_ar"], strict=True):
        folium.Marker([point.y, point.x], popup=popup(quote, name)).add_to(cluster)
    return made


def fast_marker_cluster(table: gpd.GeoDataFrame) -> folium.Map:
    """Hand over points and popups as one list; the browser makes the markers."""
    made = bare()
    rows = [
        [point.y, point.x, popup(quote, name)]
        for point, quote, name in zip(table.geometry, table["quote"], table["name_ar"], strict=True)
    ]
    callback = "function (row) { return L.marker([row[0], row[1]]).bindPopup(row[2]) }"
    plugins.FastMarkerCluster(rows, callback=callback).add_to(made)
    return made


def explore(table: gpd.GeoDataFrame) -> folium.Map:
    """Show the same columns with geopandas."""
    return table[["quote", "name_ar", "type", "geometry"]].explore(tiles=None, popup=True, tooltip=False)


CONTENDERS: tuple[Callable[[gpd.GeoDataFrame], folium.Map], ...] = (
    ours, marker_cluster, fast_marker_cluster, explore,
)  # fmt: skip
STEPS = {
    "zoom": "document.querySelector('.leaflet-control-zoom-in').click()",
    "time step": (
        "document.querySelector('[data-handle=from]').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"
    ),
    "filter step": "document.querySelector('.geo-filters input[type=checkbox]').click()",
}


def measure(page: Page, path: Path, patience: float) -> dict[str, float]:
    """Open a saved map and measure it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    started = time.perf_counter()
    page.goto(path.as_uri(), timeout=patience * 1000)
    page.wait_for_selector(".leaflet-container", timeout=patience * 1000)
    page.evaluate(FRAMES)
    found = {"interactive s": time.perf_counter() - started}
    found["CPU s"] = counters(session)["TaskDuration"]
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    found["heap MB"] = (heap["usedSize"] + heap["backingStorageSize"]) / 1e6
    for name, act in STEPS.items():
        selector = act.split("'")[1]
        if page.locator(selector).count():
            found[f"{name} ms"] = statistics.median(step(session, page, act) for _ in range(5))
    return found


def step(session: Any, page: Page, act: str) -> float:
    """Do one thing in the page and return how long it took to show."""
    told = session.send(
        "Runtime.evaluate",
        {"expression": STEP.replace("ACT", act), "awaitPromise": True, "returnByValue": True},
    )
    page.wait_for_timeout(300)
    return float(told["result"]["value"])


def counters(session: Any) -> dict[str, float]:
    """Return the counters of the page."""
    return {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}


def rows(sizes: list[int], only: str, patience: float) -> Iterator[dict[str, Any]]:
    """Yield one row a contender and size."""
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        given_up: set[str] = set()
        for size in sizes:
            table = events(size)
            for contender in CONTENDERS:
                name = contender.__name__
                if only not in name or name in given_up:
                    continue
                row: dict[str, Any] = {"events": size, "map": name}
                started, wall = time.process_time(), time.perf_counter()
                path = geo.save_map(contender(table), Path(folder) / "map.html")
                row |= {"MB": path.stat().st_size / 1e6, "built s": time.process_time() - started}
                browser = driver.chromium.launch(executable_path=find_browser(), args=list(QUIET))
                try:
                    row |= measure(browser.new_context(offline=True).new_page(), path, patience)
                except BrowserError as error:
                    row["note"] = str(error).splitlines()[0][:60]
                    given_up.add(name)
                finally:
                    browser.close()
                if time.perf_counter() - wall > patience:
                    given_up.add(name)
                yield row


def main() -> None:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--patience", type=float, default=120, help="seconds after which a map is given up")
    parser.add_argument("--only", default="", help="measure only the maps whose name holds this")
    parser.add_argument("--json", type=Path, help="also write the rows here")
    options = parser.parse_args()
    columns = [
        "events",
        "map",
        "MB",
        "built s",
        "interactive s",
        "CPU s",
        "heap MB",
        *(f"{name} ms" for name in STEPS),
        "note",
    ]
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    found = []
    for row in rows(options.sizes, options.only, options.patience):
        found.append(row)
        cells = (row.get(name, "") for name in columns)
        print(
            "| "
            + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells)
            + " |",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
