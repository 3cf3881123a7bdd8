"""Define the nouns of the package: what each stage hands to the next.

Only the standard library is imported here. Everything is frozen and slotted, so results can be shared
between threads, pickled to workers and compared.

Conventions that hold everywhere:

* ``start`` and ``end`` are code-point offsets into the ORIGINAL text, end exclusive;
* coordinates are ``lon, lat`` in degrees, EPSG:4326;
* lengths end in ``_km``, bearings in ``_deg`` (clockwise from true north);
* geometries are GeoJSON mappings (RFC 7946), so that no geometry library is needed to read a result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Geometry = Mapping[str, Any]
"""A GeoJSON geometry object: ``{"type": ..., "coordinates": ...}``."""


class Reading(StrEnum):
    """Say what a toponym stands for at one place of one text."""

    LITERAL = "literal"
    METONYMIC = "metonymic"
    DEMONYM = "demonym"
    ORGANISATION = "organisation"
    PERSON = "person"
    MEDIA = "media"
    HISTORICAL = "historical"


class Modality(StrEnum):
    """Say whether the text asserts an event or only speaks of it (guards of CAMEO/PLOVER coding)."""

    ASSERTED = "asserted"
    PLANNED = "planned"
    REQUESTED = "requested"
    THREATENED = "threatened"
    DENIED = "denied"


class Role(StrEnum):
    """Say what part a place plays in an event."""

    EVENT = "event"
    ORIGIN = "origin"
    DESTINATION = "destination"
    DATELINE = "dateline"
    MENTIONED = "mentioned"


class MatchKind(StrEnum):
    """Say how a name was found in the gazetteer."""

    EXACT = "exact"
    VARIANT = "variant"
    CONTAINER = "container"
    FUZZY = "fuzzy"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Span:
    """Mark a stretch of the original text.

    Attributes
    ----------
    start, end : int
        Code-point offsets into the original text, end exclusive.
    text : str
        The surface, always equal to ``original[start:end]``.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Hold one gazetteer entry.

    Attributes
    ----------
    id : str
        Source and number, for instance ``geonames:89113``.
    name, name_ar : str
        Preferred name in English (Latin script) and in Arabic; ``name_ar`` may be empty.
    feature_class, feature_code : str
        GeoNames vocabulary, for instance ``P`` and ``PPLA``.
    country, admin1 : str
        ISO 3166-1 alpha-2 and the GeoNames admin1 code; empty where there is none (seas).
    lon, lat : float
        Degrees, EPSG:4326.
    population : int
        Inhabitants, 0 where unknown.
    uncertainty_km : float
        Radius in km that holds the place with 90 % confidence, seen from the point.
    parent_id : str
        The place that contains this one, or empty.
    source : str
        Key of the source in ``provenance.json``.
    valid_to : str
        ISO year or date after which the place no longer exists under this name, or empty.
    """

    id: str
    name: str
    name_ar: str
    feature_class: str
    feature_code: str
    country: str
    admin1: str
    lon: float
    lat: float
    population: int = 0
    uncertainty_km: float = 5.0
    parent_id: str = ""
    source: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Offer one place a mention may refer to, with the features that scored it.

    Attributes
    ----------
    place : Place
    score : float
        Between 0 and 1; the scores of one mention and of "none of these" add up to 1.
    features : Mapping[str, float]
        Each feature's contribution to the score, by name.
    """

    place: Place
    score: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold one toponym of the text: what it stands for, which place it is, and why.

    Attributes
    ----------
    start, end, text
        The surface without its proclitics (``وبطرابلس`` gives ``طرابلس``).
    reading : Reading
    place : Place or None
        ``None`` where no candidate convinced; ``reasons`` says why.
    confidence : float
        Between 0 and 1, for reading and place together.
    candidates : tuple of Candidate
        Best first; the runner-ups stay, as evidence.
    reasons : tuple of str
        In plain English, one reason each: the reading first, then the place.
    clitics : str
        The stripped proclitics as written, for instance ``وب``.
    containers : tuple of int
        Indices of the mentions that contain this place in the text (``X في Y بـZ``).
    block : Span or None
        The larger name the toponym is part of (an organisation, a person, an outlet, a facility).
    """

    start: int
    end: int
    text: str
    reading: Reading
    place: Place | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...] = ()
    clitics: str = ""
    containers: tuple[int, ...] = ()
    block: Span | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """Hold the geometry a relative expression means ("south of X"), with its doubt.

    Attributes
    ----------
    start, end, text
        The whole expression with its anchors.
    relation : str
        Name of the relation, a key of the rule table ``relations``.
    anchors : tuple of int
        Indices into the document's mentions.
    bearing_deg, distance_km : float or None
        Clockwise from north; km on the ellipsoid; ``None`` where the text gives none.
    geometry : Geometry or None
        GeoJSON, EPSG:4326; ``None`` if the anchor could not be resolved.
    lon, lat : float or None
        A representative point inside ``geometry``.
    uncertainty_km : float or None
        Radius around that point that holds the true place with 90 % confidence.
    where_prec : int or None
        UCDP GED precision code, 1 to 7.
    reasons : tuple of str
    alternatives : tuple of (str, float)
        Other meanings of the expression with their scores, for instance ``("inside_part", 0.3)``.
    names : tuple of str
        English names of the places it hangs on; "the capital" is not the country that was mentioned.
    """

    start: int
    end: int
    text: str
    relation: str
    anchors: tuple[int, ...]
    bearing_deg: float | None = None
    distance_km: float | None = None
    geometry: Geometry | None = None
    lon: float | None = None
    lat: float | None = None
    uncertainty_km: float | None = None
    where_prec: int | None = None
    reasons: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Hold one date phrase as an interval of local days.

    Attributes
    ----------
    start, end, text
        The phrase as written.
    date_start, date_end : str or None
        ISO days, both ends included; ``None`` for an open end or an unknown anchor.
    precision : int or None
        UCDP: 1 day, 2 a few days, 3 week, 4 month, 5 year; ``None`` for open intervals.
    edtf : str
        ISO 8601-2 level 1, for instance ``2014-03`` or ``2008/..``; empty where symbolic.
    relative_to : str or None
        ``"document"`` or ``"event"`` when the phrase is told from there; ``None`` if absolute.
    anchor : Span or None
        The words that name the anchor event (``زيارة حفتر``), when ``relative_to`` is ``"event"``.
    offset : str
        Symbolic distance from the anchor, an ISO 8601 duration with a sign (``-P1Y``), or ``after``,
        ``since`` or ``before``.
    """

    start: int
    end: int
    text: str
    date_start: str | None = None
    date_end: str | None = None
    precision: int | None = None
    edtf: str = ""
    relative_to: str | None = None
    anchor: Span | None = None
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Name one participant of an event as the text names it.

    Attributes
    ----------
    text : str
    role : str
        ``source``, ``target`` or ``participant`` (PLOVER); the first two only if the syntax shows it.
    country : str
        ISO 3166-1 alpha-2, or empty.
    """

    text: str
    role: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """Say where an event happened: one mention or one footprint, with its precision.

    Attributes
    ----------
    role : Role
    mention, footprint : int or None
        Index into the document's mentions or footprints; exactly one of the two is set.
    name, name_ar : str
    lon, lat : float
        Plotted position.
    geometry : Geometry or None
        The footprint drawn; ``None`` draws a circle of ``uncertainty_km``.
    where_prec : int
        UCDP GED, 1 to 7.
    geo_precision : int
        ACLED, 1 to 3.
    uncertainty_km : float
    """

    role: Role
    mention: int | None
    footprint: int | None
    name: str
    name_ar: str
    lon: float
    lat: float
    geometry: Geometry | None
    where_prec: int
    geo_precision: int
    uncertainty_km: float


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one thing that happened, as one document reports it.

    Attributes
    ----------
    id : str
        Stable on rerun: a hash of document id, trigger span and ordinal, never of the type.
    type : str
        A key of the rule table ``triggers``.
    plover, acled : str or None
        Crosswalk codes; ``None`` where neither scheme has a fitting one.
    modality : Modality
    trigger, quote : Span
        The word that says what happened, and its sentence.
    date_start, date_end, date_precision, edtf, date_text
        As in `TimeExpression`; ``None`` where the text gives no date.
    actors : tuple of Actor
    location : Location or None
        ``None`` if the text does not say where: a right answer, kept and never drawn.
    confidence : float
    reasons : tuple of str
        Why this type, this place and this date.
    status : str
        ``auto`` as read, or what a person made of it: ``accepted``, ``edited``, ``rejected``.
    other_end : Location or None
        Of a movement whose place is where it ended, where it began, and the reverse; ``None`` if the text
        does not say, or names a country only.
    """

    id: str
    type: str
    plover: str | None
    acled: str | None
    modality: Modality
    trigger: Span
    quote: Span
    date_start: str | None = None
    date_end: str | None = None
    date_precision: int | None = None
    edtf: str = ""
    date_text: str = ""
    actors: tuple[Actor, ...] = ()
    location: Location | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    status: str = "auto"
    other_end: Location | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one input: a text and what is known about it.

    Attributes
    ----------
    id : str
    text : str
    date : str
        ISO day of publication, or empty; anchors "yesterday" and "last week".
    url, title, publisher : str
    """

    id: str
    text: str
    date: str = ""
    url: str = ""
    title: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Hold everything read in one article.

    Attributes
    ----------
    article : Article
    mentions : tuple of Mention
        In text order, whatever their reading.
    footprints : tuple of Footprint
    times : tuple of TimeExpression
    events : tuple of Event
    versions : Mapping[str, str]
        Versions of code, gazetteer, rules and model.
    notes : tuple of str
        Corrections of people that this reading contradicts, or that found nothing to correct.
    sources : Mapping[str, Mapping[str, Any]]
        Licence and attribution of the packs and corrections of the user that places come from, by the
        ``source`` of these places; those of the shipped gazetteer are known without.
    """

    article: Article
    mentions: tuple[Mention, ...] = ()
    footprints: tuple[Footprint, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    events: tuple[Event, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the identifier of the article."""
        return self.article.id

    @property
    def text(self) -> str:
        """Return the original text, which every offset indexes."""
        return self.article.text

    def _repr_html_(self) -> str:
        """Show the document in a notebook."""
        from geo.glance import document_html

        return document_html(self)


Names = Sequence[str]
"""A sequence of place names, in any script."""
