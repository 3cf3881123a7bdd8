"""What an importer hands over: places, names, refused rows and facts of a source.

Every source of more places (GeoNames, Who's On First, Wikidata, tables of the
user, ...) is read by an importer that yields these records one after the other,
in bounded memory; :mod:`geo.places.writing` makes an artefact of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

LANGUAGES = ("ar", "und", "foreign", "en", "latin")
"""``ar`` tagged Arabic; ``und`` Arabic script without a tag; ``foreign`` other languages in Arabic script;
``en`` preferred Latin name; ``latin`` other names in Latin script."""

KINDS = ("official", "variant", "historic", "colloquial", "context", "foreign")
"""Standing of a name; importers give the first four."""


class SourceName(NamedTuple):
    """One name of a place as its source spells it.

    Examples
    --------
    >>> SourceName("Tobruk", "en").kind
    'variant'
    """

    text: str
    lang: str = "und"
    kind: str = "variant"


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """One place of a source; ``lon``/``lat`` in degrees, WGS 84 (EPSG:4326).

    Attributes
    ----------
    id : str
        Concordance of the source and its own key: ``geonames:88319``,
        ``wof:421168683``, ``wikidata:Q3579``, ``osm:node/123``,
        ``pcode:LY0101``, ``own:...``.
    names : tuple of SourceName
        All names, the preferred ones first.
    feature_class, feature_code : str
        Class and code of GeoNames (``P``, ``PPL``), whatever the source.
    country : str
        ISO 3166-1 alpha-2 code, or empty where the source does not tell.
    admin1 : str
        Key of the first-order division, without the country.
    lon, lat : float
        Degrees east and north.
    population : int
        Inhabitants; 0 where not told.
    uncertainty_km : float or None
        Radius within which the place lies, kilometres; None lets the class decide.
    parent_id : str
        Id of the place that contains this one, empty where not told.
    same_as : tuple of str
        Ids of the same place at other sources.
    valid_to : str
        ISO date up to which the place (or its name) was in use, or empty.

    Examples
    --------
    >>> place = SourcePlace("own:1", (SourceName("Tobruk", "en"),), "P", "PPL", "LY", "", 23.96, 32.08)
    >>> place.lon, place.same_as
    (23.96, ())
    """

    id: str
    names: tuple[SourceName, ...]
    feature_class: str
    feature_code: str
    country: str
    admin1: str = ""
    lon: float = 0.0
    lat: float = 0.0
    population: int = 0
    uncertainty_km: float | None = None
    parent_id: str = ""
    same_as: tuple[str, ...] = ()
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, with the reason; ``text`` is the row, shortened.

    Examples
    --------
    >>> BadRow("LY.txt", 3, "latitude 'x' is no number").row
    3
    """

    file: str
    row: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is to be known and said about a source; ``url`` is a page for people.

    Examples
    --------
    >>> SourceFacts("own", "Our list", "2026-01", "CC0-1.0", "The desk", "").key
    'own'
    """

    key: str
    title: str
    version: str
    licence: str
    attribution: str
    url: str


class Importer(Protocol):
    """Reader of one kind of source; streaming, in bounded memory."""

    def facts(self, paths: Sequence[Path], **options: Any) -> SourceFacts:
        """Title, version, licence and attribution of what lies in ``paths``."""
        ...

    def read(self, paths: Sequence[Path], **options: Any) -> Iterator[SourcePlace | BadRow]:
        """Places and refused rows of ``paths``, one after the other."""
        ...
