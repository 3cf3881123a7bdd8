"""Weigh the cues of a reading together, where one rule after the other runs out.

A multinomial logistic model over declared cue features: what the rules decided and why, which cue tables the
words around the name belong to, what kind of place it is, the marks beside it, and the commonest words beside
and as the name. Its probabilities are calibrated, so a confidence of 0.8 is right eight times out of ten. The
weights are data (``geo/_data/model/readings.json``), trained by ``evaluation/train_readings.py``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from geo.arabic import Token, article, clitic_relations, clitic_splits, has_shape, strict_key, table
from geo.errors import GazetteerError
from geo.model import Reading
from geo.reading.readings import Decision, Surroundings
from geo.reading.toponyms import SEAT, demonym_forms
from geo.reading.words import WordList, word_frequencies

NO_NAME = "none"
"""Label of a string that is no place name at all."""

SCHEMA = 1

_BESIDE = (
    "locative",
    "motion",
    "attack",
    "talk_noun",
    "speech_verb",
    "territory_head",
    "capital_head",
    "media_cue",
    "state_head",
    "historical_cue",
    "direction_preposition",
    "metonymic_preposition",
    "relation_verb",
    "organisation_head",
    "feature_head",
    "title",
    "title_adjective",
    "forename",
    "kunya",
    "outlet",
    "outlet_head",
    "actor_head",
    "unit_head",
    "topic_marker",
    "visit_verb",
    "vessel",
    "temporal",
    "list_joiner",
)
_BEHIND = (
    "speech_verb",
    "locative",
    "attack",
    "forename",
    "title_adjective",
    "historical_cue",
    "list_joiner",
    "motion",
)
_CLOSE, _WIDE = 4, 25
_TOPICS = ("match",)
_TEH, _YEH = "\N{ARABIC LETTER TEH}", "\N{ARABIC LETTER YEH}"
_SEEN = "\N{ARABIC LETTER SEEN}"
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d-]*")
_MARKS = {
    "hash": "#",
    "quote": "\"\u201c\u201d\u201e\u00ab\u00bb'\u2018\u2019",
    "bracket": "()[]",
    "dash": "-\N{EN DASH}\N{EM DASH}",
    "comma": "\N{ARABIC COMMA},",
    "colon": ":",
    "stop": ".!\N{ARABIC QUESTION MARK}?\n\N{ARABIC SEMICOLON}\u2026",
    "low line": "_",
    "slash": "/|",
    "at": "@",
}


def rule_of(decision: Decision) -> str:
    """Return the name of the rule behind a decision: its reason without the words it quotes.

    Parameters
    ----------
    decision : Decision

    Returns
    -------
    str

    Examples
    --------
    >>> rule_of(Decision(Reading.LITERAL, 0.9, "the word 'fi' says where"))
    'the word says where'
    """
    rule = " ".join(_QUOTED.sub("", decision.reason).split())
    innermost = rule.rpartition("listed with one that is:")[2].strip()
    return innermost if innermost == rule else f"listed: {innermost}"


Cues = Mapping[str, frozenset[str]]
"""Sets of words, by strict key, that the model knows beside the rule tables."""


def cue_features(around: Surroundings, ruled: Decision, cues: Cues) -> frozenset[str]:
    """Return the declared cues that hold for one toponym.

    Parameters
    ----------
    around : Surroundings
    ruled : Decision
        What the rules decided, after lists were spread.
    cues : Mapping[str, frozenset of str]
        The model's own sets of cue words.

    Returns
    -------
    frozenset of str
        Each ``family=value``; families are fixed, values come from the rule tables and the text.
    """
    rule, adjective = rule_of(ruled), bool(around.toponym.demonym)
    found = {"bias", f"rule={rule}", f"ruled={ruled.reading.value}", f"rule={rule} adjective={adjective}"}
    found.add(f"rule={rule} kind={_kind(around)}")
    found.update(_name_features(around))
    found.update(_word_features(around))
    found.update(_table_features(around))
    found.update(_mark_features(around))
    found.update(_set_features(around, cues))
    return frozenset(found)


def _name_features(around: Surroundings) -> Iterator[str]:
    toponym, place = around.toponym, around.place
    kind = _kind(around)
    yield f"kind={kind}"
    yield f"self={toponym.key}"
    yield f"words={min(3, toponym.last - toponym.first)}"
    if toponym.demonym:
        yield "adjective" if not toponym.names else "name or adjective"
        yield f"ambiguous adjective={toponym.key in _ambiguous_adjectives()}"
        yield f"adjective as written ends in={around.doc.tokens[toponym.last - 1].raw[-1:]}"
    yield f"definite={toponym.key.startswith(article())}"
    if around.head is not None:
        yield f"head={around.head.entry['kind']}"
        yield f"head word={around.doc.tokens[around.head.last - 1].key}"
    if around.block is not None:
        yield f"block={around.block.reading.value}"
    for relation in clitic_relations(toponym.clitics):
        yield f"clitic={relation}"
        yield f"clitic={relation} kind={kind}"
    yield f"common={_binned(toponym.zipf - toponym.importance)}"
    yield f"known={_binned(toponym.importance)}"
    if toponym.last - toponym.first == 1 and toponym.clitics:
        whole = around.doc.tokens[toponym.first].raw
        gain = word_frequencies().get(whole, 2.6) - word_frequencies().get(toponym.key, 2.6)
        yield f"whole word commoner={_binned(gain)}"
        yield f"letters={min(6, len(toponym.key))} clitic"
    if place is None:
        yield "no place"


@cache
def _ambiguous_adjectives() -> frozenset[str]:
    """Return the forms that only the article tells from an ordinary word, and it does not always."""
    bases = [
        strict_key(form) for entry in table("demonym") if entry["definite_only"] for form in entry["forms"]
    ]
    endings = [strict_key(form) for entry in table("nisba_ending") for form in entry["forms"]]
    return frozenset(article() + base + ending for base in bases for ending in endings)


def _kind(around: Surroundings) -> str:
    """Return the kind of place: state, capital, unit, town, water or land, facility, seat, none."""
    place, toponym = around.place, around.toponym
    if any(name.kind == SEAT for name in toponym.names):
        return "seat"
    if place is None:
        return "none"
    for code, kind in (("PCL", "state"), ("PPLC", "capital"), ("ADM1", "unit")):
        if place.feature_code.startswith(code):
            return kind
    return {"A": "area", "P": "town", "S": "facility", "L": "region"}.get(place.feature_class, "nature")


def _binned(value: float) -> int:
    return max(-3, min(4, math.floor(value)))


def _word_features(around: Surroundings) -> Iterator[str]:
    """Yield the words before and behind the name, without conjunction, and who they are."""
    tokens, toponym = around.doc.tokens, around.toponym
    first, last = around.doc.ranges[tokens[toponym.first].sentence]
    before = [_bare(tokens[i]) for i in (toponym.first - 1, toponym.first - 2) if i >= first]
    behind = [_bare(tokens[i]) for i in (toponym.last,) if i < last]
    kind = _kind(around)
    for place, words in (("before", before), ("behind", behind)):
        word = words[0] if words else ""
        yield f"{place}={word}"
        yield f"{place}={word} kind={kind}"
        yield f"{place} starts={word[:1]}"
        yield f"{place} starts={word[:2]}"
        yield f"{place} ends={word[-1:]}"
        yield f"{place} ends={word[-2:]}"
    if len(before) > 1:
        yield f"second before={before[1]}"
    for place, index in (("before", toponym.first - 1), ("behind", toponym.last)):
        if first <= index < last:
            yield from (f"{place} {what}" for what in _classes(around, index))


def _classes(around: Surroundings, index: int) -> Iterator[str]:
    token = around.doc.tokens[index]
    adjective = any(split.core in demonym_forms() for split in clitic_splits(token.key))
    if adjective and not has_shape(token.key, "alef"):
        yield "adjective"
    if index in around.people:
        yield "person"
    verb = _verb(token)
    if verb:
        yield f"{verb} verb"
        yield f"{verb} verb kind={_kind(around)}"
    if token.key.startswith(article()):
        yield "definite noun"
    if token.key[0].isdigit():
        yield "number"
    if token.key[0].isascii() and token.key[0].isalpha():
        yield "foreign"


def _bare(token: Token) -> str:
    """Return the key of a word without its conjunction."""
    for split in clitic_splits(token.key)[1:]:
        if clitic_relations(split.prefix) <= {"and", "then"}:
            return token.key if len(split.core) < 3 else split.core
    return token.key


def _table_features(around: Surroundings) -> Iterator[str]:
    tokens, toponym = around.doc.tokens, around.toponym
    start = around.clause_start()
    for name in _BESIDE:
        words = WordList.of_table(name)
        hit = words.ending_at(tokens, around.before + 1) if around.before >= start else None
        if hit is not None:
            yield f"beside={name}"
            yield f"beside={name} kind={_kind(around)}"
            yield f"beside={name} entry={hit.entry['forms'][0]}"
    for name in _BEHIND:
        if toponym.last < len(tokens) and WordList.of_table(name).at(tokens, toponym.last) is not None:
            yield f"then={name}"


def _set_features(around: Surroundings, cues: Cues) -> Iterator[str]:
    """Yield which of the model's own sets stand right before, behind, close by, or anywhere in the text."""
    doc, toponym = around.doc, around.toponym
    first, last = doc.ranges[doc.tokens[toponym.first].sentence]
    kind = _kind(around)
    shape = "adjective" if toponym.demonym else kind
    listed = _joined_on(around)
    places = (
        ("right before", range(max(first, toponym.first - 1), toponym.first)),
        ("before", range(max(first, toponym.first - _CLOSE), toponym.first)),
        ("before head", range(max(first, around.before), around.before + 1)),
        ("before list", range(max(first, toponym.first - 2), toponym.first - 1) if listed else ()),
        ("right behind", range(toponym.last, min(last, toponym.last + 1))),
        ("behind", range(toponym.last, min(last, toponym.last + _CLOSE))),
        ("in text", range(max(0, toponym.first - _WIDE), min(len(doc.tokens), toponym.last + _WIDE))),
    )
    for place, indices in places:
        words = frozenset().union(*(_cores(doc.tokens[i].key) for i in indices))
        for name, keys in cues.items():
            if (place != "in text" or name in _TOPICS) and not keys.isdisjoint(words):
                yield f"{name} {place}"
                yield f"{name} {place} of={shape}"


def _joined_on(around: Surroundings) -> bool:
    """Say whether the name continues a list: "and" hangs on it, or a comma or "and" stands before."""
    token = around.doc.tokens[around.toponym.first]
    if "and" in clitic_relations(around.toponym.clitics) or "\N{ARABIC COMMA}" in token.gap:
        return True
    before = around.doc.tokens[around.toponym.first - 1].key if around.toponym.first else ""
    return "and" in clitic_relations(before)


@lru_cache(maxsize=1 << 14)
def _cores(key: str) -> frozenset[str]:
    """Return a word without its proclitics and article, in every way it may be cut."""
    cores = {split.core for split in clitic_splits(key)}
    return frozenset(cores | {core.removeprefix(article()) for core in cores})


def _verb(token: Token) -> str:
    """Guess whether a word is a verb of the third person: the other gender's form is a word as well."""
    raw, known = token.raw, word_frequencies()
    rest = raw.removeprefix(_SEEN) if raw[1:2] in (_YEH, _TEH) else raw
    other = {_TEH: _YEH, _YEH: _TEH}.get(rest[:1], "")
    if other and len(rest) > 3 and other + rest[1:] in known:
        return "feminine" if rest[:1] == _TEH else "masculine"
    if has_shape(raw, "finite feminine verb") and raw[:-1] in known:
        return "feminine"
    return ""


def _mark_features(around: Surroundings) -> Iterator[str]:
    """Yield the marks on either side, and whether the name opens its sentence or stands in a hashtag."""
    doc, toponym = around.doc, around.toponym
    opening = doc.tokens[toponym.first].gap
    closing = doc.tokens[toponym.last].gap if toponym.last < len(doc.tokens) else doc.text[toponym.end :]
    for place, gap in (("opened", opening), ("closed", closing)):
        for mark, characters in _MARKS.items():
            if any(character in gap for character in characters):
                yield f"{place}={mark}"
    if any(mark in opening for mark in _MARKS["bracket"]) and any(m in closing for m in _MARKS["bracket"]):
        yield "in brackets"
        yield f"in brackets adjective={bool(toponym.demonym and not toponym.names)} kind={_kind(around)}"
    if _joined_on(around):
        yield f"continues a list kind={_kind(around)}"
    if toponym.first == doc.ranges[doc.tokens[toponym.first].sentence][0]:
        yield "opens its sentence"
    if toponym.last == len(doc.tokens):
        yield "ends the text"
    space = doc.text.rfind(" ", 0, toponym.start) + 1
    if doc.text[space : toponym.start].lstrip("\u2066\u2067\u2068\u2069")[:1] == "#":
        yield "in a hashtag"
        yield f"in a hashtag kind={_kind(around)}"
        yield "hashtag of its own" if doc.text[toponym.start - 1] == "#" else "inside a hashtag"


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """Hold the weights of the model.

    Attributes
    ----------
    labels : tuple of str
        The readings, and `NO_NAME`.
    weights : Mapping[str, tuple of float]
        From a feature to one weight a label; unknown features weigh nothing.
    rules : Mapping[str, tuple of float]
        From a rule (see `rule_of`) to the calibrated probability that it is right.
    cues : Mapping[str, frozenset of str]
        The model's own sets of cue words, by strict key.
    temperature : float
        The scores are divided by it: it makes the probabilities mean what they say.
    version : str
        First digits of the hash of the annotation it was trained on.

    Examples
    --------
    >>> model = ReadingModel(("literal", "none"), {"bias": (0.0, 0.0)}, {}, {}, 1.0)
    >>> model.probabilities(["bias"])
    {'literal': 0.5, 'none': 0.5}
    """

    labels: tuple[str, ...]
    weights: Mapping[str, Sequence[float]]
    rules: Mapping[str, float]
    cues: Cues
    temperature: float
    version: str = ""

    @classmethod
    def open(cls, path: Path | None = None) -> ReadingModel:
        """Read the weights.

        Parameters
        ----------
        path : Path, optional
            The shipped weights by default.

        Raises
        ------
        GazetteerError
            If the file is missing, damaged or of another schema version.
        """
        source = path or files("geo").joinpath("_data/model/readings.json")
        try:
            content: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
            labels, schema = tuple(content["labels"]), content["schema"]
            weights = {name: _dense(row, len(labels)) for name, row in content["weights"].items()}
            cues = {name: frozenset(words) for name, words in content["cues"].items()}
            rules, temperature = dict(content["rules"]), float(content["temperature"])
            version = str(content["annotation"])[:8]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise GazetteerError(
                f"{source}: cannot be read as reading weights ({error}); reinstall"
            ) from error
        if schema != SCHEMA:
            raise GazetteerError(f"{source}: schema {schema}, expected {SCHEMA}; reinstall")
        return cls(labels, weights, rules, cues, temperature, version)

    def probabilities(self, features: Iterator[str] | Sequence[str] | frozenset[str]) -> dict[str, float]:
        """Return the probability of every label, by label.

        Parameters
        ----------
        features : iterable of str
            As of `cue_features`.

        Returns
        -------
        dict
        """
        scores = [0.0] * len(self.labels)
        for feature in features:
            for label, weight in enumerate(self.weights.get(feature, ())):
                scores[label] += weight
        highest = max(scores)
        raised = [math.exp((score - highest) / self.temperature) for score in scores]
        total = sum(raised)
        return {label: value / total for label, value in zip(self.labels, raised, strict=True)}

    def decide(
        self, around: Surroundings, ruled: Decision, *, overrule: float = 0.0, drop: float = 1.0
    ) -> Decision | None:
        """Decide a reading from the cues together.

        Parameters
        ----------
        around : Surroundings
        ruled : Decision
            The rules' decision: it is a cue, and it stays as long as the best other reading is not likelier
            than ``overrule``.
        overrule : float
            Probability (0 to 1) that another reading must reach.
        drop : float
            Probability from which a string counts as no place name at all; 1 keeps every string.

        Returns
        -------
        Decision or None
            None if the string is no place name. The confidence is the probability of the reading, given that
            it is a name.
        """
        likely = self.probabilities(cue_features(around, ruled, self.cues))
        no_name = likely.pop(NO_NAME, 0.0)
        if no_name >= drop:
            return None
        best = max(likely, key=lambda label: likely[label])
        share = {label: value / (1.0 - no_name) for label, value in likely.items()}
        if best == ruled.reading.value or share[best] < overrule:
            return Decision(ruled.reading, round(share[ruled.reading.value], 4), ruled.reason)
        reason = f"the cues together speak for it; the rule was: {ruled.reason}"
        return Decision(Reading(best), round(share[best], 4), reason)

    def settle(
        self, around: Surroundings, ruled: Decision, *, trust: float = 0.8, overrule: float = 0.0
    ) -> Decision:
        """Let a rule that is mostly right stand, its confidence calibrated; weigh the cues elsewhere.

        Parameters
        ----------
        around : Surroundings
        ruled : Decision
            The rules' decision, after lists were spread.
        trust : float
            Share of right answers (0 to 1) from which a rule is taken at its word; of a rule that the
            annotation never met, its declared confidence.
        overrule : float
            As in `decide`.

        Returns
        -------
        Decision
        """
        if self.rules.get(rule_of(ruled), ruled.confidence) >= trust:
            return self.calibrated(ruled)
        return self.decide(around, ruled, overrule=overrule) or ruled

    def calibrated(self, ruled: Decision) -> Decision:
        """Keep the rules' reading and give it the share of cases in which its rule is right.

        Parameters
        ----------
        ruled : Decision

        Returns
        -------
        Decision
        """
        return Decision(ruled.reading, self.rules.get(rule_of(ruled), ruled.confidence), ruled.reason)


def _dense(row: Mapping[str, float], size: int) -> tuple[float, ...]:
    """Return the weights of one feature, stored by the number of the label, those of zero left out."""
    return tuple(float(row.get(str(label), 0.0)) for label in range(size))
