"""Draw what ten relative expressions mean on the map, for ``docs/relations.md``.

Each panel holds an expression, the land around it and its footprint: drawn as SVG, photographed with Chromium
(Playwright, a development dependency). Run it from the project folder::

    python evaluation/draw_relations.py docs/img/relations.png

Without a file it prints the table of the ten areas: where each lies from the place it hangs on, and how
large it is. Bearings, lengths and areas are those of pyproj on the ellipsoid, not of the code that built
the areas. The column "by hand" was worked out from published areas and lengths and plain geometry.
"""

from __future__ import annotations

import argparse
import html
import sys
from pathlib import Path

import numpy as np
import pyproj
import shapely

from geo.arabic import tokenize
from geo.model import Footprint, Mention, Place, Reading
from geo.places.plane import Plane
from geo.places.shapes import Shapes
from geo.reading.relations import find_footprints

SIZE = 300
NAME, NISBA = Reading.LITERAL, Reading.DEMONYM
CHROMIUM = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run"]


def place(
    name: str, arabic: str, feature: str, country: str, lon: float, lat: float, km: float = 5.0
) -> Place:
    """Make a gazetteer entry for the drawing."""
    return Place(f"drawing:{name}", name, arabic, feature[0], feature[2:], country, "", lon, lat, 0, km)


TRIPOLI = place("Tripoli", "طرابلس", "P.PPLC", "LY", 13.187, 32.887)
LIBYA = place("Libya", "ليبيا", "A.PCLI", "LY", 18.0, 26.6, 780)
CYPRUS = place("Cyprus", "قبرص", "A.PCLI", "CY", 33.08, 34.91, 80)
EUPHRATES = place("Euphrates", "الفرات", "H.STM", "", 40.0, 35.3)
SYRIA = place("Syria", "سوريا", "A.PCLI", "SY", 38.5, 35.0, 280)
TURKEY = place("Turkey", "تركيا", "A.PCLI", "TR", 34.5, 39.3, 600)
SIRTE = place("Sirte", "سرت", "P.PPLA", "LY", 16.589, 31.209)
MISRATA = place("Misrata", "مصراتة", "P.PPLA", "LY", 15.091, 32.376)
ALEPPO = place("Aleppo", "حلب", "P.PPLA", "SY", 37.161, 36.202)
BY_HAND = [
    "sea from Cape Gata (34.56 N) to 100 km south of it (33.66 N)",
    "a third of 9,251 km²: 3,084 km²",
    "1,770 km of coast, 50 km wide: 88,500 km²",
    "45° of 360°, up to 30 km: π·30²/8 = 353 km², towards 315°",
    "a quarter of the ring from 5 to 40 km: π(40²−5²)/4 = 1,237 km², towards 0°",
    "a third of 185,180 km²: 61,727 km²",
    "50 km due south: 50/110.9 = 0.451° of latitude, 32.436 N; 45° of the ring 40 to 60 km: 785 km²",
    "822 km of border, 30 km wide: 24,660 km²",
    "192 km apart; 58 km wide with round ends, 13,700 km², rather more than half of it land",
    "1,150 km of river, 100 km wide on one side: 115,000 km², less where bends overlap",
]
EXPRESSIONS: list[tuple[str, list[tuple[str, Place, Reading]]]] = [
    ("تدريبات بالذخيرة الحية جنوبي قبرص", [("قبرص", CYPRUS, NAME)]),
    ("حرائق في جنوبي قبرص", [("قبرص", CYPRUS, NAME)]),
    ("قبالة السواحل الليبية", [("الليبية", LIBYA, NISBA)]),
    ("شمال غربي حلب", [("حلب", ALEPPO, NAME)]),
    ("ريف حلب الشمالي", [("حلب", ALEPPO, NAME)]),
    ("الشمال السوري", [("السوري", SYRIA, NISBA)]),
    ("على بعد 50 كيلومترا جنوب طرابلس", [("طرابلس", TRIPOLI, NAME)]),
    ("على الحدود السورية التركية", [("السورية", SYRIA, NISBA), ("التركية", TURKEY, NISBA)]),
    ("اشتباكات بين سرت ومصراتة", [("سرت", SIRTE, NAME), ("مصراتة", MISRATA, NAME)]),
    ("عملية شرق الفرات", [("الفرات", EUPHRATES, NAME)]),
]  # fmt: skip


def table(shapes: Shapes) -> str:
    """Return the ten areas as a Markdown table."""
    ellipsoid = pyproj.Geod(ellps="WGS84")
    lines = ["| expression | by hand | drawn: area | middle | from the place |", "|---|---|---|---|---|"]
    for (text, names), hand in zip(EXPRESSIONS, BY_HAND, strict=True):
        footprint, anchor = footprint_of(text, names, shapes), names[0][1]
        shape = shapely.geometry.shape(footprint.geometry)
        size = abs(ellipsoid.geometry_area_perimeter(shape)[0]) / 1e6
        bearing, _, metres = ellipsoid.inv(anchor.lon, anchor.lat, footprint.lon, footprint.lat)
        middle = f"{footprint.lat:.3f} N {footprint.lon:.3f} E"
        south, north = shape.bounds[1], shape.bounds[3]
        lines.append(
            f"| {text} | {hand} | {size:,.0f} km², {south:.2f} to {north:.2f} N | {middle} "
            f"| {metres / 1000:.0f} km towards {bearing % 360:.0f}° |"
        )
    return "\n".join(lines) + "\n"


def footprint_of(text: str, names: list[tuple[str, Place, Reading]], shapes: Shapes) -> Footprint:
    """Read one expression with its places given."""
    mentions = []
    for surface, where, reading in names:
        start = text.index(surface)
        clitics = text[:start].rsplit(" ", 1)[-1]
        mentions.append(Mention(start, start + len(surface), surface, reading, where, clitics=clitics))
    return find_footprints(tokenize(text), mentions, shapes)[0]


def points(ring: shapely.LineString, scale: float) -> str:
    """Write the points of a flat line in the panel's pixels."""
    return "M" + "L".join(f"{SIZE / 2 + x * scale:.1f},{SIZE / 2 - y * scale:.1f}" for x, y in ring.coords)


def path_of(shape: shapely.Geometry, scale: float) -> str:
    """Write a flat shape as an SVG path, north up, its centre in the middle of the panel."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(points(ring, scale) + "Z" for ring in rings)


def panel(text: str, footprint: Footprint, anchors: list[Place], shapes: Shapes) -> str:
    """Draw one expression."""
    area = shapely.geometry.shape(footprint.geometry)
    west, south, east, north = area.bounds
    plane = Plane((west + east) / 2, (south + north) / 2)
    half = float(np.abs(shapely.get_coordinates(plane.flatten(area))).max()) * 1.45
    scale, frame = SIZE / 2 / half, shapely.box(-half, -half, half, half)
    margin = half / 70
    box = (plane.lon - margin, plane.lat - margin, plane.lon + margin, plane.lat + margin)
    land = plane.flatten(shapes.land(box))
    land = shapely.intersection(shapely.make_valid(land), frame)
    lines = shapely.intersection(borders(plane, margin, shapes), frame)
    dots = []
    for anchor in anchors:
        x, y = plane.forward(np.array([[anchor.lon, anchor.lat]]))[0]
        if anchor.feature_class == "P":
            dots.append(f'<circle cx="{SIZE / 2 + x * scale:.1f}" cy="{SIZE / 2 - y * scale:.1f}" r="4"/>')
    x, y = plane.forward(np.array([[footprint.lon, footprint.lat]]))[0]
    cross = f'<circle class="point" cx="{SIZE / 2 + x * scale:.1f}" cy="{SIZE / 2 - y * scale:.1f}" r="4"/>'
    title = f'<p dir="rtl" lang="ar">{html.escape(text)}</p>'
    doubt = f"± {footprint.uncertainty_km:.0f} km, precision {footprint.where_prec}"
    note = f"<small>{footprint.relation}, {doubt}</small>"
    drawing = (
        f'<svg width="{SIZE}" height="{SIZE}"><rect width="100%" height="100%" class="sea"/>'
        f'<path class="land" d="{path_of(land, scale)}"/><path class="border" d="{line_of(lines, scale)}"/>'
        f'<path class="area" d="{path_of(plane.flatten(area), scale)}"/>{"".join(dots)}{cross}</svg>'
    )
    return f"<figure>{title}{drawing}{note}</figure>"


def borders(plane: Plane, margin: float, shapes: Shapes) -> shapely.Geometry:
    """Return the outlines of the countries near a point, flat."""
    box = shapely.box(plane.lon - margin, plane.lat - margin, plane.lon + margin, plane.lat + margin)
    near = [shapes.country(code) for code in shapes.countries]
    lines = [
        shapely.intersection(shapely.boundary(each), box) for each in near if shapely.intersects(each, box)
    ]
    return plane.flatten(shapely.union_all(lines))


def line_of(lines: shapely.Geometry, scale: float) -> str:
    """Write flat lines as an SVG path."""
    parts = [part for part in shapely.get_parts(lines) if part.geom_type == "LineString"]
    return "".join(points(part, scale) for part in parts)


STYLE = """
body { margin: 0; padding: 12px; display: grid; grid-template-columns: repeat(5, 300px);
  gap: 14px; width: 1556px; background: #fff;
  font-family: "Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans", sans-serif; }
figure { margin: 0; } p { margin: 0 0 4px; font-size: 17px; } small { color: #555; font-size: 12px; }
.sea { fill: #dbe9f2; } .land { fill: #f3efe4; fill-rule: evenodd; }
.border { fill: none; stroke: #a89f8a; stroke-width: 0.8; }
.area { fill: #d1495b; fill-opacity: 0.4; stroke: #a3212f; fill-rule: evenodd; } circle { fill: #222; }
circle.point { fill: #fff; stroke: #a3212f; stroke-width: 2; }
"""


def main(argv: list[str] | None = None) -> int:
    """Draw the picture, or print the table; return 0."""
    parser = argparse.ArgumentParser(description="Draw the footprints of ten relative expressions.")
    parser.add_argument("out", type=Path, nargs="?", help="PNG file to write; without it print the table")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="browser that takes the picture")
    options = parser.parse_args(argv)
    shapes = Shapes.open()
    if options.out is None:
        sys.stdout.write(table(shapes))
        return 0
    figures = []
    for text, names in EXPRESSIONS:
        footprint = footprint_of(text, names, shapes)
        sys.stdout.write(f"{footprint.text}: {footprint.relation}, {footprint.uncertainty_km} km\n")
        figures.append(panel(text, footprint, [name[1] for name in names], shapes))
    page = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(figures)}"
    from playwright.sync_api import sync_playwright

    options.out.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=CHROMIUM)
        view = browser.new_page(viewport={"width": 1580, "height": 740})
        view.set_content(page)
        view.screenshot(path=options.out, full_page=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
