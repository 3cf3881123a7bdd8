"""Decide which place a toponym means, and say why.

Every candidate of the gazetteer is scored by named features whose weights stand in the rule table
``resolution_weight``; "none of these" competes with them. The document votes first: countries named,
demonyms and known persons speak for a country, and that speaks for its places (after Mordecai 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from geo.arabic import Tokenized, table
from geo.model import Candidate, Place
from geo.reading.toponyms import Name, Toponym, importance

_NAME_KIND = {"official": 0.0, "variant": -0.3, "colloquial": -0.3, "historic": -1.0, "context": -1.5}
_KEPT = 6
_SILENCE = 7.0
_VAGUE_KM = 60.0
_NONE_LEADS = 1.5
_CONTEXT = 1.5
_UNTAGGED = 0.5
_DISTRICT = 1.7
_SPOKEN_OF = 0.3
_HARAKAT = frozenset(map(chr, range(0x064B, 0x0653)))


@dataclass(frozen=True, slots=True)
class Context:
    """Hold what the text around one toponym says about its place.

    Attributes
    ----------
    votes : Mapping[str, float]
        For each country (ISO alpha-2) how strongly the document speaks for it, 0 to 1.
    classes, codes : tuple of str
        Feature classes and codes the head word asks for; empty without a head word.
    demonym_country : str
        Country of a nisba right behind the name, or empty.
    containers : tuple of Place
        Larger places that the text names right behind.
    head : str
        The head word as written, for the reasons.
    settlement : bool
        The head word asks for a town, never for a country.
    named_after_city : bool
        The head word names an institution that often bears the name of its city.
    neighbours : frozenset of str
        Countries of the members before and behind in the same list.
    peers : frozenset of str
        Scales of those members (`scale_of`).
    unit : bool
        The head word asks for an administrative unit.
    """

    votes: Mapping[str, float] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    demonym_country: str = ""
    containers: tuple[Place, ...] = ()
    head: str = ""
    settlement: bool = False
    named_after_city: bool = False
    neighbours: frozenset[str] = frozenset()
    peers: frozenset[str] = frozenset()
    unit: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """Hold a decision: the ranked candidates, the winner or ``None``, and the reasons."""

    place: Place | None
    confidence: float
    candidates: tuple[Candidate, ...]
    reasons: tuple[str, ...]


class Resolver(Protocol):
    """Decide which place a toponym means."""

    def resolve(self, doc: Tokenized, toponym: Toponym, context: Context) -> Resolution:
        """Return the decision for one toponym in its context."""
        ...


@cache
def _weights() -> Mapping[str, float]:
    return {entry["feature"]: float(entry["weight"]) for entry in table("resolution_weight")}


class EvidenceResolver:
    """Score candidates by weighted evidence and explain each score.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> from geo.reading.recognize import DictionaryRecognizer
    >>> doc = tokenize("طرابلس")
    >>> toponym = DictionaryRecognizer(Gazetteer.open()).recognize(doc)[0]
    >>> EvidenceResolver().resolve(doc, toponym, Context(votes={"LB": 1.0})).place.country
    'LB'
    """

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        """Take the shipped weights, or others to compare."""
        self._weights = weights

    def resolve(self, doc: Tokenized, toponym: Toponym, context: Context) -> Resolution:
        """Return the best candidate, unless "none of these" wins."""
        if not toponym.names:
            return Resolution(None, 0.0, (), ("no place of this name in the gazetteer",))
        scored = evidence(doc, toponym, context)
        names = [name for name, _ in scored]
        weights = self._weights or _weights()
        logits = [sum(weights[key] * value for key, value in features.items()) for _, features in scored]
        none = sum(weights[key] * value for key, value in against(toponym).items())
        shares = _softmax([*logits, none])
        order = sorted(range(len(scored)), key=lambda i: (-shares[i], scored[i][0].place.id))
        candidates = tuple(
            Candidate(
                scored[i][0].place,
                round(shares[i], 4),
                {k: round(weights[k] * v, 3) for k, v in scored[i][1].items() if v},
            )
            for i in order[:_KEPT]
        )
        best = candidates[0]
        if not toponym.certain and _unspoken(scored[order[0]][0], context):
            reason = f"means {best.place.name} only where the text speaks of it"
            return Resolution(None, 0.5, candidates, (reason,))
        home = (best.place.country, best.place.admin1)
        together = sum(c.score for c in candidates if (c.place.country, c.place.admin1) == home)
        if shares[-1] >= _NONE_LEADS * together:
            reason = f"none of {len(names)} candidates convinces: {best.score:.2f}, none {shares[-1]:.2f}"
            return Resolution(None, round(shares[-1], 4), candidates, (reason,))
        return Resolution(best.place, best.score, candidates, _reasons(candidates, context))


def _unspoken(name: Name, context: Context) -> bool:
    """Say whether a name needs a text about its country ("the Kingdom"), and this one is not."""
    return (
        name.kind == "context"
        and _is_country(name.place)
        and context.votes.get(name.place.country, 0.0) < _SPOKEN_OF
    )


def evidence(doc: Tokenized, toponym: Toponym, context: Context) -> list[tuple[Name, dict[str, float]]]:
    """Return the candidates of a toponym, each with its evidence, unweighted.

    Parameters
    ----------
    doc : Tokenized
    toponym : Toponym
    context : Context

    Returns
    -------
    list of (Name, dict)
        One entry a place, under the name that speaks best for it.
    """
    names = _best_names(toponym.names)
    surface = doc.text[toponym.start : toponym.end]
    return [(name, _features(name, surface, context, names)) for name in names]


def against(toponym: Toponym) -> dict[str, float]:
    """Return the evidence for "none of these", unweighted.

    Parameters
    ----------
    toponym : Toponym

    Returns
    -------
    dict of str to float
    """
    return {
        "none_of_these": 1.0,
        "none_long": 1.0 if toponym.last - toponym.first > 1 else 0.0,
        "none_vouched": 1.0 if toponym.certain else 0.0,
        "none_respelled": 1.0 if toponym.reasons else 0.0,
        "none_clitic": 1.0 if toponym.clitics else 0.0,
    }


def _best_names(names: Iterable[Name]) -> list[Name]:
    """Keep for each place the name that speaks best for it."""
    best: dict[str, Name] = {}
    for name in names:
        other = best.get(name.place.id)
        if other is None or _kind_value(name) > _kind_value(other):
            best[name.place.id] = name
    return list(best.values())


@cache
def _arab_states() -> frozenset[str]:
    return frozenset(country for entry in table("focus") for country in entry["countries"])


def _local(name: Name) -> bool:
    """Say whether a name without a language tag is Arabic all the same: that of a place in an Arab state."""
    return name.lang == "und" and name.kind == "variant" and name.place.country in _arab_states()


def _kind_value(name: Name) -> float:
    if _local(name):
        return 0.0
    return _NAME_KIND.get(name.kind, -0.3) - (0.7 if name.lang == "und" else 0.0)


def _is_country(place: Place) -> bool:
    return place.feature_code in ("PCLI", "PCLS", "PCLD", "PCLF", "PCLIX", "PCL")


def scale_of(place: Place) -> str:
    """Return how large a place is in kind: ``country``, ``unit``, ``town``, or nothing.

    Parameters
    ----------
    place : Place

    Returns
    -------
    str
    """
    if place.feature_code.startswith("PCL"):
        return "country"
    return {"A": "unit", "P": "town"}.get(place.feature_class, "")


def _features(name: Name, surface: str, context: Context, names: Sequence[Name]) -> dict[str, float]:
    """Return each piece of evidence for one candidate, unweighted."""
    place = name.place
    cue = _feature_cue(place, context)
    headed = name.kind == "context" and cue > 0.0 and not _is_country(place)
    return {
        "importance": max(_known(each, headed=headed) for each in (name, *_units_beside(place, names))),
        "name_kind": 0.0 if headed else _kind_value(name),
        "feature_cue": cue,
        "country_vote": context.votes.get(place.country, 0.0),
        "admin1_vote": context.votes.get(_unit(place), 0.0),
        "vague_unit": _vague(place),
        "demonym_beside": _agreement(context.demonym_country, place.country),
        "neighbour": 1.0 if place.country in context.neighbours else 0.0,
        "same_kind": 1.0 if context.peers == {scale_of(place)} else 0.0,
        "container": _container(place, context.containers),
        "country_first": 1.0 if _is_country(place) and not context.settlement else 0.0,
        "town_first": 1.0 if not context.head and _units_beside(place, names) else 0.0,
        "diacritics": _diacritics(surface, name.name),
    }


def _known(name: Name, *, headed: bool) -> float:
    """Return how well known a place is: a district of an Arab state at least as a small town."""
    value = importance(name) + (_CONTEXT if headed else 0.0) + (_UNTAGGED if _local(name) else 0.0)
    district = name.place.feature_code == "ADM2" and name.place.country in _arab_states()
    return max(value, _DISTRICT) if district and name.kind != "context" else value


def _vague(place: Place) -> float:
    unit = place.feature_class == "A" and not _is_country(place)
    return 1.0 if unit and place.uncertainty_km >= _VAGUE_KM else 0.0


def _unit(place: Place) -> str:
    """Return the key under which votes for a first-level unit are counted."""
    return f"{place.country}/{place.admin1}" if place.admin1 else ""


def _units_beside(place: Place, names: Sequence[Name]) -> list[Name]:
    """Return the units that bear the name of a town in them: it is as well known as they are."""
    if place.feature_class != "P":
        return []
    home = (place.country, place.admin1)
    return [
        each
        for each in names
        if each.place.feature_code.startswith("ADM") and (each.place.country, each.place.admin1) == home
    ]


def _feature_cue(place: Place, context: Context) -> float:
    if not context.classes and not context.codes:
        return 0.0
    if context.codes:
        city = context.named_after_city and place.feature_class in ("P", "A")
        return 1.0 if place.feature_code in context.codes else 0.0 if city else -1.0
    if context.settlement and place.feature_code.startswith("PCL"):
        return -1.0
    if context.unit and place.feature_class == "P" and "P" not in context.classes:
        return 0.0
    return (
        1.0
        if place.feature_class == context.classes[0]
        else 0.5
        if place.feature_class in context.classes
        else -1.0
    )


def _agreement(wanted: str, given: str) -> float:
    if not wanted or not given:
        return 0.0
    return 1.0 if wanted == given else -1.0


def _container(place: Place, containers: Sequence[Place]) -> float:
    """Score how well named containers hold a place: 1 by admin unit, 0.7 by country, -0.5 if none does."""
    if not containers:
        return 0.0
    value = -0.5
    for container in containers:
        if container.id == place.id or (container.country and container.country != place.country):
            continue
        same_unit = bool(container.admin1) and container.admin1 == place.admin1
        value = max(value, 1.0 if same_unit else 0.7 if _is_country(container) else 0.0)
    return value


def _diacritics(surface: str, name: str) -> float:
    """Compare the harakat of the text with those of the name, where both have some."""
    written, own = (tuple(c for c in word if c in _HARAKAT) for word in (surface, name))
    if not written or not own:
        return 0.0
    return 1.0 if written[0] == own[0] else -1.0


def _softmax(logits: Sequence[float]) -> list[float]:
    top = max(logits)
    powers = [math.exp(logit - top) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def _reasons(candidates: Sequence[Candidate], context: Context) -> tuple[str, ...]:
    """Say in words what decided for the winner, and over whom."""
    best = candidates[0]
    place = best.place
    told = {
        "feature_cue": f"the word {context.head!r} before it asks for such a place",
        "country_vote": f"the text speaks of {place.country}",
        "demonym_beside": f"the adjective behind it is of {place.country}",
        "neighbour": "its neighbour in the list is of the same country",
        "same_kind": "its neighbours in the list are of its kind",
        "container": "the larger place named behind it holds it",
        "country_first": "a country comes before other places of its name",
        "diacritics": "the written vowels agree",
    }
    facts = [text for key, text in told.items() if best.features.get(key, 0.0) > 0.5]
    lines = [f"place {_label(place)} scores {best.score:.2f}"]
    if facts:
        lines.append("; ".join(facts))
    if len(candidates) > 1:
        second = candidates[1]
        lines.append(f"runner-up {_label(second.place)} {second.score:.2f}")
    else:
        lines.append("the only place of this name")
    return tuple(lines)


def _label(place: Place) -> str:
    return f"{place.name} ({', '.join(filter(None, (place.country, place.feature_code)))})"


@dataclass(frozen=True, slots=True)
class Votes:
    """Count how strongly the names of a document speak for each country.

    A toponym gives its vote to the countries of its candidates in proportion to how well known each is; a
    demonym and a known person give one each. No name votes for itself: `without` leaves its own votes out.

    Attributes
    ----------
    fixed : Mapping[str, float]
        Votes of demonyms and persons by country (ISO alpha-2).
    by_key : Mapping[str, Mapping[str, float]]
        Votes of the toponyms by strict key, then by country.
    """

    fixed: Mapping[str, float]
    by_key: Mapping[str, Mapping[str, float]]
    _totals: dict[str, float] = field(init=False, repr=False, compare=False)
    _ranked: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add the votes up once, however many names ask for them."""
        totals = dict(self.fixed)
        for votes in self.by_key.values():
            for country, share in votes.items():
                totals[country] = totals.get(country, 0.0) + share
        object.__setattr__(self, "_totals", totals)
        object.__setattr__(self, "_ranked", tuple(sorted(totals, key=lambda country: -totals[country])))

    @classmethod
    def count(cls, toponyms: Sequence[Toponym], demonyms: Iterable[str], persons: Iterable[str]) -> Votes:
        """Count the votes of toponyms, and of the countries of demonyms and known persons.

        Examples
        --------
        >>> Votes.count((), ["LY", "LY", "RU"], ["LY"]).without("x")["LY"]
        1.0
        """
        fixed: dict[str, float] = {}
        for country in (*demonyms, *persons):
            fixed[country] = fixed.get(country, 0.0) + 1.0
        by_key: dict[str, dict[str, float]] = {}
        for toponym in toponyms:
            names = _best_names(toponym.names)
            shares = _softmax([2.5 * importance(name) for name in names] + [_SILENCE])
            votes = by_key.setdefault(toponym.key, {})
            for name, share in zip(names, shares, strict=False):
                for voted in filter(None, (name.place.country, _unit(name.place))):
                    votes[voted] = votes.get(voted, 0.0) + share
        return cls(fixed, by_key)

    def without(self, key: str) -> Spoken:
        """Return for each country 0 to 1, on a logarithmic scale, the votes of one name left out."""
        own = self.by_key.get(key, {})
        most = max((max(self._totals[country] - share, 0.0) for country, share in own.items()), default=0.0)
        other = next((self._totals[country] for country in self._ranked if country not in own), 0.0)
        return Spoken(self._totals, own, max(most, other))


class Spoken(Mapping[str, float]):
    """Say how strongly a document speaks for each country, the votes of one name left out.

    Parameters
    ----------
    totals : Mapping[str, float]
        All votes by country.
    own : Mapping[str, float]
        The votes to leave out.
    most : float
        The votes of the country that has most without them.
    """

    __slots__ = ("_own", "_scale", "_totals", "strongest")

    def __init__(self, totals: Mapping[str, float], own: Mapping[str, float], most: float) -> None:
        self._totals = totals
        self._own = own
        self._scale = math.log1p(max(2.0, most))
        self.strongest = math.log1p(most) / self._scale

    def __getitem__(self, country: str) -> float:
        """Return the share of one country, 0 to 1."""
        count = self._totals[country] - self._own.get(country, 0.0)
        return math.log1p(max(count, 0.0)) / self._scale

    def __iter__(self) -> Iterator[str]:
        return iter(self._totals)

    def __len__(self) -> int:
        return len(self._totals)
