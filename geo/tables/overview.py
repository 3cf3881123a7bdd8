"""Say in one screen what two tables hold."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

_ROWS = 12


def summary(events: gpd.GeoDataFrame, mentions: gpd.GeoDataFrame) -> str:
    """Return a summary of events and mentions, at most one screen of plain text.

    Parameters
    ----------
    events, mentions : GeoDataFrame
        What `geo.to_geodataframe` gave for the same documents.

    Returns
    -------
    str

    Examples
    --------
    >>> from geo.tables.frame import to_geodataframe
    >>> print(summary(to_geodataframe([]), to_geodataframe([], "mentions")).splitlines()[0])
    0 place names in 0 articles, 0 resolved to a place
    """
    resolved = int(mentions["place_id"].notna().sum())
    articles = pd.concat([mentions["doc_id"], events["doc_id"]]).nunique()
    placed = events.loc[events.geometry.notna().to_numpy()]
    asserted = int((events["modality"] == "asserted").sum())
    names = f"{counted(len(mentions), 'place name')} in {counted(articles, 'article')}"
    lines = [
        f"{names}, {resolved:,} resolved to a place",
        f"{counted(len(events), 'event')}, {asserted} told as fact; {len(placed)} with a place, "
        f"{len(events) - len(placed)} whose place the text does not give",
    ]
    if len(placed):
        lines += ["", *_table(placed)]
    if len(placed) > _ROWS:
        lines.append(f"... and {len(placed) - _ROWS} more")
    return "\n".join(lines)


def counted(number: int, thing: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "event"), counted(1405, "event")
    ('1 event', '1,405 events')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _table(placed: gpd.GeoDataFrame) -> Iterator[str]:
    """Yield aligned lines: day, type, place, how exact, confidence."""
    shown = placed.sort_values("date_start", kind="stable", na_position="last").head(_ROWS)
    named = shown["name"].fillna(shown["place_text"])
    cells = pd.DataFrame(
        {
            "date": shown["edtf"].fillna("no date"),
            "type": shown["type"].astype("string"),
            "place": named.str.slice(0, 34),
            "country": shown["country"].fillna("-"),
            "within": shown["uncertainty_km"].map("{:.0f} km".format),
            "confidence": shown["confidence"].map("{:.2f}".format),
        }
    ).astype("string")
    yield from cells.to_string(index=False, justify="left").splitlines()
