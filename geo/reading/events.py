"""Read what happened: each event with its trigger, modality, place, date and actors, and the reasons.

Clauses are cut (`geo.reading.clauses`), triggers found and their meaning decided (`geo.reading.triggers`),
places given a role and attached (`geo.reading.roles`,
`geo.reading.attach`), dates chosen (`geo.reading.dating`) and actors named
(`geo.reading.actors`). An event whose place the text does not give has none: a right answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.arabic import Tokenized, strict_key, table
from geo.model import (
    Article,
    Event,
    Footprint,
    Location,
    Mention,
    Modality,
    Place,
    Reading,
    Span,
    TimeExpression,
)
from geo.reading.actors import Party, actors_of, find_parties
from geo.reading.attach import Attacher, Site
from geo.reading.blocks import Block, find_blocks
from geo.reading.clauses import Clause, find_clauses
from geo.reading.dates import link_dates
from geo.reading.dating import Dated, choose_time, names_known_event
from geo.reading.roles import TokenFinder, find_spots, precision_of
from geo.reading.triggers import Trigger, find_triggers
from geo.reading.words import WordList

_NEAR_PLACE = 8
_NEAR_DATE = 60
_NAMES = frozenset({Reading.PERSON, Reading.MEDIA, Reading.LITERAL})


@dataclass(frozen=True, slots=True)
class _Text:
    """Hold one article with all that was read in it so far."""

    doc: Tokenized
    article: Article
    mentions: Sequence[Mention]
    footprints: Sequence[Footprint]
    times: Sequence[TimeExpression]
    clauses: Sequence[Clause]
    triggers: Sequence[Trigger]
    parties: Sequence[Party]


def extract_events(
    doc: Tokenized,
    article: Article,
    mentions: Sequence[Mention],
    footprints: Sequence[Footprint],
    times: Sequence[TimeExpression],
    *,
    blocks: Sequence[Block] | None = None,
) -> tuple[Event, ...]:
    """Read the events of one article.

    Parameters
    ----------
    doc : Tokenized
        The article's text in words and sentences.
    article : Article
        Its id goes into the event ids.
    mentions : sequence of Mention
    footprints : sequence of Footprint
    times : sequence of TimeExpression
    blocks : sequence of Block, optional
        The persons, organisations and outlets of the text, if they were found before; found here if not.

    Returns
    -------
    tuple of Event
        In text order. Several places in a list give one event each.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> text = "انفجرت عبوة ناسفة أمس."
    >>> [event.type for event in extract_events(tokenize(text), Article("a", text), (), (), ())]
    ['bombing']
    """
    clauses, times = find_clauses(doc), link_dates(times, doc)
    triggers = find_triggers(doc, clauses, _blocked(doc, mentions))
    if not triggers:
        return ()
    triggers = _known_left_out(doc, triggers, times)
    attacher = Attacher(doc, clauses, triggers, find_spots(doc, mentions, footprints))
    parties = find_parties(doc, mentions, find_blocks(doc) if blocks is None else blocks)
    text = _Text(doc, article, mentions, footprints, times, clauses, triggers, parties)
    events: list[Event] = []
    for trigger in _one_each(attacher, triggers):
        sites = attacher.sites(trigger)
        dated = choose_time(doc, trigger, clauses[trigger.clause], _stop(text, trigger), times)
        if _counts(text, attacher, trigger, sites, dated):
            events.extend(
                _event(text, trigger, site, dated, ordinal) for ordinal, site in enumerate(sites or [None])
            )
    return tuple(events)


def _blocked(doc: Tokenized, mentions: Sequence[Mention]) -> Callable[[int], bool]:
    """Return a test whether a token belongs to a name and can be no trigger."""
    at = TokenFinder(doc.tokens)
    taken: set[int] = set()
    for mention in mentions:
        if mention.reading in _NAMES:
            span = mention.block if mention.block is not None else mention
            taken.update(range(*at.span(span.start, span.end)))
    return taken.__contains__


def _known_left_out(
    doc: Tokenized, triggers: Sequence[Trigger], times: Sequence[TimeExpression]
) -> list[Trigger]:
    """Leave out nouns that only date something by an event told before, and hashtags of one told anyway."""
    kept: list[Trigger] = []
    for trigger in triggers:
        start, end = doc.tokens[trigger.first].start, doc.tokens[trigger.last - 1].end
        anchored = names_known_event(start, end, times) is not None
        known = (
            kept
            if anchored
            else [t for t in (*kept, *triggers) if _tagged(doc, trigger) and t is not trigger]
        )
        known = [t for t in known if t in kept or not _tagged(doc, t)]
        if not any(other.type == trigger.type for other in known):
            kept.append(trigger)
    return kept


def _tagged(doc: Tokenized, trigger: Trigger) -> bool:
    return "#" in doc.tokens[trigger.first].gap


def _one_each(attacher: Attacher, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Merge triggers of one type in one clause, unless each has a place of its own."""
    kept: list[Trigger] = []
    for trigger in _causes(attacher, triggers):
        twin = next(
            (t for t in reversed(kept) if t.clause == trigger.clause and t.type == trigger.type), None
        )
        if (
            twin is None
            or twin.modality is not trigger.modality
            or (attacher.own(twin) is not None and attacher.own(trigger) is not None)
        ):
            kept.append(trigger)
        elif trigger.licensed and not twin.licensed:
            kept[kept.index(twin)] = trigger
    return kept


def _causes(attacher: Attacher, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Fold casualties into the event that caused them, and "attacked" into the attack told beside it."""
    kept: list[Trigger] = []
    for number, trigger in enumerate(triggers):
        near = [*triggers[max(0, number - 1) : number], *triggers[number + 1 : number + 2]]
        beside = [t for t in near if t.clause == trigger.clause and t.modality is trigger.modality]
        violent = [t for t in beside if t.type != trigger.type and t.entry.get("force")]
        folded = trigger.entry.get("result") and any(
            attacher.hang_together(trigger, other) for other in violent
        )
        generic = trigger.entry.get("generic") and violent and attacher.own(trigger) is None
        if not folded and not generic:
            kept.append(trigger)
    return kept


def _stop(text: _Text, trigger: Trigger) -> int:
    clause = text.clauses[trigger.clause]
    later = [t.first for t in text.triggers if t.clause == trigger.clause and t.first > trigger.first]
    return min([*later, clause.last])


def _counts(text: _Text, attacher: Attacher, trigger: Trigger, sites: Sequence[Site], dated: Dated) -> bool:
    """Say whether a trigger is an event after all: weak nouns need a place or date of their own."""
    entry = trigger.entry
    own = attacher.own(trigger)
    near = entry.get("needs_near_place")
    if (
        near is not None
        and not trigger.hit.finite
        and (own is None or own.spot.first - trigger.last > int(near))
    ):
        return False
    if entry.get("needs_place") and not sites:
        return False
    if trigger.licensed:
        return True
    if own is not None and own.spot.first - trigger.last <= _NEAR_PLACE:
        return True
    hosted = any(site.spot.cue == "hosted" for site in sites)
    end = text.doc.tokens[trigger.last - 1].end
    return hosted or (dated.time is not None and 0 <= dated.time.start - end <= _NEAR_DATE)


def _planned(text: _Text, trigger: Trigger, dated: Dated) -> Trigger:
    """Take an event with a date to come for planned, unless a perfect verb says that it happened."""
    time = dated.time
    if time is None or trigger.modality is not Modality.ASSERTED or trigger.hit.form.kind == "perfect":
        return trigger
    after = bool(text.article.date and time.date_start and time.date_start > text.article.date)
    if not after and not any(
        word in WordList.of_table("future_time") for word in strict_key(time.text).split()
    ):
        return trigger
    return replace(
        trigger, modality=Modality.PLANNED, why=(*trigger.why, f"planned: {time.text!r} is to come")
    )


def _event(text: _Text, trigger: Trigger, site: Site | None, dated: Dated, ordinal: int) -> Event:
    doc, entry = text.doc, trigger.entry
    clause = text.clauses[trigger.clause]
    span = _trigger_span(doc, trigger)
    quote_start, quote_end = doc.sentences[clause.sentence]
    location, why = _location(text, site)
    strength = float(entry["strength"])
    time = dated.time
    return Event(
        id=_identifier(text.article.id, span, ordinal),
        type=trigger.type,
        plover=entry.get("plover"),
        acled=_acled(entry.get("acled_sub")),
        modality=trigger.modality,
        trigger=span,
        quote=Span(quote_start, quote_end, doc.text[quote_start:quote_end]),
        date_start=time.date_start if time else None,
        date_end=time.date_end if time else None,
        date_precision=time.precision if time else None,
        edtf=time.edtf if time else "",
        date_text=time.text if time else "",
        actors=actors_of(doc, trigger, clause, text.parties, _stop(text, trigger)),
        location=location,
        confidence=round(
            min(strength, site.strength * _place_confidence(text, site)) if site and location else strength, 4
        ),
        reasons=(*trigger.why, why, dated.reason),
    )


def _trigger_span(doc: Tokenized, trigger: Trigger) -> Span:
    """Return the trigger without its proclitics."""
    token = doc.tokens[trigger.first]
    start, end = token.start, doc.tokens[trigger.last - 1].end
    if trigger.hit.prefix and token.end - token.start == len(token.key):
        start += len(trigger.hit.prefix)
    return Span(start, end, doc.text[start:end])


def _identifier(doc_id: str, span: Span, ordinal: int) -> str:
    return hashlib.sha256(f"{doc_id}|{span.start}|{span.end}|{ordinal}".encode()).hexdigest()[:16]


@cache
def _acled(sub_type: str | None) -> str | None:
    """Return the ACLED code of a sub-type, ``type: sub-type``."""
    if sub_type is None:
        return None
    types = {str(entry["name"]): str(entry["acled"]) for entry in table("acled_subtype")}
    return f"{types[sub_type]}: {sub_type}"


def _place_confidence(text: _Text, site: Site) -> float:
    return text.mentions[site.spot.mention].confidence if site.spot.mention is not None else 1.0


def _location(text: _Text, site: Site | None) -> tuple[Location | None, str]:
    """Turn a site into a location, with the reason in words."""
    if site is None:
        return None, "no place: the text does not say where"
    if site.spot.footprint is not None:
        return _from_footprint(text, site, site.spot.footprint)
    index = site.spot.mention
    mention = text.mentions[index] if index is not None else None
    if mention is None or mention.place is None:
        return None, "no place: the name has no entry in the gazetteer"
    place = mention.place
    where = precision_of(place.feature_class, place.feature_code)
    location = _at(place, site, index, where)
    return location, f"{site.reason}: {mention.text!r} ({precision_words(where)})"


def _at(place: Place, site: Site, mention: int | None, where: int) -> Location:
    return Location(
        role=site.role,
        mention=mention,
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


def _from_footprint(text: _Text, site: Site, index: int) -> tuple[Location | None, str]:
    footprint = text.footprints[index]
    if footprint.lon is None or footprint.lat is None or footprint.geometry is None:
        return None, f"no place: {footprint.text!r} could not be drawn"
    where = footprint.where_prec or 5
    anchor = next(
        (text.mentions[i].place for i in footprint.anchors if text.mentions[i].place is not None), None
    )
    relation = footprint.relation.replace("_", " ")
    name = f"{relation}: {anchor.name}" if anchor is not None else relation
    location = Location(
        role=site.role,
        mention=None,
        footprint=index,
        name=name,
        name_ar=footprint.text,
        lon=footprint.lon,
        lat=footprint.lat,
        geometry=footprint.geometry,
        where_prec=where,
        geo_precision=acled_precision(where),
        uncertainty_km=footprint.uncertainty_km or 0.0,
    )
    return location, f"{site.reason}: {footprint.text!r} ({precision_words(where)})"


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
