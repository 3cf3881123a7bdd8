"""Recognise the columns of COD-AB files, which differ from country to country and from year to year.

``ADM2_AR``, ``ADM2_PCODE``, ``ADM2ALT1AR`` (until about 2024), ``admin2Name_ar``, ``admin2Pcode`` (older),
``adm2_name``, ``adm2_name1``, ``adm2_pcode`` with ``lang``, ``lang1`` (newer). Capitals do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from geo.places.records import SourceName
from geo.places.sources.spelling import named

POINTS = (
    ("center_lon", "center_lat"), ("lon", "lat"), ("longitude", "latitude"), ("x_coord", "y_coord"),
    ("point_x", "point_y"), ("centroid_x", "centroid_y"), ("x", "y"),
)  # fmt: skip
_CODE = re.compile(r"adm(?:in)?(\d)_?pcod(?:e)?")
_TAGGED = re.compile(r"adm(?:in)?(\d)_?(?:name)?_?([a-z]{2})")
_NAME = re.compile(r"adm(?:in)?(\d)_?name_?(\d?)")
_OTHER = re.compile(r"adm(?:in)?(\d)_?(?:alt|ref)(?:name)?_?\d?_?([a-z]{2})?")


@dataclass(slots=True)
class Columns:
    """Hold which columns of a table tell codes and names of which level.

    Attributes
    ----------
    codes : dict of int to str
        Level to column.
    names : dict of int to list of (str, str, str)
        Level to column, language (or the column that tells it, after ``@``) and kind.
    point : tuple of str or None
        Columns of longitude and latitude.
    """

    codes: dict[int, str] = field(default_factory=dict)
    names: dict[int, list[tuple[str, str, str]]] = field(default_factory=dict)
    point: tuple[str, str] | None = None

    @classmethod
    def of(cls, header: Iterable[str]) -> Columns:
        """Find the columns; the header is in lower case.

        Examples
        --------
        >>> Columns.of(["adm1_ar", "adm1_pcode", "adm1alt1ar"]).names[1]
        [('adm1_ar', 'ar', 'official'), ('adm1alt1ar', 'ar', 'variant')]
        """
        found = cls()
        known = list(header)
        for name in known:
            if match := _CODE.fullmatch(name):
                found.codes[int(match[1])] = name
            elif match := _TAGGED.fullmatch(name):
                found.names.setdefault(int(match[1]), []).append((name, match[2], "official"))
            elif match := _NAME.fullmatch(name):
                found.names.setdefault(int(match[1]), []).append((name, f"@lang{match[2]}", "official"))
            elif match := _OTHER.fullmatch(name):
                found.names.setdefault(int(match[1]), []).append((name, match[2] or "", "variant"))
        found.point = next((pair for pair in POINTS if set(pair) <= set(known)), None)
        return found

    def level(self, row: Mapping[str, object]) -> int | None:
        """Return the deepest level whose code a row tells."""
        return max((level for level, column in self.codes.items() if row.get(column)), default=None)

    def names_of(self, row: Mapping[str, object], level: int) -> list[SourceName | None]:
        """Return the names that a row tells of its own level."""
        names = []
        for column, lang, kind in self.names.get(level, ()):
            tag = str(row.get(lang[1:]) or "") if lang.startswith("@") else lang
            name = named(str(row.get(column) or ""), tag, kind)
            if name is not None and name.lang == "und":
                name = name._replace(lang="ar")  # files of Arab states: the local name in Arabic script
            if name is not None and kind == "official" and name.lang not in ("ar", "en"):
                name = name._replace(kind="variant")
            names.append(name)
        return names
