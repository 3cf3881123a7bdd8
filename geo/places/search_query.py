"""Take a name apart as people write it: the kind of the place before it, what contains it behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from geo.arabic import strict_key, table

_PARTS = re.compile(r"[,;\u060c\u061b|]|\s[-\u2013\u2014]\s|[()\[\]]")
_WORDS = 7
"""Names of more words are not cut into a place and its container: they are sentences."""


_UNLIKELY = 0.001
"""Weight of a town asked for as a district, or the other way round."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Hold what the head word of a name says of the place.

    Attributes
    ----------
    form : str
        The head word, as a strict key.
    kind : str
        ``settlement``, ``admin``, ``facility``, ``physical`` or ``urban``.
    classes, codes : frozenset of str
        GeoNames classes and codes of such places; no codes for any.
    named_after_city : bool
        Whether what is unknown of this kind may be given as its city.
    """

    form: str
    kind: str
    classes: frozenset[str]
    codes: frozenset[str]
    named_after_city: bool

    def fits(self, feature_class: str, feature_code: str) -> float:
        """Return how well a kind of place fits the cue, between 0 and 1; 0 leaves it out."""
        if self.kind == "settlement":
            return 1.0 if feature_class == "P" else _UNLIKELY if feature_class == "A" else 0.0
        if self.kind == "admin":
            return 1.0 if feature_class in ("A", "L") else _UNLIKELY if feature_class == "P" else 0.0
        return float(feature_code in self.codes if self.codes else feature_class in self.classes)


@dataclass(frozen=True, slots=True)
class Query:
    """Hold one way to understand what was asked for.

    Attributes
    ----------
    name, key : str
        The name itself, and its strict key.
    containers : tuple of str
        Names of what contains it, the smallest first.
    cue : Cue or None
    sure : bool
        Whether the containers are marked as such (by a comma or a word), or only guessed from their position.
    """

    name: str
    key: str
    containers: tuple[str, ...] = ()
    cue: Cue | None = None
    sure: bool = True


def queries(name: str) -> Iterator[Query]:
    """Yield the ways to understand a name, the plainest first.

    Parameters
    ----------
    name : str
        As typed: ``مدينة درنة``, ``Tripoli, Libya``, ``حميميم اللاذقية``, ``District of Tyre``.

    Examples
    --------
    >>> [(query.key, query.containers) for query in queries("Tripoli, Libya")]
    [('tripoli libya', ()), ('tripoli', ('Libya',)), ('libya', ('Tripoli',))]
    """
    whole = strict_key(name)
    if not whole:
        return
    yield Query(name, whole)
    head, *containers = parts_of(name)
    marked = tuple(containers)
    key = strict_key(head)
    if marked:
        yield Query(head, key, marked)
    for cue, rest in _cues(key):
        yield Query(rest, rest, marked, cue)
    yield from _in_a_row(key, marked)
    if marked:  # the country first, as in Arabic lists and addresses
        *larger, last = head, *marked
        yield Query(last, strict_key(last), tuple(reversed(larger)), sure=False)


def parts_of(name: str) -> list[str]:
    """Return the parts that commas, brackets and dashes make of a name.

    Examples
    --------
    >>> parts_of("Tripoli (LB)")
    ['Tripoli', 'LB']
    """
    return [part.strip() for part in _PARTS.split(name) if strict_key(part)]


def _in_a_row(key: str, marked: tuple[str, ...]) -> Iterator[Query]:
    """Yield the ways to cut a key into a name and the container that follows it, the longest name first."""
    words = key.split(" ")
    if not 1 < len(words) <= _WORDS:
        return
    for cut in range(len(words) - 1, 0, -1):
        between = words[cut] in _between() and cut + 1 < len(words)
        behind = " ".join(words[cut + 1 :] if between else words[cut:])
        front = " ".join(words[:cut])
        yield Query(front, front, (behind, *marked), sure=between)
        for cue, rest in _cues(front):
            yield Query(rest, rest, (behind, *marked), cue, sure=between)


def without_head(name: str) -> Iterator[tuple[str, Cue | None]]:
    """Yield the key of a container's name, and its key without a head word.

    Examples
    --------
    >>> [key for key, _ in without_head("Idlib Governorate")]
    ['idlib governorate', 'idlib']
    """
    key = strict_key(name)
    yield key, None
    for cue, rest in _cues(key):
        yield rest, cue


def _cues(key: str) -> Iterator[tuple[Cue, str]]:
    """Yield what a head word says, with the rest of the key."""
    for size in (3, 2, 1):
        words = key.split(" ")
        if len(words) <= size:
            continue
        before = _heads()[0].get(" ".join(words[:size]))
        if before is not None:
            rest = _without_adjective(" ".join(words[size:]), before.form)
            yield before, rest
        behind = _heads()[1].get(" ".join(words[-size:]))
        if behind is not None:
            yield behind, " ".join(words[:-size])


@cache
def _heads() -> tuple[dict[str, Cue], dict[str, Cue]]:
    """Return the head words that stand before a name, and those behind it, by strict key."""
    before: dict[str, Cue] = {}
    behind: dict[str, Cue] = {}
    for entry in table("feature_head"):
        for form in entry["forms"]:
            before.setdefault(strict_key(form), _cue(strict_key(form), entry))
    for entry in table("latin_head"):
        for form in entry["before"]:
            before.setdefault(strict_key(form), _cue(strict_key(form), entry))
        for form in entry["behind"]:
            behind.setdefault(strict_key(form), _cue(strict_key(form), entry))
    return before, behind


def _cue(form: str, entry: object) -> Cue:
    facts = dict(entry)  # type: ignore[call-overload]
    return Cue(
        form=form,
        kind=facts["kind"],
        classes=frozenset(facts["classes"]),
        codes=frozenset(facts.get("codes", ())),
        named_after_city=bool(facts.get("named_after_city", False)),
    )


@cache
def _adjectives() -> dict[str, tuple[str, ...]]:
    """Return the adjectives that may close a name, by head word."""
    return {
        strict_key(form): tuple(" " + strict_key(word) for word in entry["adjectives"])
        for entry in table("feature_head")
        for form in entry["forms"]
    }


def _without_adjective(rest: str, head: str) -> str:
    """Return a name without the adjectives that belong to its head word."""
    endings = _adjectives().get(head, ())
    for _ in range(2):
        for ending in endings:
            if rest.endswith(ending):
                rest = rest[: -len(ending)]
                break
    return rest


@cache
def _between() -> frozenset[str]:
    """Return the words between a place and its container."""
    return frozenset(strict_key(form) for entry in table("container_word") for form in entry["forms"])
