"""Declare every table once: column, kind of value, meaning, and the standard it follows.

`geo.tables.frame` builds frames from these declarations, `geo.tables.export` writes files from them and
``docs/reference/tables.md`` is generated from them (`reference`), so the four cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

from geo.errors import InputError

CRS = "EPSG:4326"
"""Coordinates are lon, lat in degrees, everywhere."""

CANDIDATE = pa.struct(
    [
        ("id", pa.string()),
        ("name", pa.string()),
        ("name_ar", pa.string()),
        ("country", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("score", pa.float32()),
    ]
)
ACTOR = pa.struct([("text", pa.string()), ("role", pa.string()), ("country", pa.string())])


class Kind(Enum):
    """Say how a column is held: the pandas dtype in a frame, the Arrow type in a file, a word for people."""

    TEXT = ("string", pa.string(), "text")
    CATEGORY = ("category", pa.string(), "category")
    DATE = ("datetime64[s]", pa.date32(), "day")
    INT8 = ("Int8", pa.int8(), "whole number, 8 bit")
    INT32 = ("Int32", pa.int32(), "whole number, 32 bit")
    FLOAT = ("float32", pa.float32(), "number, 32 bit")
    TEXTS = ("object", pa.list_(pa.string()), "list of text")
    ACTORS = ("object", pa.list_(ACTOR), "list of {text, role, country}")
    CANDIDATES = ("object", pa.list_(CANDIDATE), "list of {id, name, name_ar, country, lon, lat, score}")
    GEOMETRY = ("geometry", pa.binary(), "geometry, lon lat (WKB in GeoParquet)")

    def __init__(self, dtype: str, arrow: pa.DataType, word: str) -> None:
        self.dtype = dtype
        self.arrow = arrow
        self.word = word

    @property
    def nested(self) -> bool:
        """Say whether a cell holds a list."""
        return self in (Kind.TEXTS, Kind.ACTORS, Kind.CANDIDATES)


@dataclass(frozen=True, slots=True)
class Column:
    """Declare one column.

    Attributes
    ----------
    name : str
    kind : Kind
    meaning : str
        One phrase, without a full stop.
    after : str
        The standard or code book the column follows, or empty.
    """

    name: str
    kind: Kind
    meaning: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """Declare one table.

    Attributes
    ----------
    name : str
    key : str
        The column that identifies a row.
    about : str
        What a row is.
    columns : tuple of Column
        In the order of every frame and every file.
    """

    name: str
    key: str
    about: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Return the column names in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        """Return a column by name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def arrow(self) -> pa.Schema:
        """Return the Arrow schema of the table in a file; geometries are WKB."""
        return pa.schema([(column.name, column.kind.arrow) for column in self.columns])


_DOCUMENT = (
    Column("doc_url", Kind.TEXT, "address of the article", "schema.org"),
    Column("doc_title", Kind.TEXT, "headline of the article", "schema.org"),
    Column("doc_publisher", Kind.TEXT, "who published it", "schema.org"),
    Column("doc_date", Kind.DATE, "day of publication", "schema.org"),
)
_QUOTE = (
    Column("quote", Kind.TEXT, "the sentence, as written", "PLOVER"),
    Column("quote_start", Kind.INT32, "first code point of the sentence in the text"),
    Column("quote_end", Kind.INT32, "code point after its last"),
)
_RIGHTS = (
    Column("license", Kind.TEXT, "licence of the gazetteer row the place comes from"),
    Column("attribution", Kind.TEXT, "whom to name for it"),
)
_EVIDENCE = (
    Column("candidates", Kind.CANDIDATES, "places the name may refer to, best first, with scores"),
    Column("reasons", Kind.TEXTS, "why this reading and this place, in plain English"),
)

EVENTS = Schema(
    "events",
    "event_id",
    "One row per event; until reports are merged, each report of an event is an event of its own.",
    (
        Column("event_id", Kind.TEXT, "identifier of the event, stable on rerun", "UCDP, PLOVER"),
        Column("report_id", Kind.TEXT, "identifier of the report: document, trigger span, ordinal"),
        Column("merged_into", Kind.TEXT, "the event this one was merged into, null until then"),
        Column("date_start", Kind.DATE, "earliest local day, Gregorian", "UCDP"),
        Column("date_end", Kind.DATE, "latest local day, Gregorian", "UCDP"),
        Column("date_precision", Kind.INT8, "1 day, 2 a few days, 3 week, 4 month, 5 year", "UCDP"),
        Column("time_precision", Kind.INT8, "1 day, 2 week, 3 month or coarser; derived", "ACLED"),
        Column("edtf", Kind.TEXT, "the date with its doubt: 2014-03, 2015?, ../2012-06", "ISO 8601-2"),
        Column("date_text", Kind.TEXT, "the date phrase as written"),
        Column("date_anchor", Kind.TEXT, "document or event, where the date is told from there"),
        Column("type", Kind.CATEGORY, "type of event, a key of the rule table of triggers"),
        Column("subtype", Kind.CATEGORY, "finer type, null where there is none"),
        Column("plover", Kind.CATEGORY, "PLOVER event type", "PLOVER"),
        Column("plover_mode", Kind.CATEGORY, "PLOVER mode", "PLOVER"),
        Column("acled", Kind.CATEGORY, "ACLED event type", "ACLED"),
        Column("acled_sub", Kind.CATEGORY, "ACLED sub-event type", "ACLED"),
        Column("modality", Kind.CATEGORY, "asserted, planned, requested, threatened or denied", "PLOVER"),
        Column("actors", Kind.ACTORS, "who took part, as named", "PLOVER"),
        Column("place_text", Kind.TEXT, "the place or relative expression as written", "Linked Places"),
        Column("name", Kind.TEXT, "name of the place in English", "Linked Places"),
        Column("name_ar", Kind.TEXT, "name of the place in Arabic", "Linked Places"),
        Column("place_id", Kind.TEXT, "gazetteer identifier; null for a relative place"),
        Column("country", Kind.TEXT, "ISO 3166-1 alpha-2; null at sea", "ISO 3166"),
        Column("admin1", Kind.TEXT, "first-order division, GeoNames code", "GeoNames"),
        Column("geometry", Kind.GEOMETRY, "plotted point; null if the text does not say where", "RFC 7946"),
        Column("footprint", Kind.GEOMETRY, "the shape it may have happened in; null: a circle", "GeoParquet"),
        Column("uncertainty_km", Kind.FLOAT, "radius in km that holds the true place with 90 %"),
        Column("where_prec", Kind.INT8, "1 exact ... 6 country, 7 sea or air; null unlocated", "UCDP"),
        Column("geo_precision", Kind.INT8, "1 town, 2 small area, 3 region or sea; derived", "ACLED"),
        Column("point_policy", Kind.CATEGORY, "how the point was chosen: footprint, ucdp or acled"),
        Column("location_role", Kind.CATEGORY, "event, origin, destination, dateline or mentioned"),
        Column("other_end", Kind.CANDIDATES, "of a movement, where it began or ended; null if not told"),
        Column("rel_type", Kind.CATEGORY, "relation of a relative place, for instance direction"),
        Column("rel_anchor_id", Kind.TEXT, "gazetteer identifier of its anchor"),
        Column("rel_bearing_deg", Kind.FLOAT, "its bearing from the anchor, clockwise from north"),
        Column("rel_distance_km", Kind.FLOAT, "its distance from the anchor, null if not given"),
        *_QUOTE,
        Column("trigger_text", Kind.TEXT, "the word that says what happened", "PLOVER"),
        Column("trigger_start", Kind.INT32, "first code point of that word"),
        Column("trigger_end", Kind.INT32, "code point after its last"),
        Column("place_start", Kind.INT32, "first code point of the place as written"),
        Column("place_end", Kind.INT32, "code point after its last"),
        Column("doc_id", Kind.TEXT, "identifier of the article"),
        *_DOCUMENT,
        Column("doc_sha256", Kind.TEXT, "SHA-256 of the article's text in UTF-8"),
        *_EVIDENCE,
        Column("n_reports", Kind.INT32, "number of reports merged into the event", "ACLED"),
        Column("conf_event", Kind.FLOAT, "confidence that it happened as told, 0 to 1"),
        Column("conf_type", Kind.FLOAT, "confidence in the type, null where not scored apart"),
        Column("conf_place", Kind.FLOAT, "confidence in the place, null if unlocated"),
        Column("conf_date", Kind.FLOAT, "confidence in the date, null where not scored apart"),
        Column("confidence", Kind.FLOAT, "the lowest of these"),
        Column("status", Kind.CATEGORY, "auto, queued, accepted, edited, rejected or merged"),
        Column("code_version", Kind.TEXT, "version of the package", "PROV"),
        Column("model_version", Kind.TEXT, "version of the learned part", "PROV"),
        Column("gazetteer_version", Kind.TEXT, "version of the gazetteer", "PROV"),
        Column("rules_version", Kind.TEXT, "version of the rule tables", "PROV"),
        *_RIGHTS,
    ),
)

MENTIONS = Schema(
    "mentions",
    "mention_id",
    "One row per place name read in a text, whatever it stands for there.",
    (
        Column("doc_id", Kind.TEXT, "identifier of the article"),
        Column("mention_id", Kind.TEXT, "identifier of the mention: document and span"),
        Column("start", Kind.INT32, "first code point in the text"),
        Column("end", Kind.INT32, "code point after its last"),
        Column("text", Kind.TEXT, "the name as written, without proclitics"),
        Column("clitics", Kind.TEXT, "the proclitics taken off, as written"),
        Column(
            "reading", Kind.CATEGORY, "literal, metonymic, demonym, organisation, person, media, historical"
        ),
        Column("role", Kind.CATEGORY, "part the place plays in an event, or mentioned"),
        Column("place_id", Kind.TEXT, "gazetteer identifier; null if no place convinced"),
        Column("name", Kind.TEXT, "name of the place in English", "Linked Places"),
        Column("name_ar", Kind.TEXT, "name of the place in Arabic", "Linked Places"),
        Column("feature_class", Kind.CATEGORY, "class of feature: P, A, S, H and so on", "GeoNames"),
        Column("feature_code", Kind.CATEGORY, "code of feature: PPLA, ADM1, AIRB and so on", "GeoNames"),
        Column("country", Kind.TEXT, "ISO 3166-1 alpha-2; null at sea", "ISO 3166"),
        Column("admin1", Kind.TEXT, "first-order division, GeoNames code", "GeoNames"),
        Column("geometry", Kind.GEOMETRY, "point of the place; null if none", "RFC 7946"),
        Column("uncertainty_km", Kind.FLOAT, "radius in km that holds the place with 90 %"),
        Column("confidence", Kind.FLOAT, "confidence in reading and place together, 0 to 1"),
        *_EVIDENCE,
        *_QUOTE,
        *_DOCUMENT,
        Column("gazetteer_version", Kind.TEXT, "version of the gazetteer", "PROV"),
        *_RIGHTS,
    ),
)

TABLES = (EVENTS, MENTIONS)


def schema_of(name: str) -> Schema:
    """Return the schema of a table by name.

    Parameters
    ----------
    name : str
        ``"events"`` or ``"mentions"``.

    Raises
    ------
    InputError
        If there is no table of that name.

    Examples
    --------
    >>> schema_of("mentions").key
    'mention_id'
    """
    for schema in TABLES:
        if schema.name == name:
            return schema
    known = " or ".join(repr(schema.name) for schema in TABLES)
    raise InputError(f"there is no table {name!r}; give {known}")


def reference() -> str:
    """Return the reference page of the tables, in Markdown.

    Examples
    --------
    >>> reference().splitlines()[0]
    '# Tables'
    """
    lines = [
        "# Tables",
        "",
        "Made from `geo/tables/schema.py` by `python tools/reference.py`; do not edit.",
        "",
        "`geo.to_geodataframe(docs, table=...)` gives these columns in this order, also when there is no",
        "row. Coordinates are lon, lat in degrees (EPSG:4326). Offsets count code points of the article's",
        "text, end exclusive. Null means that the text, or the gazetteer, does not say.",
    ]
    for schema in TABLES:
        lines += ["", f"## {schema.name}", "", schema.about, ""]
        lines += ["| column | in a frame | in a file | meaning | after |", "|---|---|---|---|---|"]
        lines += [
            f"| `{c.name}` | {c.kind.dtype} | {c.kind.word} | {c.meaning} | {c.after} |"
            for c in schema.columns
        ]
    return "\n".join(lines) + "\n"
