"""The countries of many points: the same answers as point by point."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.places.countries import countries_at
from geo.places.shapes import Shapes


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.open()


def one_by_one(shapes: Shapes, lon: np.ndarray, lat: np.ndarray) -> list[str | None]:
    return [shapes.country_at(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]


def test_many_points_get_the_answers_of_single_ones(shapes: Shapes) -> None:
    chance = np.random.default_rng(5)
    lon = np.concatenate([chance.uniform(-12, 62, 3000), chance.uniform(-180, 180, 1000)])
    lat = np.concatenate([chance.uniform(5, 42, 3000), chance.uniform(-90, 90, 1000)])
    assert countries_at(shapes, lon, lat).tolist() == one_by_one(shapes, lon, lat)


def test_points_at_borders_and_coasts_too(shapes: Shapes) -> None:
    chance = np.random.default_rng(6)
    corners = np.concatenate(
        [shapely.get_coordinates(shapes.country(code)) for code in ("LB", "IL", "CY", "NO")]
    )
    near = corners[chance.integers(0, len(corners), 1500)] + chance.normal(0, 0.003, (1500, 2))
    exactly = corners[chance.integers(0, len(corners), 300)]
    lon, lat = np.concatenate([near, exactly]).T
    assert countries_at(shapes, lon, lat).tolist() == one_by_one(shapes, lon, lat)


def test_crowds_are_cut_into_cells_and_stay_right(shapes: Shapes) -> None:
    chance = np.random.default_rng(7)
    lon, lat = chance.uniform(35.0, 36.7, 30_000), chance.uniform(33.0, 34.8, 30_000)
    found = countries_at(shapes, lon, lat)
    sample = chance.integers(0, 30_000, 1000)
    assert found[sample].tolist() == one_by_one(shapes, lon[sample], lat[sample])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-180, 180), st.integers(-90, 90)), min_size=1, max_size=20))
def test_round_degrees_where_borders_run_along_them(points: list[tuple[int, int]]) -> None:
    shapes = Shapes.open()
    lon, lat = np.array(points, dtype=float).T
    assert countries_at(shapes, lon, lat).tolist() == one_by_one(shapes, lon, lat)


def test_no_points_have_no_countries(shapes: Shapes) -> None:
    assert countries_at(shapes, np.empty(0), np.empty(0)).tolist() == []
