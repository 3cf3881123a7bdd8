"""Hold rows: one schema per table, documents to frames, frames to files, files to articles.

Names are fetched on first use (:pep:`562`): reading articles and writing JSON Lines loads no data frames.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.tables.corrections import Correction, CorrectionLog, Corrections
    from geo.tables.export import read_table, write_footprints, write_table
    from geo.tables.frame import to_geodataframe
    from geo.tables.intake import Rejected, read_articles
    from geo.tables.overview import summary
    from geo.tables.records import document_from_dict, document_to_dict, write_jsonl
    from geo.tables.schema import EVENTS, MENTIONS, TABLES, Column, Kind, Schema, schema_of

__all__ = [
    "EVENTS",
    "MENTIONS",
    "TABLES",
    "Column",
    "Correction",
    "CorrectionLog",
    "Corrections",
    "Kind",
    "Rejected",
    "Schema",
    "document_from_dict",
    "document_to_dict",
    "read_articles",
    "read_table",
    "schema_of",
    "summary",
    "to_geodataframe",
    "write_footprints",
    "write_jsonl",
    "write_table",
]


def _home(name: str) -> str | None:
    """Return the room that holds a name, or None if there is no such name."""
    match name:
        case "Correction" | "CorrectionLog" | "Corrections":
            return "geo.tables.corrections"
        case "read_table" | "write_footprints" | "write_table":
            return "geo.tables.export"
        case "to_geodataframe":
            return "geo.tables.frame"
        case "Rejected" | "read_articles":
            return "geo.tables.intake"
        case "document_from_dict" | "document_to_dict" | "write_jsonl":
            return "geo.tables.records"
        case "EVENTS" | "MENTIONS" | "TABLES" | "Column" | "Kind" | "Schema" | "schema_of":
            return "geo.tables.schema"
        case "summary":
            return "geo.tables.overview"
        case _:
            return None


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room on first use."""
    home = _home(name)
    if home is None:
        raise AttributeError(f"module 'geo.tables' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *__all__})
