"""Judge and clean the names of the sources: script, language, kind, and the forms worth storing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from geo.arabic.normalize import strict_key, undiacritised
from geo.arabic.rules import Entry
from geo.places.records import KINDS

_PLAIN = re.compile(
    "[\u0621-\u063a\u0641-\u0652\u0653-\u0655\u0670\u0671\u0640"  # letters, harakat, tatweel
    "\u0660-\u0669\u060cA-Z0-9\\s.,'()/\u2013_-]+"
)
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_NEVER_ARABIC = re.compile("\u0649[\u0621-\u064a]|(?:^|\\s)\u0626")
"""Alef maqsura inside a word, or hamza on ya at its start: Uyghur and Kurdish spelling."""
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNDECOMPOSED = str.maketrans({
    "\u0142": "l", "\u0141": "L", "\u00f8": "o", "\u00d8": "O", "\u0111": "d", "\u0110": "D", "\u0131": "i",
    "\u00e6": "ae", "\u00c6": "Ae", "\u0153": "oe", "\u0152": "Oe", "\u00f0": "d", "\u00fe": "th",
    "\u00de": "Th", "\u0127": "h", "\u0126": "H", "\u0259": "a", "\u018f": "A",
})  # fmt: skip

_ARTICLE = "\u0627\u0644"


@dataclass(frozen=True, slots=True)
class Name:
    """Hold one name of one place.

    Attributes
    ----------
    text : str
        As the source writes it, without bidirectional marks, NFC.
    lang : str
        One of `LANGUAGES`.
    kind : str
        One of `KINDS`.
    source : str
        Key in ``sources.toml``.
    """

    text: str
    lang: str
    kind: str
    source: str


@dataclass(slots=True)
class Draft:
    """Hold one place while the sources are being merged; the fields are those of `geo.model.Place`."""

    id: str
    name: str
    feature_class: str
    feature_code: str
    country: str
    admin1: str
    lon: float
    lat: float
    source: str
    population: int = 0
    uncertainty_km: float = 3.0
    parent_id: str = ""
    valid_to: str = ""
    derived: bool = False
    name_ar: str = ""
    names: list[Name] = field(default_factory=list)
    keys: frozenset[str] = frozenset()


@cache
def key_of(text: str) -> str:
    """Return the strict key, computed once for each name."""
    return strict_key(text)


def clean(text: str) -> str:
    """Drop bidirectional marks and surplus spaces; compose (NFC)."""
    return unicodedata.normalize("NFC", " ".join(_MARKS.sub("", text).split()))


def is_arabic_script(text: str) -> bool:
    """Say whether a name holds any letter of the Arabic script."""
    return _ARABIC.search(text) is not None


def is_plain_arabic(text: str) -> bool:
    """Say whether a name uses the letters of Arabic only, where Arabic uses them."""
    return _PLAIN.fullmatch(text) is not None and _NEVER_ARABIC.search(text) is None


def arabic(texts: Iterable[str], source: str, *, tagged: bool, kind: str = "variant") -> Iterator[Name]:
    """Yield names in Arabic script, those of other languages marked foreign.

    Parameters
    ----------
    texts : iterable of str
    source : str
        Key in ``sources.toml``.
    tagged : bool
        Whether the source says that the names are Arabic.
    kind : str
        Kind of the names that are plain Arabic.
    """
    for text in texts:
        name = clean(text)
        if not is_arabic_script(name):
            continue
        if is_plain_arabic(name):
            yield Name(name, "ar" if tagged else "und", kind, source)
        else:
            yield Name(name, "foreign", "foreign", source)


def latin(primary: str, others: Iterable[str], source: str) -> Iterator[Name]:
    """Yield the preferred Latin name, its plain ASCII spelling where the key lacks it, and the others."""
    name = clean(primary)
    yield Name(name, "en", "official", source)
    plain = clean(name.translate(_UNDECOMPOSED))
    if plain != name:
        yield Name(plain, "latin", "variant", source)
    yield from latin_variants(others, source)


def latin_variants(texts: Iterable[str], source: str) -> Iterator[Name]:
    """Yield further names in Latin script."""
    for text in texts:
        yield Name(clean(text), "latin", "variant", source)


class Shortener:
    """Make the shorter forms of a name under which texts cite it.

    Parameters
    ----------
    heads, generic, wrong : sequence of mapping
        The rule tables ``unit_head``, ``generic_unit_name`` and ``wrong_name``.

    Attributes
    ----------
    wrong : frozenset of (str, str)
        Ids of places and names that a source gives them by mistake.
    """

    def __init__(self, heads: Iterable[Entry], generic: Iterable[Entry], wrong: Iterable[Entry]) -> None:
        self.wrong = frozenset((entry["place_id"], form) for entry in wrong for form in entry["forms"])
        self._heads = {key_of(form) for entry in heads for form in entry["forms"]}
        self._generic = {key_of(form) for entry in generic for form in entry["forms"]}

    def in_context(self, name: Name) -> Name:
        """Return the name of a unit, marked ``context`` if it is an ordinary word ("the north")."""
        return replace(name, kind="context") if key_of(name.text) in self._generic else name

    def shorter(self, name: Name) -> Iterator[Name]:
        """Yield the part before a comma or bracket, and the name without the head of a unit."""
        if name.lang not in ("ar", "und") or name.kind == "context":
            return
        head = re.split("[\u060c,(/]", name.text)[0].strip()
        if head and head != name.text:
            yield replace(name, text=head, kind="variant")
        inner = re.fullmatch(r"[^()]+\(([^() ]+)\)", name.text)
        if inner:
            yield replace(name, text=inner.group(1), kind="variant")
        first, _, rest = head.partition(" ")
        bare = undiacritised(rest).strip()
        if rest and key_of(first) in self._heads and len(bare) > 2 and key_of(bare) not in self._generic:
            yield replace(name, text=rest.strip(), kind="variant")


def complete_names(draft: Draft, shortener: Shortener) -> None:
    """Add the shorter forms, drop what is no name, and keep each name once, best source first."""
    rank = {"curated": 0, "cldr-territories": 1, "geonames-ar": 2, "cldr-subdivisions": 3, "natural-earth": 4}
    names = [name for name in draft.names if (draft.id, name.text) not in shortener.wrong]
    if draft.feature_class in ("A", "P"):
        names += [short for name in names for short in shortener.shorter(name)]
    if draft.feature_class == "A":
        names = [shortener.in_context(name) for name in names]
    order = {kind: position for position, kind in enumerate(KINDS)}
    names.sort(key=lambda name: (order[name.kind] > 3, rank.get(name.source, 9), order[name.kind], name.text))
    kept: dict[tuple[str, str], Name] = {}
    for name in names:
        key = key_of(name.text)
        if len(key) < 2:
            continue
        by_script = name.text if is_arabic_script(name.text) else "latin"
        kept.setdefault((key, by_script), name)
    draft.names = list(kept.values())
    draft.name_ar = draft.name_ar or _best_arabic(draft.names, rank)


def _best_arabic(names: list[Name], rank: dict[str, int]) -> str:
    """Choose the Arabic name to show: tagged first, then the spelling most names share, fully spelled."""
    own = [name for name in names if name.lang in ("ar", "und") and name.kind not in ("context", "foreign")]
    if not own:
        return ""
    votes: dict[str, int] = {}
    for name in own:
        votes[key_of(name.text)] = votes.get(key_of(name.text), 0) + 1

    def cost(name: Name) -> tuple[Any, ...]:
        text = name.text
        lacks_article = _ARTICLE + key_of(text) in votes
        return (
            name.source != "curated", lacks_article, rank.get(name.source, 9) > 4 or name.kind != "official",
            -votes[key_of(text)], "\u060c" in text or "(" in text,
            -sum(letter in "\u0623\u0625\u0622\u0629" for letter in text), len(text), text,
        )  # fmt: skip

    return min(own, key=cost).text
