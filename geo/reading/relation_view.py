"""Look at a text the way relations do: anchors on tokens, cue words before and behind them.

An anchor is a mention that may carry a relative expression, or a noun such as "the city" that points back at
one. `View` finds the words of the rule tables ``direction``, ``relation`` and ``relation_word`` around it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.arabic import Token, Tokenized, article, clitic_relations, clitic_splits, strict_key, table
from geo.arabic.rules import Entry
from geo.model import Mention, Place, Reading
from geo.places import Gazetteer
from geo.places.shapes import Shapes
from geo.reading.toponyms import demonym_forms
from geo.reading.words import WordHit, WordList, joined, openings

_WATERS = ("SEA", "OCN", "GULF", "STRT", "BAY", "CHN", "CHNM")
_FAR_BACK = 100
_SILENT = (Reading.PERSON, Reading.MEDIA, Reading.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Hold what a relative expression hangs on.

    Attributes
    ----------
    first, last : int
        Tokens ``[first, last)``.
    index : int
        The mention; for a noun that points back, the mention it points at.
    place : Place or None
    nisba : bool
        Whether the word is an adjective (``الليبية``).
    linked : bool
        Whether ``ل`` hangs on it.
    joined_by_and : bool
        Whether ``و`` hangs on it.
    points_back : bool
        Whether it is a noun that points back.
    key : str
        Strict key of the surface.
    either : bool
        Whether the word is an adjective and a name, as ``السعودية``; there is an anchor for each.
    """

    first: int
    last: int
    index: int
    place: Place | None
    nisba: bool
    linked: bool
    joined_by_and: bool
    points_back: bool
    key: str
    either: bool = False

    @property
    def country(self) -> str:
        """Return the country code if the anchor is a country, else an empty string."""
        return self.place.country if self.place is not None and is_country(self.place) else ""


@dataclass(frozen=True, slots=True)
class Expression:
    """Hold one relative expression before it becomes an area.

    Attributes
    ----------
    relation : str
        Name of the rule; ``direction`` is decided later, inside or outside.
    first, last : int
        Tokens ``[first, last)``, anchors included.
    anchors : tuple of Anchor
    cut : int
        Characters of the first word that are proclitics.
    bearing_deg, distance_km : float or None
    within : bool
        Whether ``في`` or ``ب`` stands before it.
    definite : bool
        Whether it is a direction noun with an adjective (``الشمال السوري``).
    sibling : bool
        Whether it may share words with another expression.
    at_sea : bool
        Whether a coast is the anchor of a length.
    target : int or None
        For a gloss, the mention it explains.
    reasons : tuple of str
    """

    relation: str
    first: int
    last: int
    anchors: tuple[Anchor, ...]
    cut: int = 0
    bearing_deg: float | None = None
    distance_km: float | None = None
    within: bool = False
    definite: bool = False
    sibling: bool = False
    at_sea: bool = False
    target: int | None = None
    reasons: tuple[str, ...] = ()


def is_country(place: Place) -> bool:
    """Say whether a place is a state or territory with a code of its own."""
    return place.feature_code.startswith("PCL") or place.feature_code == "TERR"


class Cues:
    """Find forms of rule entries, and rule out quickly that one ends at a word.

    Parameters
    ----------
    entries : sequence of Entry
    fields : sequence of str
        The keys of an entry that list its forms.
    """

    __slots__ = ("_bit", "list")

    def __init__(self, entries: Sequence[Entry], fields: Sequence[str] = ("forms",)) -> None:
        """Index the forms, and the last word of each."""
        self.list = WordList(entries, fields)
        forms = [strict_key(form) for entry in entries for name in fields for form in entry.get(name, ())]
        self._bit = openings().add({form.rsplit(" ", 1)[-1] for form in forms})

    def may_end(self, key: str) -> bool:
        """Say whether some form may have this word as its last one."""
        known = openings()
        bits = known.known.get(key)
        return bool((known.of(key) if bits is None else bits) & self._bit)


def is_water(place: Place) -> bool:
    """Say whether a place is a sea, gulf, strait or the like."""
    return place.feature_code in _WATERS


@cache
def words(name: str) -> Cues:
    """Return the forms of one entry of ``relation_word``."""
    return Cues([entry for entry in table("relation_word") if entry["name"] == name])


@cache
def directions(*fields: str) -> Cues:
    """Return the directions in some of their forms: construct, definite, adjective, adverb."""
    return Cues(table("direction"), fields)


@cache
def cues(field: str) -> Cues:
    """Return the cues of all relations: ``cues``, ``cues_to``, ``cues_nisba`` or ``definite``."""
    return Cues(table("relation"), (field,))


@cache
def heads() -> Cues:
    """Return the head words that name the kind of a place."""
    return Cues(table("feature_head"))


@cache
def relation(name: str) -> Entry:
    """Return the rule entry of a relation."""
    return next(entry for entry in table("relation") if entry["name"] == name)


@cache
def rivers() -> Mapping[str, Entry]:
    """Return the rivers with a line, by the strict keys of their names."""
    return {
        strict_key(name): entry
        for entry in table("river")
        for name in entry["names"]
        if not entry.get("river_word_needed") or " " in name
    }


class View:
    """Answer questions about the words around anchors.

    Parameters
    ----------
    doc : Tokenized
    mentions : sequence of Mention
    shapes : Shapes
        Says which countries are neighbours.
    gazetteer : Gazetteer, optional
        Gives the capital that "the capital" means.
    """

    __slots__ = (
        "_ends",
        "_firsts",
        "_of_token",
        "anchors",
        "doc",
        "gazetteer",
        "mentions",
        "owned",
        "shapes",
        "tokens",
    )

    def __init__(
        self, doc: Tokenized, mentions: Sequence[Mention], shapes: Shapes, gazetteer: Gazetteer | None
    ) -> None:
        """Put the mentions on tokens and find the nouns that point back at them."""
        self.doc = doc
        self.shapes = shapes
        self.tokens: Sequence[Token] = doc.tokens
        self.mentions = mentions
        self.gazetteer = gazetteer
        literal = list(self._mentioned())
        self.owned = {index: anchor for anchor in literal for index in range(anchor.first, anchor.last)}
        self._of_token = {anchor.first: anchor for anchor in literal}
        self.anchors = sorted([*literal, *self._pointing_back(literal)], key=lambda a: a.first)
        self._firsts = [anchor.first for anchor in self.anchors]
        self._ends = [mention.end for mention in mentions]
        self._of_token = {anchor.first: anchor for anchor in self.anchors}

    def _mentioned(self) -> Iterable[Anchor]:
        starts = [token.start for token in self.tokens]
        position = 0
        for index, mention in enumerate(self.mentions):
            while position < len(starts) and self.tokens[position].end <= mention.start:
                position += 1
            last = position
            while last < len(starts) and starts[last] < mention.end:
                last += 1
            silent = mention.reading in _SILENT or self._is_direction(position, last)
            if last > position and not silent:
                yield from self._readings(position, last, index, mention)

    def _is_direction(self, first: int, last: int) -> bool:
        """Say whether a mention is only a direction, or a coast or bank with a side behind it."""
        hit = directions("construct", "definite", "adjective", "adverb").list.at(self.tokens, first)
        if hit is not None and hit.last == last:
            return True
        common = words("coast").list.at(self.tokens, first) or cues("definite").list.at(self.tokens, first)
        sided = self.behind(directions("adjective"), last)
        return common is not None and common.last == last and sided is not None

    def _readings(self, first: int, last: int, index: int, mention: Mention) -> Iterable[Anchor]:
        """Return a mention as an anchor: as an adjective, as a name, or as each of them."""
        clitics = clitic_relations(strict_key(mention.clitics))
        key = strict_key(mention.text)
        adjective = mention.reading is Reading.DEMONYM
        either = not adjective and key.startswith(article()) and key in demonym_forms()
        anchor = Anchor(
            first,
            last,
            index,
            mention.place,
            adjective,
            "to" in clitics,
            "and" in clitics,
            False,
            key,
            either,
        )
        if either:
            yield replace(anchor, nisba=True)
        yield anchor

    def _pointing_back(self, anchors: Sequence[Anchor]) -> Iterable[Anchor]:
        """Find the nouns that point back, at one of the last hundred anchors before them."""
        nouns = WordList.of_table("corefering_noun")
        passed = 0
        for hit in nouns.find(self.tokens, 0, len(self.tokens)):
            followed = hit.last in self.owned and joined(self.tokens, hit.first, hit.last + 1)
            if hit.first in self.owned or followed:
                continue
            while passed < len(anchors) and anchors[passed].last <= hit.first:
                passed += 1
            noun = self.tokens[hit.first].key[len(hit.prefix) :]
            found = self._antecedent(anchors[max(0, passed - _FAR_BACK) : passed], hit.entry, noun)
            if found is not None:
                index, place = found
                to = "to" in clitic_relations(hit.prefix)
                key = self.tokens[hit.first].key
                yield Anchor(hit.first, hit.last, index, place, False, to, False, True, key)

    def _antecedent(self, before: Sequence[Anchor], entry: Entry, noun: str) -> tuple[int, Place] | None:
        """Return the last place of a kind; no country or capital named: that of the last place."""
        kind = entry["kind"]
        for anchor in self._nearest(before, kind, noun):
            place = anchor.place
            if place is None:
                continue
            if kind == "unit" and place.feature_class == "A" and not is_country(place) and not anchor.nisba:
                return anchor.index, place
            if kind == "named" and anchor.key.startswith(tuple(map(strict_key, entry["heads"]))):
                return anchor.index, place
            if kind == "country" and is_country(place):
                return anchor.index, place
            if kind == "settlement" and place.feature_class == "P" and not anchor.nisba:
                return anchor.index, place
            if kind == "facility" and place.feature_class == "S" and not anchor.nisba:
                return anchor.index, place
            if kind == "capital":
                if place.feature_code == "PPLC":
                    return anchor.index, place
                capital = self.gazetteer.capital(place.country) if self.gazetteer else None
                if capital is not None and is_country(place):
                    return anchor.index, capital
        near = [(anchor.index, anchor.place.country) for anchor in before if anchor.place is not None]
        if kind not in ("country", "capital") or not near or self.gazetteer is None:
            return None
        index, code = near[-1]
        state = self.gazetteer.country(code) if kind == "country" else self.gazetteer.capital(code)
        return (index, state) if state else None

    def _nearest(self, before: Sequence[Anchor], kind: str, noun: str) -> list[Anchor]:
        """Return the places before a word, nearest first: headed by its noun, others, mere bearings.

        Behind "in the village X, south of the city of Y", the city is Y.
        """
        nearest = list(reversed(before))
        if kind != "settlement" or not before:
            return nearest
        since = self.tokens[before[-1].first].sentence - 1

        def distance(anchor: Anchor) -> int:
            if self.tokens[anchor.first].sentence < since:
                return 3
            edge = self.left_edge(anchor)
            if edge < anchor.first and self.tokens[anchor.first - 1].key == noun.removeprefix(article()):
                return 0
            return 1 if self.before(directions("construct"), edge) is None else 2

        return sorted(nearest, key=distance)

    def neighbour_before(self, anchor: Anchor, first: int) -> Anchor | None:
        """Return the neighbour of a country that the text last spoke of before a token."""
        near = self.shapes.neighbours(anchor.country)
        for index in range(bisect_right(self._ends, self.tokens[first].start) - 1, -1, -1):
            place = self.mentions[index].place
            if place is None or place.country not in near:
                continue
            state = place if is_country(place) else self.country(place.country)
            if state is not None:
                return replace(anchor, first=first, last=first, index=index, place=state)
        return None

    def country(self, alpha2: str) -> Place | None:
        """Return a country of the gazetteer, if there is one."""
        return self.gazetteer.country(alpha2) if self.gazetteer else None

    def country_before(self, first: int) -> Anchor | None:
        """Return the country that the text last named before a token, adjectives left out."""
        named = (a for a in self.before_token(first) if a.country and not a.nisba and not a.points_back)
        last = next(named, None)
        return replace(last, first=first, last=first) if last is not None else None

    def before_token(self, first: int) -> Iterator[Anchor]:
        """Yield the anchors that end before a token, the last first."""
        for number in range(bisect_left(self._firsts, first) - 1, -1, -1):
            if self.anchors[number].last <= first:
                yield self.anchors[number]

    def left_edge(self, anchor: Anchor) -> int:
        """Return the token at which an anchor begins with its head word: city of, the river, the lands of."""
        first = anchor.first
        if self._clitics(first):
            return first
        for each in (heads(), words("river"), words("territory"), words("coast")):
            hit = self.before(each, first)
            if hit is not None:
                return hit.first
        return first

    def _clitics(self, index: int) -> bool:
        """Say whether the token of an anchor begins before the mention does."""
        anchor = self._of_token.get(index)
        return (
            anchor is not None
            and not anchor.points_back
            and self.mentions[anchor.index].start > self.tokens[index].start
        )

    def owner(self, index: int) -> Anchor | None:
        """Return the mention's anchor that covers a token, if one does."""
        return self.owned.get(index)

    def before(self, cue_list: Cues, last: int) -> WordHit | None:
        """Return the longest form that ends right before token ``last``, nothing but space between."""
        if not 0 < last <= len(self.tokens) or not cue_list.may_end(self.tokens[last - 1].key):
            return None
        hit = cue_list.list.ending_at(self.tokens, last)
        if hit is None or not joined(self.tokens, hit.first, min(last + 1, len(self.tokens))):
            return None
        return None if any(index in self.owned for index in range(hit.first, hit.last)) else hit

    def behind(self, cue_list: Cues, first: int) -> WordHit | None:
        """Return the longest form that begins at token ``first``, nothing but space before it."""
        if not 0 < first < len(self.tokens) or not joined(self.tokens, first - 1, first + 1):
            return None
        return cue_list.list.at(self.tokens, first, clitics=False)

    def anchor_at(self, first: int) -> Anchor | None:
        """Return the anchor that begins at a token or right behind its head word."""
        if first in self._of_token:
            return self._of_token[first]
        for each in (heads(), words("territory")):
            hit = each.list.at(self.tokens, first) if first < len(self.tokens) else None
            if hit is not None and hit.last in self._of_token and joined(self.tokens, first, hit.last + 1):
                return self._of_token[hit.last]
        return None

    def sentence_anchors(self, index: int) -> list[Anchor]:
        """Return the anchors of the sentence a token stands in."""
        first, last = self.doc.ranges[self.tokens[index].sentence]
        return self.anchors[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]

    def in_clause(self, name: str, first: int, last: int) -> str:
        """Return the first word of a list that stands in the clause around some tokens, or nothing.

        The clause reaches from comma to comma.
        """
        begin, end = self.doc.ranges[self.tokens[first].sentence]
        low = next((i for i in range(first, begin, -1) if has_comma(self.tokens[i].gap)), begin)
        high = next((i for i in range(last, end) if has_comma(self.tokens[i].gap)), end)
        for hit in words(name).list.find(self.tokens, low, high):
            if not first <= hit.first < last:
                return self.surface(hit.first, hit.last)
        return ""

    def near_before(self, name: str, first: int, reach: int) -> str:
        """Return a word of a list among the few tokens before one, in the same sentence, or nothing."""
        begin = max(self.doc.ranges[self.tokens[first].sentence][0], first - reach)
        for hit in words(name).list.find(self.tokens, begin, first):
            return self.surface(hit.first, hit.last)
        return ""

    def surface(self, first: int, last: int) -> str:
        """Return the original text of some tokens."""
        return self.doc.text[self.tokens[first].start : self.tokens[last - 1].end]


def has_comma(gap: str) -> bool:
    """Say whether a comma or semicolon of any script stands in a gap."""
    return any(mark in gap for mark in "\N{ARABIC COMMA},;\N{ARABIC SEMICOLON}")


def opens_bracket(gap: str) -> bool:
    """Say whether a gap opens a bracket."""
    return "(" in gap or "[" in gap


def pronoun_core(token: Token) -> tuple[str, int] | None:
    """Cut a possessive ending off a word: the key without it and the letters of its proclitic ``و``.

    Returns ``None`` if the word has no such ending or no ``و`` before it.
    """
    for split in clitic_splits(token.key):
        if clitic_relations(split.prefix) == {"and"}:
            for ending in _possessives():
                if split.core.endswith(ending) and len(split.core) > len(ending) + 2:
                    return split.core.removesuffix(ending), split.cut
    return None


@cache
def _possessives() -> tuple[str, ...]:
    entries = [entry for entry in table("relation_word") if entry["name"] == "pronoun"]
    return tuple(strict_key(form) for entry in entries for form in entry["forms"])
