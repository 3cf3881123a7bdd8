"""Turn the place given to an event into coordinates, with its precision in the UCDP and ACLED codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from geo.arabic import table
from geo.model import Footprint, Location, Mention, Role
from geo.reading.attach import Site
from geo.reading.roles import precision_of


def locate(
    site: Site | None, mentions: Sequence[Mention], footprints: Sequence[Footprint]
) -> tuple[Location | None, str]:
    """Turn the place given to an event into a location.

    Parameters
    ----------
    site : Site or None
    mentions : sequence of Mention
    footprints : sequence of Footprint

    Returns
    -------
    tuple of (Location or None, str)
        The reason in words stands beside; ``None`` where the text gives no place or nothing can be drawn.
    """
    if site is None:
        return None, "no place: the text does not say where"
    if site.spot.footprint is not None:
        return _from_footprint(site, site.spot.footprint, mentions, footprints)
    index = site.spot.mention
    mention = mentions[index] if index is not None else None
    if mention is None or mention.place is None:
        return None, "no place: the name has no entry in the gazetteer"
    location = at_mention(mentions, index or 0, site.role)
    words = "" if location is None else precision_words(location.where_prec)
    return location, f"{site.reason}: {mention.text!r} ({words})"


def at_mention(mentions: Sequence[Mention], index: int, role: Role) -> Location | None:
    """Return the location of an event at a mention, or None if the mention has no place.

    Parameters
    ----------
    mentions : sequence of Mention
    index : int
    role : Role
    """
    place = mentions[index].place
    if place is None:
        return None
    where = precision_of(place.feature_class, place.feature_code)
    return Location(
        role=role,
        mention=index,
        footprint=None,
        name=place.name,
        name_ar=place.name_ar,
        lon=place.lon,
        lat=place.lat,
        geometry=None,
        where_prec=where,
        geo_precision=acled_precision(where),
        uncertainty_km=place.uncertainty_km,
    )


def _from_footprint(
    site: Site, index: int, mentions: Sequence[Mention], footprints: Sequence[Footprint]
) -> tuple[Location | None, str]:
    location = at_footprint(footprints, index, site.role, mentions)
    text = footprints[index].text
    if location is None:
        return None, f"no place: {text!r} could not be drawn"
    return location, f"{site.reason}: {text!r} ({precision_words(location.where_prec)})"


def at_footprint(
    footprints: Sequence[Footprint], index: int, role: Role, mentions: Sequence[Mention]
) -> Location | None:
    """Return the location of an event in a footprint, or None if that could not be drawn.

    Parameters
    ----------
    footprints : sequence of Footprint
    index : int
    role : Role
    mentions : sequence of Mention
        Of the same document: the footprint's anchors index them.
    """
    footprint = footprints[index]
    if footprint.lon is None or footprint.lat is None or footprint.geometry is None:
        return None
    where = footprint.where_prec or 5
    return Location(
        role=role,
        mention=None,
        footprint=index,
        name=footprint_name(footprint, mentions),
        name_ar=footprint.text,
        lon=footprint.lon,
        lat=footprint.lat,
        geometry=footprint.geometry,
        where_prec=where,
        geo_precision=acled_precision(where),
        uncertainty_km=footprint.uncertainty_km or 0.0,
    )


def footprint_name(footprint: Footprint, mentions: Sequence[Mention]) -> str:
    """Return what a relative place is called in English, for instance ``S of Cyprus``.

    Parameters
    ----------
    footprint : Footprint
    mentions : sequence of Mention
        Of the same document: the footprint's anchors index them.

    Returns
    -------
    str
    """
    places = (mentions[index].place for index in footprint.anchors)
    names = list(dict.fromkeys(footprint.names or (place.name for place in places if place is not None)))
    compass = _compass(footprint.bearing_deg)
    kilometres = "" if footprint.distance_km is None else f"{footprint.distance_km:.0f}"
    pattern = _patterns().get(footprint.relation, footprint.relation.replace("_", " ") + " {anchor}")
    name = pattern.format(
        compass=compass, km=kilometres, anchor=names[0] if names else "", anchors=" and ".join(names)
    )
    return " ".join(name.split()).removeprefix("of ")


def _compass(bearing_deg: float | None) -> str:
    """Return the nearest of eight compass points."""
    if bearing_deg is None:
        return ""
    return ("N", "NE", "E", "SE", "S", "SW", "W", "NW")[round(bearing_deg / 45.0) % 8]


@cache
def _patterns() -> Mapping[str, str]:
    return {str(entry["relation"]): str(entry["pattern"]) for entry in table("footprint_name")}


@cache
def precision_words(where_prec: int) -> str:
    """Return a UCDP precision code in words.

    Examples
    --------
    >>> precision_words(6)
    'country only'
    """
    return next(str(entry["text"]) for entry in table("precision_words") if entry["where_prec"] == where_prec)


@cache
def acled_precision(where_prec: int) -> int:
    """Return the ACLED precision (1-3) of a UCDP one (1-7).

    Examples
    --------
    >>> [acled_precision(code) for code in (1, 2, 4, 7)]
    [1, 2, 3, 3]
    """
    return next(
        int(entry["acled"]) for entry in table("precision_words") if entry["where_prec"] == where_prec
    )
