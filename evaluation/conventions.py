"""Turn mentions into the spans that each annotated corpus would tag.

Literal, metonymic and historical mentions are places everywhere, and so is the name behind the head of a body
(منتخب البرازيل); demonyms, persons, outlets and names inside the proper name of a body (ريال مدريد) are not.
Beyond that the corpora disagree on adjectives, on governments, and on whether the head word of a name (مدينة,
محافظة, مخيم) belongs to it.
"""

from __future__ import annotations

from typing import Any

from geo.arabic import Tokenized, article
from geo.model import Mention, Reading
from geo.reading.words import WordList, joined

NEWSWIRE, WIKIPEDIA, MIXED, TWEETS = "newswire", "Wikipedia", "Wojood sample", "tweets, no hashtags"
_PLACES = (Reading.LITERAL, Reading.METONYMIC, Reading.HISTORICAL)
_ADJECTIVE = ("a territory noun before the adjective", "the capital of that country")
_UNCUED = "a state without a cue"
_DIRECTIONS = WordList.of_table("direction", ("construct",))
_STRIP = "قطاع"
_BARE, _AS_READ, _WITH_HEAD = "bare", "as read", "with head"
_EXTENTS = {NEWSWIRE: _BARE, WIKIPEDIA: _AS_READ, MIXED: _WITH_HEAD, TWEETS: _WITH_HEAD}


def is_place(mention: Mention) -> bool:
    """Say whether these corpora would tag a mention: the name in "the parliament of Tobruk" is one."""
    return mention.reading in _PLACES or (mention.reading is Reading.ORGANISATION and mention.block is None)


def is_tagged(corpus: str, mention: Mention) -> bool:
    """Say whether a corpus tags a mention as a place: names only, and no governments in the Wojood sample."""
    acts = mention.reading is Reading.METONYMIC and not mention.reasons[0].startswith(_UNCUED)
    adjective = corpus != WIKIPEDIA and mention.reasons[0].startswith(_ADJECTIVE)
    return is_place(mention) and not adjective and not (corpus == MIXED and acts)


def span_of(mention: Mention) -> dict[str, Any]:
    """Return a mention as a span of the scorer."""
    span: dict[str, Any] = {"start": mention.start, "end": mention.end}
    if mention.place is not None:
        span |= {"lat": mention.place.lat, "lon": mention.place.lon}
    return span


def tagged_span(corpus: str, doc: Tokenized, mention: Mention) -> dict[str, Any]:
    """Return a mention in the extent its corpus tags.

    As `converted`, and the newswire leaves out a direction (of شمال أفريقيا it tags أفريقيا) unless a
    country is called so, and the word قطاع.
    """
    span = span_of(mention)
    first = next((i for i, token in enumerate(doc.tokens) if token.end > span["start"]), 0)
    if corpus != NEWSWIRE or doc.tokens[first].end >= span["end"]:
        return converted(corpus, doc, span)
    country = mention.place is not None and mention.place.feature_code.startswith("PCL")
    directed = not country and _DIRECTIONS.at(doc.tokens, first) is not None
    if directed or doc.tokens[first].key == _STRIP:
        span["start"] = doc.tokens[first + 1].start
    return converted(corpus, doc, span)


def converted(corpus: str, doc: Tokenized, span: dict[str, Any]) -> dict[str, Any]:
    """Give a span the extent its corpus tags: the name alone (newswire), or its head word too.

    A body called after its city (جامعة X) is no place in the Wojood sample; the city in its name is.
    """
    extent, tokens = _EXTENTS[corpus], doc.tokens
    heads = WordList.of_table("feature_head", ("forms", "plural"))
    first = next((i for i, token in enumerate(tokens) if token.end > span["start"]), 0)
    inner = heads.at(tokens, first)
    inner = inner if inner is not None and tokens[inner.last - 1].end < span["end"] else None
    if inner is not None and tokens[inner.last - 1].key.startswith(article()):
        return span
    named_so = corpus == MIXED and inner is not None and inner.entry.get("named_after_city")
    if inner is not None and (extent == _BARE or named_so):
        return span | {"start": tokens[inner.last].start}
    if extent != _WITH_HEAD or inner is not None or not first or tokens[first].start < span["start"]:
        return span
    before = heads.ending_at(tokens, first) if joined(tokens, first - 1, first + 1) else None
    if before is None or (corpus == MIXED and before.entry.get("named_after_city")):
        return span
    return span | {"start": tokens[before.first].start}
