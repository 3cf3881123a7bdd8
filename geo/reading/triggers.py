"""Find the words that say what happened, and decide between their meanings by their neighbours.

A drone and a march, "signed" and "happened", a strike and a penalty kick are spelled alike; each entry of the
rule table ``trigger`` says which words must or must not stand near. A weak noun counts only with a licence:
a verb that says it took place, a temporal preposition, a date or a place of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from geo.arabic import Token, Tokenized, conjunctions, strict_key
from geo.arabic.rules import Entry
from geo.model import Modality
from geo.reading.clauses import Clause
from geo.reading.inflection import Hit, Lexicon, bare_words, cue_keys, shapes
from geo.reading.modality import modality_of
from geo.reading.words import WordList

_REACH = 6
_NEXT_REACH = 8
_LIGHT_REACH = 4
_LONGEST_LIGHT = 8
_DEFINITE_REACH = 2
_AVOID_REACH = 9
_EVERYWHERE = ("@paper",)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Hold one trigger: where it stands, its rule, its modality, and why it counts as an event.

    Attributes
    ----------
    hit : Hit
    clause : int
        Index of its clause.
    modality : Modality
    why : tuple of str
        Reasons for type and modality.
    licensed : bool
        False for a weak noun that still needs a date or place of its own.
    outcome : bool
        True behind a verb of outcome (led to, left).
    """

    hit: Hit
    clause: int
    modality: Modality
    why: tuple[str, ...]
    licensed: bool
    outcome: bool = False

    @property
    def entry(self) -> Entry:
        """Return the rule entry."""
        return self.hit.form.entry

    @property
    def type(self) -> str:
        """Return the type of event."""
        return str(self.entry["type"])

    @property
    def first(self) -> int:
        """Return the first token."""
        return self.hit.first

    @property
    def last(self) -> int:
        """Return the token behind the last one."""
        return self.hit.last


def find_triggers(doc: Tokenized, clauses: Sequence[Clause], blocked: Callable[[int], bool]) -> list[Trigger]:
    """Find the triggers of a text.

    Parameters
    ----------
    doc : Tokenized
    clauses : sequence of Clause
    blocked : callable
        Says of a token whether it belongs to a name or a date and can be no trigger.

    Returns
    -------
    list of Trigger
        In text order; light verbs and nouns that report the same event are one trigger.
    """
    found: list[Trigger] = []
    for number, clause in enumerate(clauses):
        here = list(_in_clause(doc, clause, number, blocked))
        found.extend(_without_light(doc.tokens, here))
    return found


def _in_clause(
    doc: Tokenized, clause: Clause, number: int, blocked: Callable[[int], bool]
) -> Iterator[Trigger]:
    lexicon = Lexicon.of_table("trigger")
    index = clause.first
    while index < clause.last:
        hit = None if blocked(index) else _accepted(doc, lexicon.at(doc.tokens, index), clause)
        if hit is None:
            index += 1
            continue
        light = _light(doc.tokens, hit, clause)
        modality, reason = modality_of(doc.tokens, hit, clause.first, light)
        licence = _licence(doc.tokens, hit, clause, modality, light)
        word = " ".join(token.raw for token in doc.tokens[hit.first : hit.last])
        why = [f"{hit.form.entry['type']}: {word!r} ({hit.form.entry['gloss']})"]
        why += [licence] if licence else []
        why += [f"{modality.value}: {reason}"] if reason else []
        outcome = light is not None and bool(light.form.entry.get("outcome"))
        yield Trigger(hit, number, modality, tuple(why), licence is not None, outcome)
        index = hit.last


def _accepted(doc: Tokenized, hits: Sequence[Hit], clause: Clause) -> Hit | None:
    """Return the first form whose conditions hold; behind a preposition only nouns."""
    if not hits:
        return None
    marker = WordList.of_table("noun_marker").ending_at(doc.tokens, hits[0].first)
    nouns_only = (
        marker is not None and marker.first >= clause.first and not marker.prefix.strip(conjunctions())
    )
    for hit in hits:
        if hit.last <= clause.last and not (nouns_only and hit.finite) and _holds(doc, hit, clause):
            return hit
    return None


def _holds(doc: Tokenized, hit: Hit, clause: Clause) -> bool:
    entry, tokens = hit.form.entry, doc.tokens
    if tokens[hit.first].key in WordList.of_table("lookalike"):
        return False
    if "form_only" in entry and not any(strict_key(form) == hit.form.keys[0] for form in entry["form_only"]):
        return False
    reach = int(entry.get("reach", _REACH))
    first, last = doc.ranges[clause.sentence]
    near = entry.get("near_by_form", {})
    wanted = {strict_key(base): words for base, words in near.items()}.get(hit.form.base, entry.get("near"))
    if wanted and not _stands(
        tokens, max(first, hit.first - reach), min(last, hit.last + reach), hit, wanted
    ):
        return False
    avoided = (*entry.get("not_near", ()), *_EVERYWHERE)
    if _stands(
        tokens,
        max(clause.first, hit.first - _AVOID_REACH),
        min(clause.last, hit.last + _AVOID_REACH),
        hit,
        avoided,
    ):
        return False
    if _stands(tokens, hit.last, min(last, hit.last + 1), hit, entry.get("not_next", ())):
        return False
    following = entry.get("next_any")
    if following and not _stands(tokens, hit.last, min(last, hit.last + _NEXT_REACH), hit, following):
        return False
    return hit.finite or not _generic(tokens, hit, first, entry.get("not_before", ()))


def _generic(tokens: Sequence[Token], hit: Hit, first: int, words: Sequence[str]) -> bool:
    """Say whether the word before (or a demonstrative behind) makes the noun no report of its own."""
    if not words or hit.first == first:
        return False
    before = tokens[hit.first - 1]
    if tokens[hit.first].gap.strip(' \t\u00a0"\u201c\u00ab'):
        return False
    keys = cue_keys(tuple(words))
    return any(bare in keys for bare, _, article in shapes(before.key) if not article)


def _stands(tokens: Sequence[Token], first: int, last: int, hit: Hit, words: Sequence[str]) -> bool:
    if not words:
        return False
    keys = cue_keys(tuple(words))
    own = range(hit.first, hit.last)
    return any(
        not bare_words(tokens[index].key).isdisjoint(keys) for index in range(first, last) if index not in own
    )


def _light(tokens: Sequence[Token], hit: Hit, clause: Clause) -> Hit | None:
    """Return the light verb or noun that carries a nominal trigger; a definite one only right behind it."""
    if hit.finite:
        return None
    longest = _DEFINITE_REACH if hit.article else _LONGEST_LIGHT
    for index in range(hit.first - 1, max(clause.first, hit.first - longest) - 1, -1):
        for found in Lexicon.of_table("light_verb").at(tokens, index):
            near = hit.first - found.first <= int(found.form.entry["reach"])
            if near and found.last <= hit.first and (found.finite or not hit.article):
                return found
    return None


def _licence(
    tokens: Sequence[Token], hit: Hit, clause: Clause, modality: Modality, light: Hit | None
) -> str | None:
    """Say why a trigger counts without a date or place of its own; ``None`` if it needs one.

    A definite noun is a known event unless a verb says that it took place; a verb in the imperfect is a
    habit or a quality unless it has a place or date.
    """
    if hit.form.kind == "imperfect":
        return "" if modality is not Modality.ASSERTED else None
    if hit.finite or not hit.form.entry.get("weak"):
        return ""
    if light is not None:
        return f"{tokens[light.first].raw!r} says that it took place" if modality is Modality.ASSERTED else ""
    if hit.article:
        return None
    if modality is not Modality.ASSERTED:
        return ""
    temporal = WordList.of_table("temporal").ending_at(tokens, hit.first)
    if temporal is not None and temporal.first >= clause.first:
        return f"what {tokens[hit.first - 1].raw!r} dates is told as a fact"
    if hit.first == clause.first and not hit.prefix:
        return "it opens its clause, as headlines do"
    return None


def _without_light(tokens: Sequence[Token], triggers: Sequence[Trigger]) -> list[Trigger]:
    """Drop triggers that only carry the next one (concluded + a deal; announced + an attack)."""
    light = Lexicon.of_table("light_verb")
    kept: list[Trigger] = []
    for trigger, following in zip_longest(triggers, triggers[1:]):
        carries = (
            following is not None
            and not following.hit.finite
            and following.first - trigger.last <= _LIGHT_REACH
            and light.has(tokens, trigger.first)
            and not following.hit.prefix.strip(conjunctions())
        )
        if not carries:
            kept.append(trigger)
    return _merged(kept)


def _merged(triggers: Sequence[Trigger]) -> list[Trigger]:
    """Drop a purpose beside an asserted event of the same type."""
    asserted: Mapping[str, bool] = {t.type: True for t in triggers if t.modality is Modality.ASSERTED}
    return [t for t in triggers if not (t.type in asserted and _is_purpose(t))]


def _is_purpose(trigger: Trigger) -> bool:
    return trigger.modality is Modality.PLANNED and any("purpose" in reason for reason in trigger.why)
