"""Read the web assets that were built into ``geo/_data/web``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from geo.errors import GeoError
from geo.maps.island import MAGIC


def web_asset(name: str) -> str:
    """Return the text of one built asset.

    Parameters
    ----------
    name : str
        File name, for instance ``geo.js``.

    Returns
    -------
    str

    Raises
    ------
    GeoError
        If the assets were not built.

    Examples
    --------
    >>> web_asset("geo.css").startswith("<")
    False
    """
    source = files("geo") / "_data" / "web" / name
    try:
        return source.read_text(encoding="utf-8")
    except OSError as error:
        raise GeoError(
            f"The map needs its web asset geo/_data/web/{name}, which is not there. It is built when the "
            "package is installed; in a checkout run: python hatch_build.py"
        ) from error


def page_script() -> str:
    """Return the script that reads data islands.

    Raises
    ------
    GeoError
        If it was not built, or reads islands of another form: after an update without a new build the map
        would be saved, and be empty.
    """
    script = web_asset("geo.js")
    if MAGIC.decode() not in script:
        raise GeoError(
            "geo/_data/web/geo.js was built for another version of this package. Install the package anew; "
            "in a checkout run: python hatch_build.py"
        )
    return script


def web_json(name: str) -> Any:
    """Return one built asset, decoded from JSON.

    Parameters
    ----------
    name : str
        File name, for instance ``countries-110m.json``.

    Returns
    -------
    Any
    """
    return json.loads(web_asset(name))
