"""How the page looks: its ground, its colours in both themes, its two languages, its table, its arrows."""

import importlib.util
from itertools import pairwise
from pathlib import Path

from geo.maps.basemap import SCALE, natural_earth

spec = importlib.util.spec_from_file_location("synthetic", Path(__file__).with_name("synthetic.py"))
synthetic = importlib.util.module_from_spec(spec)
spec.loader.exec_module(synthetic)


def test_no_land_is_drawn_across_the_whole_map():
    """Chukotka and Fiji lie on both sides of the antimeridian; joined straight they are bands over all seas."""
    for ring in (ring for polygon in natural_earth((11, 10, 58, 55))["land"] for ring in polygon):
        x, lons = 0, []
        for step in ring[::2]:
            x += step
            lons.append(x / SCALE)
        y, lats = 0, []
        for step in ring[1::2]:
            y += step
            lats.append(y / SCALE)
        long = [at for at, (a, b) in enumerate(pairwise(lons)) if abs(b - a) > 180]
        assert all(lats[at] < -80 for at in long)
