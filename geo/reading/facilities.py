"""Place hospitals, streets and roads that no source lists: at the city named with them, or nowhere.

A town that merely bears their name is never taken for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.arabic import Tokenized, clitic_relations
from geo.model import Place
from geo.reading.resolve import Context, Resolution
from geo.reading.toponyms import Toponym
from geo.reading.words import WordHit, WordList, beside

_WIDE_KM = 15.0
_LARGE_KM = 40.0
_KINDS = ("facility", "urban")
_SURE, _UNIT_SPOKEN_OF = 0.6, 0.2


def bears_name_of(place: Place, resolution: Resolution, context: Context) -> bool:
    """Say whether an institution may stand at the town or unit of its name.

    Parameters
    ----------
    place : Place
        What the name means most likely.
    resolution : Resolution
    context : Context

    Returns
    -------
    bool
        False where towns of several countries may be meant, for a wide unit, and for one in a country not
        spoken of.
    """
    own = sum(c.score for c in resolution.candidates if c.place.country == place.country)
    if own < _SURE * sum(c.score for c in resolution.candidates):
        return False
    if place.feature_class == "P":
        return True
    spoken_of = context.votes.get(place.country, 0.0) >= _UNIT_SPOKEN_OF
    return place.feature_class == "A" and place.uncertainty_km <= _LARGE_KM and spoken_of


def is_road(doc: Tokenized, toponyms: Sequence[Toponym], number: int) -> bool:
    """Say whether a name is that of a road, and not one of two ends of it.

    Parameters
    ----------
    doc : Tokenized
    toponyms : sequence of Toponym
        All of the text, in order.
    number : int
        Which of them.

    Returns
    -------
    bool
        False for طريق حلب – دمشق: the road runs between them.
    """
    toponym = toponyms[number]
    if toponym.clitics or not beside(doc.tokens, toponym.first):
        return False
    if WordList.of_table("road_head").ending_at(doc.tokens, toponym.first) is None:
        return False
    return number + 1 == len(toponyms) or not _other_end(doc, toponym, toponyms[number + 1])


def _other_end(doc: Tokenized, one: Toponym, other: Toponym) -> bool:
    """Say whether a hyphen, a slash, "and" or "to" joins two names."""
    if other.first - one.last > 1:
        return False
    if other.first > one.last:
        return doc.tokens[one.last].key in WordList.of_table("road_joint")
    dashed = any(mark in doc.tokens[other.first].gap for mark in "-\N{EN DASH}/\N{ARABIC TATWEEL}")
    return dashed or "and" in clitic_relations(other.clitics)


def no_place_of_road(resolution: Resolution) -> Resolution:
    """Take the place away from the name of a road: the town is where it leads.

    Parameters
    ----------
    resolution : Resolution

    Returns
    -------
    Resolution
    """
    reason = "the name of a road: the place is where it leads, not where it is"
    return Resolution(None, 0.5, resolution.candidates, (reason,))


def stands_in(
    head: WordHit | None, resolution: Resolution | None, city: Place, *, inside: bool
) -> Resolution | None:
    """Let an institution or a street without a place of its own stand in the city named behind it.

    Parameters
    ----------
    head : WordHit or None
        The head word of the name.
    resolution : Resolution or None
        What was decided so far.
    city : Place
        What the text names right behind.
    inside : bool
        A word says that it is in that city, and not a comma alone: then the town of its name gives way.

    Returns
    -------
    Resolution or None
        The city within its uncertainty and 15 km at least; ``None`` where this does not apply.
    """
    if head is None or head.entry["kind"] not in _KINDS:
        return None
    place = resolution.place if resolution is not None else None
    if place is not None and not (inside and place.feature_class in ("P", "A") and place.id != city.id):
        return None
    if place is not None and place.feature_code in head.entry.get("codes", ()):
        return None
    if city.feature_class not in ("P", "A") or city.uncertainty_km > _LARGE_KM:
        return None
    wide = replace(city, uncertainty_km=max(city.uncertainty_km, _WIDE_KM))
    reason = (
        f"not in the gazetteer: stands in {city.name}, named with it, within {wide.uncertainty_km:.0f} km"
    )
    return Resolution(wide, 0.6, resolution.candidates if resolution else (), (reason,))
