"""Give each event its place: the nearest one the words allow, or none.

A place belongs to the trigger before it; a fronted one to the trigger that opens the clause; an event that
hangs on another shares its place; else the clause before may lend one. A country is the place of an event
only where the text says so in the same clause; it never stands in for an unknown place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.arabic import Tokenized, conjunctions, table
from geo.model import Role
from geo.reading.clauses import Clause, finite_prefix, is_complementizer
from geo.reading.inflection import Lexicon
from geo.reading.roles import Spot
from geo.reading.triggers import Trigger
from geo.reading.words import WordList

_TOWN_REACH = 20
_COUNTRY_REACH = 12
_BARE_REACH = 8
_SUBJECT_REACH = 3
_NEAR_OBJECT = 3
_FRONT_REACH = 3


@dataclass(frozen=True, slots=True)
class Site:
    """Hold the place given to an event: the spot, its role, how sure, and why."""

    spot: Spot
    role: Role
    strength: float
    reason: str


class Attacher:
    """Find the place of each event of a text.

    Parameters
    ----------
    doc : Tokenized
    clauses : sequence of Clause
    triggers : sequence of Trigger
    spots : sequence of Spot
    elsewhere : sequence of int
        Tokens, in order, of places nobody knows and of other governments: a clause that names one is not
        told of the place of the clause before.
    unknown : sequence of int
        Those of them that are places nobody knows: an event right before one happened nowhere else.
    """

    def __init__(
        self,
        doc: Tokenized,
        clauses: Sequence[Clause],
        triggers: Sequence[Trigger],
        spots: Sequence[Spot],
        elsewhere: Sequence[int] = (),
        unknown: Sequence[int] = (),
    ) -> None:
        """Sort the spots and triggers by clause."""
        self._doc = doc
        self._clauses = clauses
        self._spots = spots
        self._triggers: dict[int, list[Trigger]] = {}
        for trigger in triggers:
            self._triggers.setdefault(trigger.clause, []).append(trigger)
        self._followers: dict[int, list[Spot]] = {}
        for spot in spots:
            if spot.lead is not None:
                self._followers.setdefault(spot.lead, []).append(spot)
        self._places = [spot.first for spot in spots]
        self._elsewhere, self._unknown = elsewhere, unknown
        self._factors = _factors()
        self._lent: dict[int, Trigger] = {}

    def sites(self, trigger: Trigger) -> list[Site]:
        """Return the places of an event: none, one, or one for each member of a list."""
        site = self.own(trigger) or self._shared(trigger)
        if site is None and not self._somewhere_unknown(trigger):
            site = self._fronted(trigger) or self._before(trigger)
        if site is None:
            return []
        listed = self._followers.get(self._spots.index(site.spot, self._from(site.spot.first)), [])
        return [site, *(replace(site, spot=spot) for spot in listed)]

    def after(self, trigger: Trigger) -> list[Spot]:
        """Return the spots between a trigger and the next one of its clause, the near ones only."""
        clause = self._clauses[trigger.clause]
        following = [other.first for other in self._triggers[trigger.clause] if other.first > trigger.first]
        stop = min([*following, clause.last, *self._topics(trigger, clause)])
        spots = self._between(trigger.last, stop)
        return [s for s in spots if s.first - trigger.last <= (_COUNTRY_REACH if s.country else _TOWN_REACH)]

    def _somewhere_unknown(self, trigger: Trigger) -> bool:
        """Say whether a place that nobody knows stands right behind the trigger: there it happened."""
        clause = self._clauses[trigger.clause]
        first = bisect_left(self._unknown, trigger.last)
        return first < len(self._unknown) and self._unknown[first] < min(
            clause.last, trigger.last + _BARE_REACH
        )

    def _from(self, token: int) -> int:
        """Return the number of the first spot at or behind a token."""
        return bisect_left(self._places, token)

    def _between(self, first: int, last: int) -> Sequence[Spot]:
        """Return the spots that begin at the tokens ``[first, last)``."""
        return self._spots[self._from(first) : self._from(last)]

    def _topics(self, trigger: Trigger, clause: Clause) -> list[int]:
        """Return where the words begin that say what talks are about."""
        if not trigger.entry.get("talk"):
            return []
        words, tokens = WordList.of_table("topic_marker"), self._doc.tokens
        return [
            index for index in range(trigger.last, clause.last) if words.at(tokens, index, clitics=False)
        ][:1]

    def other_end(self, trigger: Trigger, site: Site) -> Site | None:
        """Return where a movement began if its place is where it ended, and the reverse.

        The nearest place behind the trigger with the opposite preposition; never a country: it is no point.
        """
        opposite = {Role.ORIGIN: "to", Role.DESTINATION: "from"}.get(site.role)
        for spot in self.after(trigger):
            if spot.cue == opposite and not spot.country and spot is not site.spot:
                role = Role.DESTINATION if opposite == "to" else Role.ORIGIN
                return Site(spot, role, spot.strength, f"{role.value} place by {spot.word!r}")
        return None

    def own(self, trigger: Trigger) -> Site | None:
        """Return the place between a trigger (or its twin) and the next one of its clause."""
        twin = self._lent.get(trigger.first)
        site = self._best(trigger, self.after(trigger), "own_clause")
        return site or (self._best(twin, self.after(twin), "own_clause") if twin is not None else None)

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

    def hang_together(self, one: Trigger, other: Trigger) -> bool:
        """Say whether a preposition hangs the later of two triggers on the earlier, no place between them.

        Parameters
        ----------
        one, other : Trigger
            Two triggers of one clause, in any order.
        """
        first, second = sorted((one, other), key=lambda trigger: trigger.first)
        hangs = self._linked(second) or bool(second.outcome)
        return hangs and (self.own(first) is None or self.own(second) is None)

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
        if trigger.hit.prefix.strip(conjunctions()):
            return True
        hit = WordList.of_table("event_link").ending_at(self._doc.tokens, trigger.first)
        return hit is not None and not trigger.hit.finite

    def _fronted(self, trigger: Trigger) -> Site | None:
        """Take a place named before the first trigger of the clause, unless somebody only spoke there."""
        clause = self._clauses[trigger.clause]
        opening = self._triggers[trigger.clause][0]
        spots = [s for s in self._between(clause.first, opening.first) if s.last <= opening.first]
        spots = [s for s in spots if not self._spoken(s, clause, trigger)]
        licensed = [
            s for s in spots if s.cue in ("locative", "hosted") or (s.cue == "from" and trigger is opening)
        ]
        if trigger is not opening and not self._linked(trigger):
            return None
        licensed = [s for s in licensed if not s.country or self._beside(s, clause, opening)]
        factor = "own_clause" if trigger is opening else "shared"
        return self._best(trigger, list(reversed(licensed)), factor)

    def _spoken(self, spot: Spot, clause: Clause, trigger: Trigger) -> bool:
        """Say whether something else happened there: a verb of its own or "said that" stands between.

        A place that opens the clause is the scene of all that follows, but not of talks that are reported.
        """
        tokens = self._doc.tokens
        reported = any(is_complementizer(token.key) for token in tokens[spot.last : trigger.first])
        if spot.first - clause.first <= _FRONT_REACH:
            opened = not any(
                finite_prefix(token.key) is not None for token in tokens[clause.first : spot.first]
            )
            return reported and (not opened or bool(trigger.entry.get("talk")))
        return reported or any(self._acts(index) for index in range(spot.last, trigger.first))

    def _acts(self, index: int) -> bool:
        """Say whether a finite verb stands at a token that is no light verb."""
        tokens = self._doc.tokens
        return finite_prefix(tokens[index].key) is not None and not Lexicon.of_table("light_verb").has(
            tokens, index
        )

    def lend(self, trigger: Trigger, twin: Trigger) -> None:
        """Let a trigger take the place of another that tells the same event.

        Parameters
        ----------
        trigger, twin : Trigger
            The one that is kept, and the one that is left out.
        """
        self._lent[trigger.first] = twin

    def _beside(self, spot: Spot, clause: Clause, opening: Trigger) -> bool:
        """Say whether a fronted country opens the clause or stands right before the trigger."""
        return spot.first - clause.first <= _FRONT_REACH or opening.first - spot.last <= _FRONT_REACH

    def _before(self, trigger: Trigger) -> Site | None:
        """Take the place of the last event of the clause before, in the same sentence; never a country."""
        number = trigger.clause - 1
        if number < 0 or self._clauses[number].sentence != self._clauses[trigger.clause].sentence:
            return None
        here = self._clauses[trigger.clause]
        elsewhere = bisect_left(self._elsewhere, here.first) < bisect_left(self._elsewhere, here.last)
        if elsewhere or self._between(here.first, here.last):
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
        country = _SUBJECT_REACH if trigger.hit.finite and trigger.entry.get("over_subject") else 0
        reach = country if spot.country else (_BARE_REACH if trigger.hit.finite else 1)
        return Role(named) if gap <= reach else None

    def _fillers(self, first: int, last: int) -> int:
        fillers = WordList.of_table("place_filler")
        return sum(1 for index in range(first, last) if fillers.at(self._doc.tokens, index) is not None)


@cache
def _factors() -> Mapping[str, float]:
    return {str(entry["cue"]): float(entry["factor"]) for entry in table("cue_strength")}
