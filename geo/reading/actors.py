"""Name who took part in an event, as far as the syntax shows it.

Actors are the names that are no place: peoples, governments, bodies, persons. Behind a finite verb the first
one before any preposition is its subject; behind a noun the rule table says who stands in construct with it;
prepositions (rule table ``actor_cue``) mark doers, targets and partners. All others are participants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.arabic import Tokenized, article, table
from geo.model import Actor, Mention, Reading
from geo.reading.blocks import Block
from geo.reading.clauses import Clause
from geo.reading.roles import TokenFinder
from geo.reading.triggers import Trigger
from geo.reading.words import WordList, joined

_ACTING = frozenset({Reading.METONYMIC, Reading.DEMONYM, Reading.ORGANISATION, Reading.PERSON})
_BLOCKS = frozenset({Reading.ORGANISATION, Reading.PERSON})
_SUBJECT_REACH = 3
_CONSTRUCT_REACH = 5
_NOUN_REACH = 3
_BEHIND_REACH = 12
_BEFORE_REACH = 6
_MAX_ACTORS = 4
_QUOTES = ' \t\u00a0"\u201c\u201d\u00ab\u00bb'
_AND = "\N{ARABIC LETTER WAW}"


@dataclass(frozen=True, slots=True)
class Party:
    """Hold one name that may be an actor: the tokens ``[first, last)``, its surface and country."""

    first: int
    last: int
    text: str
    country: str


def find_parties(doc: Tokenized, mentions: Sequence[Mention], blocks: Sequence[Block]) -> list[Party]:
    """Collect the names of a text that may be actors.

    Parameters
    ----------
    doc : Tokenized
    mentions : sequence of Mention
    blocks : sequence of Block
        Persons and organisations, whether or not a toponym stands in them.

    Returns
    -------
    list of Party
        In text order, without overlap.
    """
    at = TokenFinder(doc.tokens)
    parties = [
        Party(block.first, block.last, _block_text(doc, block), block.country)
        for block in blocks
        if block.reading in _BLOCKS
    ]
    taken = {index for party in parties for index in range(party.first, party.last)}
    for mention in mentions:
        if mention.reading not in _ACTING:
            continue
        span = mention.block if mention.block is not None else mention
        first, last = at.span(span.start, span.end)
        if mention.reading is Reading.DEMONYM and mention.block is None:
            first = _noun_before(doc, first)
            if not _acts(doc, first, last):
                continue
        if mention.reading is Reading.ORGANISATION and mention.block is None:
            first = max(first - 1, 0)
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            country = mention.place.country if mention.place is not None else ""
            text = _text(doc, first, last)
            if mention.block is None and doc.tokens[first].start <= mention.start < doc.tokens[first].end:
                text = doc.text[mention.start : doc.tokens[last - 1].end]
            parties.append(Party(first, last, text, country))
    return _joined(doc, sorted(parties, key=lambda party: party.first))


def _joined(doc: Tokenized, parties: Sequence[Party]) -> list[Party]:
    """Join a title and the name behind it (رئيس الوزراء الروسي فلان) into one party."""
    result: list[Party] = []
    for party in parties:
        before = result[-1] if result else None
        gap = doc.tokens[party.first].gap.strip(_QUOTES)
        if before is None or before.last != party.first or gap or _conjoined(doc, party):
            result.append(party)
            continue
        start = doc.text.find(before.text, doc.tokens[before.first].start)
        text = doc.text[start : doc.tokens[party.last - 1].end]
        result[-1] = Party(before.first, party.last, text, before.country or party.country)
    return result


def _conjoined(doc: Tokenized, party: Party) -> bool:
    """Say whether the name begins behind a proclitic: another party, not the same one."""
    token = doc.tokens[party.first]
    if not doc.text.startswith(party.text, token.start):
        return True
    named = WordList.of_table("forename").at(doc.tokens, party.first, clitics=False)
    return named is None and token.key.startswith(_AND)


def _noun_before(doc: Tokenized, first: int) -> int:
    """Extend an adjective to its noun and to the title before that (رئيس الوزراء الروسي)."""
    start = first
    heads = WordList.of_table("actor_head")
    while start > 0 and first - start < _NOUN_REACH and joined(doc.tokens, start - 1, start + 1):
        if heads.at(doc.tokens, start - 1) is not None:
            start -= 1
            if doc.tokens[start].key.startswith(article()) and start > 0 and heads.at(doc.tokens, start - 1):
                return start - 1
            return start
        if not doc.tokens[start - 1].key.startswith(article()):
            break
        start -= 1
    return first


def _acts(doc: Tokenized, first: int, last: int) -> bool:
    """Say whether the words name people or bodies: a head noun that acts, or a plural of people."""
    if last - first > 1:
        return True
    return any(
        doc.tokens[first].key.endswith(ending)
        for entry in table("people_ending")
        for ending in entry["forms"]
    )


def _block_text(doc: Tokenized, block: Block) -> str:
    """Return the surface of a body or person without its proclitics."""
    text = _text(doc, block.first, block.last)
    hit = WordList.of_table("organisation").at(doc.tokens, block.first)
    token = doc.tokens[block.first]
    if hit is None or not hit.prefix or token.end - token.start != len(token.key):
        return text
    return text[len(hit.prefix) :]


def _text(doc: Tokenized, first: int, last: int) -> str:
    return doc.text[doc.tokens[first].start : doc.tokens[last - 1].end]


def actors_of(
    doc: Tokenized, trigger: Trigger, clause: Clause, parties: Sequence[Party], stop: int
) -> tuple[Actor, ...]:
    """Return the actors of one event.

    Parameters
    ----------
    doc : Tokenized
    trigger : Trigger
    clause : Clause
    parties : sequence of Party
    stop : int
        The token at which the next event of the clause begins.

    Returns
    -------
    tuple of Actor
        In text order; at most four.
    """
    end = _comma(doc, trigger.last, min(stop, trigger.last + _BEHIND_REACH))
    behind = [party for party in parties if trigger.last <= party.first < end]
    front = max(clause.first, trigger.first - _BEFORE_REACH)
    before = [party for party in parties if front <= party.first and party.last <= trigger.first][-1:]
    before = [party for party in before if not _dates_only(doc, party, trigger)]
    actors: dict[str, Actor] = {}
    for party in [*before, *behind][:_MAX_ACTORS]:
        role = _role(doc, trigger, party)
        actors.setdefault(party.text, Actor(party.text, role, party.country))
    return tuple(actors.values())


def _comma(doc: Tokenized, first: int, last: int) -> int:
    """Return the first token behind a comma, or ``last`` if there is none."""
    marks = ("\N{ARABIC COMMA}", ",", ":")
    inside = (index for index in range(first, last) if any(mark in doc.tokens[index].gap for mark in marks))
    return next(inside, last)


def _dates_only(doc: Tokenized, party: Party, trigger: Trigger) -> bool:
    """Say whether a name before the trigger stands in a date ("since the visit of X") or before one."""
    words = WordList.of_table("temporal")
    front = max(0, party.first - _NOUN_REACH)
    return any(words.at(doc.tokens, index) is not None for index in range(front, trigger.first))


def _role(doc: Tokenized, trigger: Trigger, party: Party) -> str:
    cue = WordList.of_table("actor_cue").ending_at(doc.tokens, party.first, clitics=False)
    if cue is not None and cue.first >= trigger.last:
        return str(cue.entry["role"])
    distance = party.first - trigger.last
    if distance < 0 or _preposition_between(doc, trigger.last, party.last):
        return "participant"
    if trigger.hit.finite and distance < _SUBJECT_REACH:
        passive_like = trigger.type in ("killing", "displacement")
        return "participant" if passive_like else "source"
    if not trigger.hit.finite and distance < _CONSTRUCT_REACH:
        return str(trigger.entry.get("construct", "participant"))
    return "participant"


def _preposition_between(doc: Tokenized, first: int, last: int) -> bool:
    """Say whether a preposition stands between the trigger and the end of the name."""
    words = WordList.of_table("actor_stop")
    return any(words.at(doc.tokens, index) is not None for index in range(first, last))
