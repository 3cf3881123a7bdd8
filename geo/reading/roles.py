"""Say what part each place plays in its clause, and which one an event belongs to.

Only literal places with a gazetteer entry, and footprints, are spots. A place inside a footprint or named as
the container of another takes no role of its own: the chain is one place. A country is the place of an
event only where the text says so in the same clause; it never stands in for an unknown place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.arabic import Token, Tokenized, table
from geo.model import Footprint, Mention, Reading, Role
from geo.reading.clauses import Clause
from geo.reading.inflection import Lexicon
from geo.reading.triggers import Trigger
from geo.reading.words import WordList

_BARE_REACH = 8
_NEAR_OBJECT = 3
_FRONT_REACH = 3
_LIST_GAP = 2
_MAX_FILLERS = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """Hold one place of a sentence that may be where something happened.

    Attributes
    ----------
    mention, footprint : int or None
        Index into the document's mentions or footprints; one of the two is set.
    first, last : int
        Tokens ``[first, last)``.
    cue : str
        ``locative``, ``from``, ``to``, ``on``, ``hosted``, ``dateline`` or ``bare``.
    word : str
        The cue as written.
    strength : float
    country : bool
        True for a whole country.
    lead : int or None
        The first spot of the list this one belongs to, as an index into the spots.
    """

    mention: int | None
    footprint: int | None
    first: int
    last: int
    cue: str
    word: str
    strength: float
    country: bool = False
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Hold the place given to an event: the spot, its role, how sure, and why."""

    spot: Spot
    role: Role
    strength: float
    reason: str


def find_spots(doc: Tokenized, mentions: Sequence[Mention], footprints: Sequence[Footprint]) -> list[Spot]:
    """Collect the places of a text with the cue that stands before each.

    Parameters
    ----------
    doc : Tokenized
    mentions : sequence of Mention
    footprints : sequence of Footprint

    Returns
    -------
    list of Spot
        In text order.
    """
    covered = [(footprint.start, footprint.end) for footprint in footprints]
    contained = {index for mention in mentions for index in mention.containers}
    at = TokenFinder(doc.tokens)
    drafts: list[Spot] = []
    for number, mention in enumerate(mentions):
        inside = any(start <= mention.start and mention.end <= end for start, end in covered)
        if (
            mention.reading is Reading.LITERAL
            and mention.place is not None
            and number not in contained
            and not inside
        ):
            first, last = at.span(mention.start, mention.end)
            country = _precision(mention.place.feature_class, mention.place.feature_code) == 6
            drafts.append(
                _with_cue(doc, Spot(number, None, first, last, "bare", "", 0.0, country), mention.clitics)
            )
    for number, footprint in enumerate(footprints):
        first, last = at.span(footprint.start, footprint.end)
        drafts.append(
            _with_cue(doc, Spot(None, number, first, last, "bare", "", 0.0, footprint.where_prec == 6), "")
        )
    return _listed(doc, sorted(drafts, key=lambda spot: (spot.first, spot.last)))


class TokenFinder:
    """Find the tokens of a stretch of text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Keep where the tokens start and end."""
        self._starts = [token.start for token in tokens]
        self._ends = [token.end for token in tokens]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens ``[first, last)`` that overlap ``[start, end)``."""
        return bisect_right(self._ends, start), bisect_left(self._starts, end)


def precision_of(feature_class: str, feature_code: str) -> int:
    """Return the UCDP precision of a place from its GeoNames feature class and code.

    Examples
    --------
    >>> precision_of("P", "PPL"), precision_of("A", "ADM1"), precision_of("A", "PCLI"), precision_of("H", "SEA")
    (1, 4, 6, 7)
    """
    return _precision(feature_class, feature_code)


@cache
def _precision(feature_class: str, feature_code: str) -> int:
    codes = {
        code: int(entry["where_prec"]) for entry in table("feature_precision") for code in entry["codes"]
    }
    return codes.get(feature_code, codes.get(feature_class, 5))


def _with_cue(doc: Tokenized, spot: Spot, clitics: str) -> Spot:
    """Read the words before a place, head nouns left out."""
    tokens, sentence_first = doc.tokens, doc.ranges[doc.tokens[spot.first].sentence][0]
    if _is_dateline(doc, spot, sentence_first):
        return replace(spot, cue="dateline", word="dateline", strength=0.9)
    if spot.footprint is not None:
        before = _word_cue(tokens, spot.first, sentence_first)
        directed = before is not None and before[0] in ("from", "to")
        return replace(
            spot, cue=before[0] if before and directed else "locative", word="relative place", strength=0.85
        )
    letter = clitics.strip("\u0648\u0641")[-1:]
    for entry in table("place_cue"):
        if letter and letter in entry["clitics"]:
            return replace(spot, cue=entry["cue"], word=letter, strength=float(entry["strength"]))
    found = _word_cue(tokens, spot.first, sentence_first)
    if found is not None:
        return replace(spot, cue=found[0], word=found[1], strength=found[2])
    if _hosted(tokens, spot, sentence_first):
        return replace(spot, cue="hosted", word="host of what follows", strength=0.8)
    return spot


def _word_cue(tokens: Sequence[Token], first: int, limit: int) -> tuple[str, str, float] | None:
    """Find the preposition before a place, over its head nouns."""
    cues, fillers = WordList.of_table("place_cue"), WordList.of_table("place_filler")
    last = first
    for _ in range(_MAX_FILLERS + 1):
        if last <= limit or tokens[last].gap.strip(" \t\u00a0\"\u201c\u00ab'(#_"):
            return None
        hit = cues.ending_at(tokens, last)
        if hit is not None and hit.first >= limit and not hit.prefix.strip("\u0648\u0641"):
            words = " ".join(token.raw for token in tokens[hit.first : hit.last])
            return str(hit.entry["cue"]), words, float(hit.entry["strength"])
        filler = fillers.ending_at(tokens, last)
        if filler is None or filler.first < limit:
            return None
        letter = filler.prefix.strip("\u0648\u0641")[-1:]
        for entry in table("place_cue"):
            if letter and letter in entry["clitics"]:
                return str(entry["cue"]), tokens[filler.first].raw, float(entry["strength"])
        last = filler.first
    return None


def _hosted(tokens: Sequence[Token], spot: Spot, limit: int) -> bool:
    """Say whether a verb of witnessing or striking stands right before the bare name."""
    hosts, fillers = Lexicon.of_table("hosting_verb"), WordList.of_table("place_filler")
    last = spot.first
    for _ in range(_MAX_FILLERS):
        filler = fillers.ending_at(tokens, last)
        if filler is None or filler.first < limit or tokens[last].gap.strip():
            break
        last = filler.first
    return last > limit and not tokens[last].gap.strip() and hosts.ending_at(tokens, last, limit) is not None


def _is_dateline(doc: Tokenized, spot: Spot, limit: int) -> bool:
    """Say whether the place opens a line and a dash, colon or bracket follows within a few words."""
    start = doc.tokens[limit].start
    opens_line = (
        not doc.text[:start].rstrip(" \t(\u00a0") or doc.text[:start].rstrip(" \t(\u00a0")[-1] in "\n\r"
    )
    if spot.first != limit or not opens_line or spot.footprint is not None:
        return False
    rule = table("dateline")[0]
    stop = min(len(doc.tokens), spot.last + int(rule["words"]))
    for token in doc.tokens[spot.last : stop]:
        if any(mark in token.gap for mark in rule["marks"]):
            return token.gap != "-"
        if Lexicon.of_table("clause_verb").has([token], 0):
            return False
    return False


def _listed(doc: Tokenized, spots: Sequence[Spot]) -> list[Spot]:
    """Give the members of a list (``X وY وZ``) the cue of its first."""
    result: list[Spot] = []
    for number, spot in enumerate(spots):
        before = result[number - 1] if number else None
        if before is not None and spot.cue == "bare" and _in_list(doc, before, spot):
            lead = before.lead if before.lead is not None else number - 1
            spot = replace(spot, cue=before.cue, word=before.word, strength=before.strength, lead=lead)
        result.append(spot)
    return result


def _in_list(doc: Tokenized, before: Spot, spot: Spot) -> bool:
    between = doc.tokens[before.last : spot.first]
    if len(between) > _LIST_GAP or spot.first >= len(doc.tokens):
        return False
    fillers = WordList.of_table("place_filler")
    if any(fillers.at([token], 0) is None and token.key != "\u0648" for token in between):
        return False
    opener = doc.tokens[before.last]
    gap = "".join(token.gap for token in doc.tokens[before.last : spot.first + 1])
    return (opener.key.startswith("\u0648") or "\u060c" in gap) and "\n" not in gap and "." not in gap


class Attacher:
    """Find the place of each event of a text.

    Parameters
    ----------
    doc : Tokenized
    clauses : sequence of Clause
    triggers : sequence of Trigger
    spots : sequence of Spot
    """

    def __init__(
        self, doc: Tokenized, clauses: Sequence[Clause], triggers: Sequence[Trigger], spots: Sequence[Spot]
    ) -> None:
        """Sort the spots and triggers by clause."""
        self._doc = doc
        self._clauses = clauses
        self._spots = spots
        self._triggers: dict[int, list[Trigger]] = {}
        for trigger in triggers:
            self._triggers.setdefault(trigger.clause, []).append(trigger)
        self._complements = [
            index
            for index in range(len(doc.tokens))
            if WordList.of_table("complementizer").at(doc.tokens, index)
        ]
        self._factors = _factors()

    def sites(self, trigger: Trigger) -> list[Site]:
        """Return the places of an event: none, one, or one for each member of a list."""
        site = self.own(trigger) or self._shared(trigger) or self._fronted(trigger) or self._before(trigger)
        if site is None:
            return []
        listed = [
            spot for spot in self._spots if spot.lead is not None and self._spots[spot.lead] is site.spot
        ]
        return [site, *(replace(site, spot=spot) for spot in listed)]

    def after(self, trigger: Trigger) -> list[Spot]:
        """Return the spots between a trigger and the next one of its clause."""
        clause = self._clauses[trigger.clause]
        following = [other.first for other in self._triggers[trigger.clause] if other.first > trigger.first]
        stop = min([*following, clause.last])
        return [spot for spot in self._spots if trigger.last <= spot.first < stop]

    def own(self, trigger: Trigger) -> Site | None:
        """Return the place between a trigger and the next one of its clause."""
        return self._best(trigger, self.after(trigger), "own_clause")

    def _shared(self, trigger: Trigger) -> Site | None:
        """Take the place of the neighbour that this event hangs on, or that hangs on it."""
        siblings = self._triggers[trigger.clause]
        index = siblings.index(trigger)
        for other in siblings[index + 1 :]:
            if not self._linked(other) and not self._same_verb(trigger, other):
                break
            site = self.own(other)
            if site is not None:
                return self._as_shared(site, other)
        if index and self._linked(trigger):
            site = self.own(siblings[index - 1])
            if site is not None and site.role is Role.EVENT:
                return self._as_shared(site, siblings[index - 1])
        return None

    def _same_verb(self, trigger: Trigger, other: Trigger) -> bool:
        """Say whether the other trigger is the cognate or the plain object of this one."""
        return other.first - trigger.last <= _NEAR_OBJECT and not other.hit.finite

    def _as_shared(self, site: Site, other: Trigger) -> Site:
        word = self._doc.tokens[other.first].raw
        return replace(
            site,
            strength=site.strength * self._factors["shared"],
            reason=f"{site.reason}; place of {word!r}, on which it hangs",
        )

    def _linked(self, trigger: Trigger) -> bool:
        if trigger.hit.prefix.strip("\u0648\u0641"):
            return True
        hit = WordList.of_table("event_link").ending_at(self._doc.tokens, trigger.first)
        return hit is not None and not trigger.hit.finite

    def _fronted(self, trigger: Trigger) -> Site | None:
        """Take a place named before the first trigger of the clause, unless somebody only spoke there."""
        clause = self._clauses[trigger.clause]
        opening = self._triggers[trigger.clause][0]
        spots = [s for s in self._spots if clause.first <= s.first and s.last <= opening.first]
        spots = [s for s in spots if not any(s.last <= index < trigger.first for index in self._complements)]
        licensed = [
            s for s in spots if s.cue in ("locative", "hosted") or (s.cue == "from" and trigger is opening)
        ]
        licensed = [s for s in licensed if not s.country or self._beside(s, clause, opening)]
        factor = "own_clause" if trigger is opening else "shared"
        return self._best(trigger, list(reversed(licensed)), factor)

    def _beside(self, spot: Spot, clause: Clause, opening: Trigger) -> bool:
        """Say whether a fronted country opens the clause or stands right before the trigger."""
        return spot.first - clause.first <= _FRONT_REACH or opening.first - spot.last <= _FRONT_REACH

    def _before(self, trigger: Trigger) -> Site | None:
        """Take the place of the last event of the clause before, in the same sentence; never a country."""
        number = trigger.clause - 1
        if number < 0 or self._clauses[number].sentence != self._clauses[trigger.clause].sentence:
            return None
        if any(
            self._clauses[trigger.clause].first <= s.first < self._clauses[trigger.clause].last
            for s in self._spots
        ):
            return None
        for other in reversed(self._triggers.get(number, [])):
            site = self.own(other) or self._fronted(other)
            if site is not None and site.role is Role.EVENT and not site.spot.country:
                reason = f"{site.reason}; in the clause before"
                return replace(site, strength=site.strength * self._factors["clause_before"], reason=reason)
        return None

    def _best(self, trigger: Trigger, spots: Sequence[Spot], factor: str) -> Site | None:
        """Return the nearest spot with the best role; a finer place goes before a country."""
        sites = [site for site in (self._site(trigger, spot, factor) for spot in spots) if site is not None]
        seats = [Role(name) for name in trigger.entry["seat"]]
        sites.sort(key=lambda site: (site.spot.country, seats.index(site.role)))
        return sites[0] if sites else None

    def _site(self, trigger: Trigger, spot: Spot, factor: str) -> Site | None:
        role = self._role(trigger, spot)
        if role is None or role.value not in trigger.entry["seat"]:
            return None
        if WordList.of_table("vessel").ending_at(self._doc.tokens, spot.first):
            return None
        bare = self._factors["bare_object"] if spot.cue == "bare" else 1.0
        strength = (spot.strength or 1.0) * bare * self._factors[factor]
        reason = (
            f"{role.value} place by {spot.word!r}"
            if spot.word
            else f"{role.value} place: bare object of the trigger"
        )
        return Site(spot, role, strength, reason)

    def _role(self, trigger: Trigger, spot: Spot) -> Role | None:
        """Map the cue before a place to its role in this event."""
        if spot.cue in ("locative", "hosted"):
            return Role.EVENT
        if spot.cue == "on":
            return Role.EVENT if trigger.entry.get("on") else None
        if spot.cue == "from":
            return Role.ORIGIN
        if spot.cue == "to":
            return Role.DESTINATION
        named = trigger.entry.get("object")
        if spot.cue != "bare" or named is None or spot.first < trigger.last:
            return None
        gap = spot.first - trigger.last - self._fillers(trigger.last, spot.first)
        reach = 0 if spot.country else (_BARE_REACH if trigger.hit.finite else 1)
        return Role(named) if gap <= reach else None

    def _fillers(self, first: int, last: int) -> int:
        fillers = WordList.of_table("place_filler")
        return sum(1 for index in range(first, last) if fillers.at(self._doc.tokens, index) is not None)


@cache
def _factors() -> Mapping[str, float]:
    return {str(entry["cue"]): float(entry["factor"]) for entry in table("cue_strength")}


def cue_role(spot: Spot) -> Role:
    """Return the role of a place by its cue alone, whatever the event."""
    roles: Mapping[str, Role] = {
        "locative": Role.EVENT,
        "hosted": Role.EVENT,
        "from": Role.ORIGIN,
        "to": Role.DESTINATION,
    }
    return roles.get(spot.cue, Role.DATELINE if spot.cue == "dateline" else Role.MENTIONED)
