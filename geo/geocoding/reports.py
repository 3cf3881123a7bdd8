"""Tell what came of a table of names: how many were found, and what to do about the others."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.errors import InputError
from geo.geocoding.contexts import text_of
from geo.geocoding.names import AMBIGUOUS, EMPTY, FOUND, NONE, SIMILAR
from geo.places import Gazetteer, near_misses

NEAR = 3
"""Near misses told for a name."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """Hold what came of a table of names.

    Attributes
    ----------
    counts : Series
        Rows by status: found, ambiguous, similar, none, empty.
    missing : DataFrame
        Names that were not found, the most frequent first: ``query``, ``asked_country``, ``asked_admin1``,
        ``rows``, ``reason``, ``near_misses`` (a list of texts: what came close, and why it was not taken).
    ambiguous : DataFrame
        Names of several places, the most frequent first: ``query``, ``asked_country``, ``asked_admin1``,
        ``rows``, ``name`` and ``country`` of the place that was taken, ``others`` (a list of texts).
    similar : DataFrame
        Names of which only a similar one was found, the most frequent first: ``query``, ``asked_country``,
        ``asked_admin1``, ``rows``, ``name``, ``country`` and ``score`` of the place that was taken, and
        the ``reason``. They are to be checked.
    """

    counts: pd.Series
    missing: pd.DataFrame
    ambiguous: pd.DataFrame
    similar: pd.DataFrame

    def __str__(self) -> str:
        """Return a summary in plain English, at most ten names of each kind."""
        total = max(int(self.counts.sum()), 1)
        lines = [f"{count:>9,}  {100 * count / total:5.1f} %  {what}" for what, count in self.counts.items()]
        for what, table, column in (
            ("not found", self.missing, "near_misses"),
            ("names of several places", self.ambiguous, "others"),
            ("only a similar name was found, check", self.similar.assign(told=_taken(self.similar)), "told"),
        ):
            if len(table):
                lines.append(f"\n{what} ({len(table):,} names):")
                head = table.head(_SHOWN)
                for query, rows, told in zip(head["query"], head["rows"], head[column], strict=True):
                    lines.append(f"  {query!r} ({rows} rows)" + (": " + "; ".join(told) if told else ""))
        return "\n".join(lines)


def report(table: pd.DataFrame, *, most: int = 100, gazetteer: Gazetteer | None = None) -> Report:
    """Tell what came of a table that `geocode` returned.

    Parameters
    ----------
    table : DataFrame
        With the columns that `geocode` adds, under these names or with ``_geo`` behind them.
    most : int
        Names that near misses are looked for, the most frequent first.
    gazetteer : Gazetteer, optional
        The shipped one by default.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        If the table is none of `geocode`.

    Examples
    --------
    >>> from geo.geocoding.names import geocode
    >>> told = report(geocode(["Sirte", "Sirte", "Tripoli", None], country="SD"))
    >>> told.counts.to_dict()
    {'found': 0, 'ambiguous': 0, 'similar': 0, 'none': 3, 'empty': 1}
    >>> told.missing["near_misses"].iloc[0][0]
    'Sirte (LY): it lies in LY, not in SD'
    """
    columns = [
        "query",
        "status",
        "name",
        "country",
        "asked_country",
        "asked_admin1",
        "score",
        "alternatives",
        "reasons",
    ]
    frame = pd.DataFrame({column: _column(table, column) for column in columns})
    counts = frame["status"].value_counts()
    counts = counts.reindex([FOUND, AMBIGUOUS, SIMILAR, NONE, EMPTY], fill_value=0).astype(int)
    book = gazetteer or Gazetteer.open()
    missing = _counted(frame[frame["status"] == NONE])
    missing["reason"] = [reasons[0] for reasons in missing.pop("reasons")]
    asked = zip(*(missing[column] for column in ("query", "asked_country", "asked_admin1")), strict=True)
    missing["near_misses"] = [_near(book, *one) if number < most else [] for number, one in enumerate(asked)]
    ambiguous = _counted(frame[frame["status"] == AMBIGUOUS])
    ambiguous["others"] = [
        [f"{other['name']} ({other['country']})" for other in others] for others in ambiguous["alternatives"]
    ]
    similar = _counted(frame[frame["status"] == SIMILAR])
    similar["reason"] = [reasons[0] for reasons in similar.pop("reasons")]
    told = ["query", "asked_country", "asked_admin1", "rows"]
    return Report(
        counts.rename("rows").rename_axis("status"),
        missing[[*told, "reason", "near_misses"]],
        ambiguous[[*told, "name", "country", "others"]],
        similar[[*told, "name", "country", "score", "reason"]],
    )


def _taken(similar: pd.DataFrame) -> list[list[str]]:
    """Return which place was taken for each name, in words."""
    cells = zip(similar["name"], similar["country"], similar["score"], strict=True)
    return [[f"{name} ({country}), score {score:.2f}"] for name, country, score in cells]


def _column(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of `geocode`: the last one added, where a table went through it twice."""
    names = [name for name in table.columns if str(name).removesuffix("_geo") == column]
    if not names:
        raise InputError(
            f"the table has no column {column!r}; give what geo.geocode returned, with all its columns"
        )
    return table[names[-1]].reset_index(drop=True)


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each name and context, with how many rows it had, the most frequent first."""
    keys = ["query", "asked_country", "asked_admin1"]
    counts = rows.groupby(keys, dropna=False, sort=False).size().rename("rows")
    first = rows.drop_duplicates(keys).set_index(keys)
    joined = first.join(counts).reset_index()
    return joined.sort_values("rows", ascending=False, kind="stable", ignore_index=True)


def _near(book: Gazetteer, query: object, country: object, admin1: object) -> list[str]:
    """Return what came close to a name, in words."""
    given = {"country": text_of(country), "admin1": text_of(admin1)}
    try:
        found = near_misses(
            book, text_of(query), limit=NEAR, **{key: text for key, text in given.items() if text}
        )
    except InputError:
        return []  # the country or province is not known; the reason says so
    return [f"{miss.name} ({miss.place.country or '--'}): {miss.reason}" for miss in found]
