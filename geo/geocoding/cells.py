"""Lay out what a look-up found as columns: names, dtypes and cells that both directions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.model import Place

CRS = "EPSG:4326"


def place_cells(place: Place) -> dict[str, Any]:
    """Return the cells that name a place."""
    return {
        "name": place.name,
        "name_ar": place.name_ar,
        "place_id": place.id,
        "country": place.country,
        "admin1": place.admin1,
        "feature_code": place.feature_code,
    }


def frame(
    rows: list[dict[str, Any]],
    columns: Mapping[str, str],
    index: pd.Index,
    lists: Sequence[str],
    points: list[Any] | None = None,
) -> gpd.GeoDataFrame:
    """Return rows as a frame of fixed columns and dtypes, whole columns at once."""
    data: dict[str, Any] = {
        name: pd.array([row.get(name) or None for row in rows], dtype=dtype)
        if dtype == "string"
        else np.array([row.get(name, np.nan) for row in rows], dtype=dtype)
        for name, dtype in columns.items()
    }
    for name in lists:
        data[name] = pd.Series([row.get(name, []) for row in rows], index=index, dtype=object)
    shapes = [row.get("geometry") for row in rows] if points is None else points
    geometry = gpd.GeoSeries(shapes, index=index, crs=CRS)
    return gpd.GeoDataFrame(data, index=index, geometry=geometry, crs=CRS)
