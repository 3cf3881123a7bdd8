"""Lay out what a look-up found as columns: names, dtypes and cells that both directions share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import InputError
from geo.model import Place
from geo.places import Gazetteer
from geo.tables.schema import CRS

LANGUAGES = ("en", "ar")


def text_column(values: pa.Array | list[Any]) -> pd.api.extensions.ExtensionArray:
    """Return texts as a column of dtype ``string``; empty ones are missing."""
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    filled = pc.if_else(pc.equal(array, ""), pa.scalar(None, array.type), array)
    return pd.array(filled, dtype=pd.StringDtype("pyarrow"))


def place_columns(gazetteer: Gazetteer, rows: np.ndarray, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return text columns of places, missing where a row is negative.

    Parameters
    ----------
    gazetteer : Gazetteer
    rows : np.ndarray of int
        Rows of the table of places, shape (rows,).
    columns : mapping of str to str
        Name of the column in the answer to its name in the gazetteer.
    """
    return {name: text_column(gazetteer.take("places", stored, rows)) for name, stored in columns.items()}


def names_in(gazetteer: Gazetteer, rows: np.ndarray, language: str) -> pa.Array:
    """Return the names of places in a language; the Latin name where there is no Arabic one."""
    latin = gazetteer.take("places", "name", rows)
    if language == "en":
        return latin
    arabic = gazetteer.take("places", "name_ar", rows)
    return pc.if_else(pc.equal(arabic, ""), latin, arabic)


def name_in(place: Place, language: str) -> str:
    """Return the name of a place in a language; the Latin name where there is no Arabic one."""
    return place.name_ar or place.name if language == "ar" else place.name


def checked_language(language: str) -> str:
    """Return a language that names can be given in.

    Raises
    ------
    InputError
        If it is none.
    """
    if language not in LANGUAGES:
        raise InputError(f"language {language!r} is not known; give 'en' or 'ar'")
    return language


def in_degrees(frame: pd.DataFrame, points: np.ndarray, column: str = "geometry") -> gpd.GeoDataFrame:
    """Return a frame with points as its geometry, EPSG:4326; None where there is no point."""
    geometry = gpd.GeoSeries(gpd.array.GeometryArray(points, crs=CRS), index=frame.index)
    return gpd.GeoDataFrame(frame.assign(**{column: geometry}), geometry=column)
