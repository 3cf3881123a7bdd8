"""Say what each toponym stands for in its sentence: a place, a government, a people, a body, a paper.

In political and military news four place strings out of five are no location. The cues are rule tables
(``locative``, ``motion``, ``talk_noun``, ``speech_verb`` ...); each decision names the cue that made it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from geo.arabic import Tokenized, article, clitic_relations, clitic_splits, has_shape, table
from geo.model import Place, Reading
from geo.reading.blocks import Block
from geo.reading.toponyms import SEAT, Toponym, demonym_forms
from geo.reading.words import WordHit, WordList, word_frequencies

_CLAUSE_STOPS = frozenset(".\N{ARABIC SEMICOLON}!\N{ARABIC QUESTION MARK}\n\r:")
_SPACE = re.compile(r"\s*")
_REACH = 7
_OPENING = ' "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}'
_GENITIVES = (
    ("office_head", Reading.METONYMIC),
    ("held_at", Reading.LITERAL),
    ("of_place", Reading.LITERAL),
)
_BODIES = ("government", "military", "party")
_SPORT_REACH, _SPORT_WORDS = 20, 2
_DATELINE = 5
_DASHES = frozenset(("-", "\N{EN DASH}", "\N{EM DASH}", ":", "\N{ARABIC TATWEEL}"))


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold a reading, how sure it is (0 to 1), and the cue that decided."""

    reading: Reading
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Hold what stands around a toponym, for the rules to look at.

    Attributes
    ----------
    doc : Tokenized
    toponym : Toponym
    place : Place or None
        The resolved place, or the country of a demonym.
    head : WordHit or None
        The feature head (مدينة، مطار) before the name, spread over a list if need be.
    block : Block or None
        The larger name that holds the toponym.
    before : int
        The token before the name, or before its head; -1 at the start of the clause.
    people : frozenset of int
        Tokens that belong to the names of persons.
    """

    doc: Tokenized
    toponym: Toponym
    place: Place | None
    head: WordHit | None
    block: Block | None
    before: int
    people: frozenset[int] = frozenset()

    def previous(self, back: int = 0) -> str:
        """Return the key of a word before the name without its conjunction, or ``""`` behind the clause."""
        index = self.before - back
        if self.before < 0 or index < self.clause_start():
            return ""
        return self.doc.tokens[index].key

    def clause_start(self) -> int:
        """Return the first token of the stretch without a full stop that leads to the name."""
        tokens = self.doc.tokens
        index = self.head.first if self.head is not None else self.toponym.first
        first = self.doc.ranges[tokens[index].sentence][0]
        while index > first and not _CLAUSE_STOPS.intersection(tokens[index].gap):
            index -= 1
        return index

    def find_before(self, name: str, reach: int) -> WordHit | None:
        """Find the nearest form of a rule table among the last words before the name."""
        words = WordList.of_table(name)
        for last in range(self.before + 1, max(self.clause_start(), self.before + 1 - reach), -1):
            hit = words.ending_at(self.doc.tokens, last)
            if hit is not None:
                return hit
        return None

    def is_state(self) -> bool:
        """Say whether the place is a country or the capital of one: a name that also means a government."""
        return self.place is not None and (
            self.place.feature_code.startswith("PCL") or self.place.feature_code == "PPLC"
        )


def decide(around: Surroundings) -> Decision:
    """Decide the reading of one toponym.

    Parameters
    ----------
    around : Surroundings

    Returns
    -------
    Decision
        The first rule that applies: blocks, then history, demonyms, head words, then cues nearest first.
    """
    for rule in _RULES:
        decision = rule(around)
        if decision is not None:
            return decision
    return default(around)


def default(around: Surroundings) -> Decision:
    """Return the reading of a toponym without any cue: a state is an actor, anything else a place.

    So it is on an annotated development set: two out of three states, one out of three capitals act.
    """
    if around.is_state():
        if around.place is not None and around.place.feature_code == "PPLC":
            return Decision(Reading.LITERAL, 0.55, "a capital without a cue of government")
        return Decision(Reading.METONYMIC, 0.6, "a state without a cue of place")
    return Decision(Reading.LITERAL, 0.6, "a place name without a cue against it")


def _in_block(around: Surroundings) -> Decision | None:
    block = around.block
    if block is None or (block.reading is Reading.PERSON and _town_head(around)):
        return None
    return Decision(block.reading, 0.9, block.reason)


def _town_head(around: Surroundings) -> bool:
    """Say whether a head word before the name speaks for a place that is called after a person."""
    return around.head is not None and around.head.entry["kind"] in ("settlement", "admin", "urban")


def _historical(around: Surroundings) -> Decision | None:
    if around.place is not None and (around.place.valid_to or around.place.feature_code in ("PCLH", "PPLH")):
        until = around.place.valid_to or "the past"
        return Decision(Reading.HISTORICAL, 0.9, f"a state that ended in {until}")
    return None


def _demonym(around: Surroundings) -> Decision | None:
    """Read adjectives: people and things of a place, unless a territory noun stands before."""
    toponym = around.toponym
    if not toponym.demonym:
        return None
    named_so = around.head is not None and around.place is not None and not around.is_state()
    if toponym.names and (named_so or not _adjective(around)):
        return None
    if _territory_before(around):
        return Decision(
            Reading.LITERAL, 0.8, f"a territory noun before the adjective: {_surface(around)!r} is the land"
        )
    if WordList.of_table("capital_head").ending_at(around.doc.tokens, toponym.first):
        return Decision(Reading.LITERAL, 0.8, "the capital of that country")
    return Decision(Reading.DEMONYM, 0.9, "an adjective or people's name, no place")


def _territory_before(around: Surroundings) -> bool:
    """Say whether a territory noun stands before an adjective, or one more adjective between."""
    if not around.previous():
        return False
    words, tokens, last = WordList.of_table("territory_head"), around.doc.tokens, around.before + 1
    if words.ending_at(tokens, last) is not None:
        return True
    if not (around.previous().startswith(article()) and around.previous(1).startswith(article())):
        return False
    return not tokens[last - 1].gap.strip() and words.ending_at(tokens, last - 1) is not None


def _adjective(around: Surroundings) -> bool:
    """Decide whether a word that is spelled like a country is the adjective (تدخلا روسيا، قوات سورية)."""
    toponym, tokens = around.toponym, around.doc.tokens
    if toponym.first == 0 or tokens[toponym.first].gap.strip() or toponym.clitics:
        return False
    before = tokens[toponym.first - 1]
    if _is_function_word(before.key):
        return False
    surface = around.doc.text[before.start : before.end]
    if has_shape(toponym.key, "alef"):
        return "\N{ARABIC FATHATAN}" in surface[-2:] or _accusative(before.raw)
    return has_shape(toponym.key, "ha") and has_shape(before.raw, "indefinite feminine")


def _accusative(raw: str) -> bool:
    """Say whether a word is an indefinite accusative: without its final alef it is a word as well."""
    return has_shape(raw, "indefinite accusative") and raw[:-1] in word_frequencies()


def _is_function_word(key: str) -> bool:
    """Say whether a word can end in alef without being an indefinite accusative (على، إذا، سوريا)."""
    return any(
        key in WordList.of_table(name)
        for name in (
            "stop_word",
            "locative",
            "motion",
            "feature_head",
            "attack",
            "talk_noun",
            "metonymic_preposition",
        )
    )


def _institution(around: Surroundings) -> Decision | None:
    """Read a name right behind the head of a body: its parliament, army or club.

    A body that is a building too (``container``) is where something happens behind a word of place or an
    attack; of a town or unit (بلدية مدينة البيرة) only governments, forces and parties are bodies.
    """
    tokens, first = around.doc.tokens, around.before + 1
    hit = WordList.of_table("organisation_head").ending_at(tokens, first) if around.before >= 0 else None
    if (
        hit is None
        or hit.first < around.clause_start()
        or tokens[first].gap.strip()
        or around.toponym.clitics
    ):
        return None
    if around.head is not None and not (_town_head(around) and _governs(around, hit)):
        return None
    if hit.entry.get("container") and _entered(around, hit):
        return Decision(Reading.LITERAL, 0.8, f"in or at {_words(around, hit)!r} of that place")
    return Decision(Reading.ORGANISATION, 0.85, f"named in a body: {_words(around, hit)!r} stands before it")


def _governs(around: Surroundings, body: WordHit) -> bool:
    """Say whether a body, as an indefinite noun, governs or holds the town or unit behind it."""
    definite = around.doc.tokens[body.first].key.startswith(article())
    return body.entry["kind"] in _BODIES and not body.entry.get("container") and not definite


def _entered(around: Surroundings, body: WordHit) -> bool:
    """Say whether a word of place stands right before a body, or an attack, its subject left out."""
    tokens, attack = around.doc.tokens, WordList.of_table("attack")
    if "in" in clitic_relations(body.prefix):
        return True
    if WordList.of_table("locative").ending_at(tokens, body.first) is not None:
        return True
    first = max(around.clause_start(), body.first - 1)
    return any(attack.ending_at(tokens, last) is not None for last in range(first, body.first + 1))


def _headed(around: Surroundings) -> Decision | None:
    if around.head is None:
        return None
    what = "an institution" if around.head.entry.get("named_after_city") else "a place"
    return Decision(Reading.LITERAL, 0.9, f"the head word {_words(around, around.head)!r} names {what}")


def _located(around: Surroundings) -> Decision | None:
    """Read a name behind في or the clitic بـ, unless the ب belongs to a relation between states."""
    relations = clitic_relations(around.toponym.clitics)
    token = around.doc.tokens[around.toponym.first]
    glued = token.key.removesuffix(around.toponym.key)
    if glued != token.key and glued in WordList.of_table("locative"):
        return Decision(Reading.LITERAL, 0.8, "the preposition glued to it says where")
    if "in" in relations and around.head is None:
        partner = around.find_before("relation_verb", _REACH)
        if partner is not None and around.is_state():
            return Decision(Reading.METONYMIC, 0.75, f"partner in a relation: {_words(around, partner)!r}")
        return Decision(Reading.LITERAL, 0.85, "the preposition bi- says where")
    if relations & {"in", "to", "like"}:
        return None
    hit = (
        WordList.of_table("locative").ending_at(around.doc.tokens, around.before + 1)
        if around.before >= 0
        else None
    )
    if hit is not None and hit.last > around.clause_start():
        return Decision(Reading.LITERAL, 0.9, f"the word {_words(around, hit)!r} says where")
    return None


def _moved(around: Surroundings) -> Decision | None:
    """Read a name behind إلى or من with a movement before it, or right behind a verb of movement."""
    previous = around.previous()
    motion = around.find_before("motion", _REACH + 3)
    bare = {
        split.core
        for split in clitic_splits(previous)
        if not clitic_relations(split.prefix) - {"and", "then"}
    }
    directed = bool(bare & _directions()) or "to" in clitic_relations(around.toponym.clitics)
    if directed and motion is not None:
        return Decision(Reading.LITERAL, 0.85, f"movement: {_words(around, motion)!r}")
    if motion is not None and _reaches(around, motion) and not around.toponym.clitics:
        if around.is_state() and has_shape(around.doc.tokens[motion.last - 1].raw, "finite feminine verb"):
            following = around.doc.tokens[around.toponym.last : around.toponym.last + 1]
            if following and following[0].key in _directions():
                return Decision(Reading.METONYMIC, 0.7, f"subject of {_words(around, motion)!r}")
        return Decision(Reading.LITERAL, 0.75, f"object of {_words(around, motion)!r}")
    return None


def _reaches(around: Surroundings, motion: WordHit) -> bool:
    """Say whether a name is the object of a movement: right behind it, or behind who visited it."""
    between = range(motion.last, around.before + 1)
    if around.people.issuperset(between):
        return True
    if len(between) > 4 or not WordList.of_table("visit_verb").at(around.doc.tokens, motion.first):
        return False
    words = [around.doc.tokens[index] for index in between]
    prepositions = WordList.of_table("locative")
    return not any(w.key in prepositions or w.key in _directions() or w.gap.strip() for w in words)


def _directions() -> frozenset[str]:
    return frozenset(key for entry in table("direction_preposition") for key in map(str, entry["keys"]))


def _seat(around: Surroundings) -> Decision | None:
    """Read the seat of a government as that government, unless a cue of place stood before."""
    if not any(name.kind == SEAT for name in around.toponym.names):
        return None
    return Decision(Reading.METONYMIC, 0.85, "the seat of a government stands for it")


def _tagged(around: Surroundings) -> Decision | None:
    """Read a name inside a hashtag as the place the post is about."""
    text, start = around.doc.text, around.toponym.start
    while start and (text[start - 1].isalnum() or text[start - 1] in "_#"):
        start -= 1
        if text[start] == "#":
            return Decision(Reading.LITERAL, 0.8, "in a hashtag: what the post is about")
    return None


def _outlet(around: Surroundings) -> Decision | None:
    """Read a name right behind the head of a medium (جريدة فلسطين), and the credit of a picture."""
    tokens, toponym = around.doc.tokens, around.toponym
    if (
        toponym.clitics
        or not around.previous()
        or tokens[toponym.first].gap.strip(' "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}')
    ):
        return None
    hit = around.find_before("outlet_head", 1)
    if hit is None:
        return None
    return Decision(Reading.MEDIA, 0.85, f"behind the head of a medium: {_words(around, hit)!r}")


def _bracketed(around: Surroundings) -> Decision | None:
    """Read a nisba alone in brackets as the credit of a picture, a name there as a gloss."""
    text, toponym = around.doc.text, around.toponym
    before = around.doc.tokens[toponym.first].start
    if text[max(0, before - 1) : before] != "(":
        return None
    behind = _SPACE.match(text, toponym.end)
    if behind is None or text[behind.end() : behind.end() + 1] not in (")", "-", "\N{EN DASH}"):
        return None
    if toponym.demonym and not toponym.names:
        return Decision(Reading.MEDIA, 0.75, "an agency's adjective in brackets: the credit of a picture")
    return Decision(Reading.LITERAL, 0.75, "a place in brackets explains the name before it")


def _dateline(around: Surroundings) -> Decision | None:
    """Read the place that opens a report (القاهرة - رويترز) as where it was written."""
    tokens, toponym = around.doc.tokens, around.toponym
    first, last = around.doc.ranges[tokens[toponym.first].sentence]
    listed = range(first + 1, toponym.first + 1)
    if len(listed) > _DATELINE or not all(_stops_dateline(tokens[index].gap) for index in listed[-1:]):
        return None
    stop = min(last, toponym.last + _DATELINE)
    gaps = [tokens[index].gap.strip() for index in range(toponym.last, stop)]
    if not gaps or not _stops_dateline(gaps[0]):
        return None
    if not _DASHES.issuperset((gaps[0],)) and not any(gap in _DASHES for gap in gaps):
        return None
    return Decision(Reading.LITERAL, 0.85, "the dateline of a report")


def _counted(around: Surroundings) -> Decision | None:
    """Read a name before a colon and a number (قطر: 71 %) as what the figure is of."""
    tokens, last = around.doc.tokens, around.toponym.last
    if (
        last >= len(tokens)
        or not tokens[last].gap.strip().startswith(":")
        or not tokens[last].key[0].isdigit()
    ):
        return None
    return Decision(Reading.LITERAL, 0.8, "a figure is given for it")


def _stops_dateline(gap: str) -> bool:
    """Say whether a dash, colon or comma closes the place of a dateline."""
    return gap.strip() in _DASHES or gap.strip() in ("\N{ARABIC COMMA}", ",")


def _land(around: Surroundings) -> Decision | None:
    """Read the capital named behind its adjective, what lies somewhere, a town with a quarter."""
    tokens, toponym = around.doc.tokens, around.toponym
    before, place = around.previous(), around.place
    if before and not tokens[toponym.first].gap.strip() and before in demonym_forms():
        hit = WordList.of_table("capital_head").ending_at(tokens, around.before)
        if hit is not None and hit.first >= around.clause_start():
            return Decision(Reading.LITERAL, 0.85, "the capital is named behind its adjective")
    placed = WordList.of_table("placed_verb").get(before) if before else None
    if placed is not None and not tokens[toponym.first].gap.strip() and not toponym.clitics:
        return Decision(Reading.LITERAL, 0.75, f"the land is the subject of {before!r}")
    if place is None or place.feature_class != "P" or toponym.last >= len(tokens):
        return None
    quarter = WordList.of_table("town_adjective").at(tokens, toponym.last, clitics=False)
    if quarter is None or tokens[toponym.last].gap.strip():
        return None
    return Decision(Reading.LITERAL, 0.8, f"a town with {_words(around, quarter)!r}")


def _office(around: Surroundings) -> Decision | None:
    """Read a name behind an office or team as whom it acts for, behind an event as where it is held."""
    if (
        around.head is not None
        or around.toponym.clitics
        or around.doc.tokens[around.toponym.first].gap.strip()
    ):
        return None
    for name, reading in _GENITIVES:
        hit = around.find_before(name, 1)
        if hit is not None:
            return Decision(reading, 0.8, f"named behind {_words(around, hit)!r}")
    return None


def _targeted(around: Surroundings) -> Decision | None:
    """Read a name behind an attack and على or ضد as its target: land, not a government."""
    targets = WordList.of_table("target_preposition")
    if not around.previous() or around.previous() not in targets:
        return None
    hit = around.find_before("attack", 4)
    return None if hit is None else Decision(Reading.LITERAL, 0.8, f"target of {_words(around, hit)!r}")


def _bound(around: Surroundings) -> Decision | None:
    """Read a state behind إلى or من, no talk near it, as a place."""
    if not around.is_state() or around.previous() not in _directions():
        return None
    if around.find_before("talk_noun", _REACH) or around.find_before("relation_verb", _REACH):
        return None
    return Decision(
        Reading.LITERAL, 0.65, f"behind {around.doc.tokens[around.before].raw!r}, no talk beside it"
    )


def _team(around: Surroundings) -> Decision | None:
    """Read a town beside words of sport, or among several of them, as its team."""
    if around.place is None or around.place.feature_class != "P" or around.head is not None:
        return None
    hit = around.find_before("sport_cue", 2)
    if hit is not None:
        return Decision(Reading.METONYMIC, 0.7, f"a team beside {_words(around, hit)!r}")
    if _sports_words(around) < _SPORT_WORDS:
        return None
    return Decision(Reading.METONYMIC, 0.7, "a team among words of sport")


def _sports_words(around: Surroundings) -> int:
    """Count the words of sport around a name in its sentence."""
    tokens, toponym = around.doc.tokens, around.toponym
    first, last = around.doc.ranges[tokens[toponym.first].sentence]
    start, stop = max(first, toponym.first - _SPORT_REACH), min(last, toponym.last + _SPORT_REACH)
    return sum(1 for _ in WordList.of_table("sport_word").find(tokens, start, stop))


def _politics(around: Surroundings) -> Decision | None:
    """Read states and capitals as governments beside talk, policy and speech."""
    if not around.is_state():
        return None
    tokens = around.doc.tokens
    verb = WordList.of_table("speech_verb")
    following = verb.at(tokens, around.toponym.last) if around.toponym.last < len(tokens) else None
    if following is not None and not tokens[around.toponym.last].gap.strip():
        return Decision(Reading.METONYMIC, 0.85, f"subject of {_words(around, following)!r}")
    preceding = verb.ending_at(tokens, around.before + 1) if around.before >= around.clause_start() else None
    if preceding is not None:
        return Decision(Reading.METONYMIC, 0.85, f"subject of {_words(around, preceding)!r}")
    acting = around.find_before("acting_preposition", 1)
    if acting is not None:
        return Decision(Reading.METONYMIC, 0.8, f"a government behind {_words(around, acting)!r}")
    for name, reach, confidence in (
        ("metonymic_preposition", 1, 0.75),
        ("state_head", 1, 0.75),
        ("talk_noun", _REACH, 0.7),
    ):
        cue = around.find_before(name, reach)
        if cue is not None:
            return Decision(Reading.METONYMIC, confidence, f"a government beside {_words(around, cue)!r}")
    return None


def _struck(around: Surroundings) -> Decision | None:
    """Read the object of an attack, or a state as its subject when the object follows."""
    hit = around.find_before("attack", 3)
    if hit is None:
        return None
    tokens, last = around.doc.tokens, around.toponym.last
    finite = has_shape(tokens[hit.last - 1].raw, "finite feminine verb")
    subject = (
        finite
        and around.is_state()
        and last < len(tokens)
        and not tokens[last].gap.strip()
        and hit.last == around.before + 1
    )
    if subject and clitic_splits(tokens[last].key) and tokens[last].key not in WordList.of_table("locative"):
        return Decision(Reading.METONYMIC, 0.7, f"subject of {_words(around, hit)!r}")
    return Decision(Reading.LITERAL, 0.75, f"object of {_words(around, hit)!r}")


def spread_over_lists(
    decisions: Sequence[Decision],
    links: Mapping[int, int],
    states: Sequence[bool],
    followers: Container[int] = (),
) -> list[Decision]:
    """Give the members of a list (``X وY``) the reading of the first, where they have no cue of their own.

    Parameters
    ----------
    decisions : sequence of Decision
        One a toponym, in text order.
    links : Mapping[int, int]
        From a toponym to the one before it in the same list.
    states : sequence of bool
        Whether each is a state or capital; only like follows like.
    followers : container of int
        Members that follow whatever became of the one before them.

    Returns
    -------
    list of Decision
    """
    spread = list(decisions)
    for index, before in sorted(links.items()):
        weak = index in followers or decisions[index].confidence < 0.65
        strong = index in followers or spread[before].confidence >= 0.65
        follows = spread[before].reading in (Reading.LITERAL, Reading.METONYMIC)
        if weak and strong and follows and (states[index] or spread[before].reading is Reading.LITERAL):
            first = spread[before]
            spread[index] = Decision(
                first.reading, max(0.5, first.confidence - 0.1), f"listed with one that is: {first.reason}"
            )
    return spread


def _words(around: Surroundings, hit: WordHit) -> str:
    return " ".join(token.raw for token in around.doc.tokens[hit.first : hit.last])


def _surface(around: Surroundings) -> str:
    return around.doc.text[around.toponym.start : around.toponym.end]


_RULES = (
    _in_block, _historical, _outlet, _bracketed, _demonym, _office, _institution, _headed, _located,
    _dateline, _counted, _land, _tagged, _targeted, _moved, _seat, _politics, _bound, _team, _struck,
)  # fmt: skip
