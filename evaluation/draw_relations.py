"""Draw what ten relative expressions mean on the map, for ``docs/relations.md``.

Each panel holds an expression, the land around it and its footprint: drawn as SVG, photographed with Chromium
(Playwright, a development dependency). Run it from the project folder::

    python evaluation/draw_relations.py docs/img/relations.png
"""

from __future__ import annotations

import argparse
import html
import sys
from pathlib import Path

import numpy as np
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
    """Draw the picture; return 0."""
    parser = argparse.ArgumentParser(description="Draw the footprints of ten relative expressions.")
    parser.add_argument("out", type=Path, help="PNG file to write")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="browser that takes the picture")
    options = parser.parse_args(argv)
    shapes = Shapes.open()
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
