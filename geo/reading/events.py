"""Read what happened: each event with its trigger, modality, place, date and actors, and the reasons.

Clauses are cut (`geo.reading.clauses`), triggers found and their meaning decided (`geo.reading.triggers`),
places given a role and attached (`geo.reading.roles`,
`geo.reading.attach`), dates chosen (`geo.reading.dating`) and actors named
(`geo.reading.actors`). An event whose place the text does not give has none: a right answer.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest

from geo.arabic import Tokenized, strict_key, table
from geo.model import (
    Article,
    Event,
    Footprint,
    Location,
    Mention,
    Modality,
    Reading,
    Span,
    TimeExpression,
)
from geo.reading.actors import Party, actors_of, find_parties
from geo.reading.attach import Attacher, Site
from geo.reading.blocks import Block, find_blocks
from geo.reading.clauses import Clause, find_clauses
from geo.reading.dating import Dated, choose_time
from geo.reading.location import locate
from geo.reading.merging import known_left_out, one_each
from geo.reading.roles import TokenFinder, find_spots
from geo.reading.triggers import Trigger, find_triggers
from geo.reading.words import WordList

_NEAR_PLACE = 8
_NEAR_DATE = 60
_NAMES = frozenset({Reading.PERSON, Reading.MEDIA, Reading.LITERAL})


@dataclass(frozen=True, slots=True)
class _Text:
    """Hold one article with all that was read in it so far; times and parties by sentence.

    ``stops`` gives for the first token of each trigger the token at which the next one of its clause begins.
    """

    doc: Tokenized
    article: Article
    mentions: Sequence[Mention]
    footprints: Sequence[Footprint]
    clauses: Sequence[Clause]
    times: Mapping[int, Sequence[TimeExpression]]
    parties: Mapping[int, Sequence[Party]]
    stops: Mapping[int, int]


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
    clauses = find_clauses(doc)
    triggers = find_triggers(doc, clauses, _blocked(doc, mentions))
    if not triggers:
        return ()
    dates = _dates_by_sentence(doc, times)
    triggers = known_left_out(doc, triggers, dates)
    unknown, governments = _unknown(doc, mentions), _governments(doc, mentions)
    elsewhere = sorted([*unknown, *governments])
    attacher = Attacher(doc, clauses, triggers, find_spots(doc, mentions, footprints), elsewhere, unknown)
    parties = _parties_by_sentence(doc, mentions, find_blocks(doc) if blocks is None else blocks)
    stops = _stops(clauses, triggers)
    text = _Text(doc, article, mentions, footprints, clauses, dates, parties, stops)
    events: list[Event] = []
    for trigger in one_each(doc, attacher, triggers):
        sites = attacher.sites(trigger)
        dated = _date(text, trigger)
        if _counts(text, attacher, trigger, sites, dated):
            trigger = _planned(text, trigger, dated)
            events.extend(
                _event(text, attacher, trigger, site, dated, ordinal)
                for ordinal, site in enumerate(sites or [None])
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


def _unknown(doc: Tokenized, mentions: Sequence[Mention]) -> list[int]:
    """Return the tokens of the places nobody knows, in order."""
    return _tokens_of(doc, (m for m in mentions if m.reading is Reading.LITERAL and m.place is None))


def _governments(doc: Tokenized, mentions: Sequence[Mention]) -> list[int]:
    """Return the tokens of the governments that a text names, in order."""
    return _tokens_of(doc, (m for m in mentions if m.reading is Reading.METONYMIC))


def _tokens_of(doc: Tokenized, mentions: Iterable[Mention]) -> list[int]:
    at = TokenFinder(doc.tokens)
    return [at.span(mention.start, mention.end)[0] for mention in mentions]


def _dates_by_sentence(
    doc: Tokenized, times: Sequence[TimeExpression]
) -> Mapping[int, Sequence[TimeExpression]]:
    starts = [start for start, _ in doc.sentences]
    found: dict[int, list[TimeExpression]] = {}
    for time in times:
        found.setdefault(bisect_right(starts, time.start) - 1, []).append(time)
    return found


def _parties_by_sentence(
    doc: Tokenized, mentions: Sequence[Mention], blocks: Sequence[Block]
) -> Mapping[int, Sequence[Party]]:
    found: dict[int, list[Party]] = {}
    for party in find_parties(doc, mentions, blocks):
        found.setdefault(doc.tokens[party.first].sentence, []).append(party)
    return found


def _stops(clauses: Sequence[Clause], triggers: Sequence[Trigger]) -> Mapping[int, int]:
    """Return for the first token of each trigger where its own part of the clause ends."""
    stops: dict[int, int] = {}
    for trigger, following in zip_longest(triggers, triggers[1:]):
        shared = following is not None and following.clause == trigger.clause
        stops[trigger.first] = following.first if shared else clauses[trigger.clause].last
    return stops


def _date(text: _Text, trigger: Trigger) -> Dated:
    clause = text.clauses[trigger.clause]
    times = text.times.get(clause.sentence, ())
    return choose_time(text.doc, trigger, clause, text.stops[trigger.first], times)


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
    """Take an event with a date to come for planned, unless a perfect verb or a hashtag tells it."""
    time = dated.time
    told = trigger.modality is not Modality.ASSERTED or trigger.hit.form.kind == "perfect"
    if time is None or told or "#" in text.doc.tokens[trigger.first].gap:
        return trigger
    after = bool(text.article.date and time.date_start and time.date_start > text.article.date)
    if not after and not any(
        word in WordList.of_table("future_time") for word in strict_key(time.text).split()
    ):
        return trigger
    return replace(
        trigger, modality=Modality.PLANNED, why=(*trigger.why, f"planned: {time.text!r} is to come")
    )


def _event(
    text: _Text, attacher: Attacher, trigger: Trigger, site: Site | None, dated: Dated, ordinal: int
) -> Event:
    doc, entry = text.doc, trigger.entry
    clause = text.clauses[trigger.clause]
    span = _trigger_span(doc, trigger)
    quote_start, quote_end = doc.sentences[clause.sentence]
    location, why = locate(site, text.mentions, text.footprints)
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
        actors=actors_of(
            doc, trigger, clause, text.parties.get(clause.sentence, ()), text.stops[trigger.first]
        ),
        location=location,
        confidence=round(
            min(strength, site.strength * _place_confidence(text, site)) if site and location else strength, 4
        ),
        reasons=(*trigger.why, why, dated.reason),
        other_end=None if site is None or location is None else _other_end(text, attacher, trigger, site),
    )


def _other_end(text: _Text, attacher: Attacher, trigger: Trigger, site: Site) -> Location | None:
    """Return where a movement came from or went to, if the text names that place too."""
    other = attacher.other_end(trigger, site)
    return None if other is None else locate(other, text.mentions, text.footprints)[0]


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
