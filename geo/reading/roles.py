"""Say by what words each place of a text is introduced: in, from, to, on, or none.

Only literal places with a gazetteer entry, and footprints, are spots. A place inside a footprint or named as
the container of another takes no role of its own: the chain is one place. Which event a spot belongs to is
decided in `geo.reading.attach`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from geo.arabic import Token, Tokenized, conjunctions, table
from geo.model import Footprint, Mention, Reading
from geo.reading.clauses import opens_line
from geo.reading.inflection import Lexicon
from geo.reading.words import WordList

_LIST_GAP = 2
_MAX_FILLERS = 3
_BRACKETS = " \t\u00a0("


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
        In text order. A footprint without a geometry (a gloss, an anchor nobody knows) is no spot, though
        the mentions in it still take no role.
    """
    covered = _Cover(footprints)
    contained = {index for mention in mentions for index in mention.containers}
    at = TokenFinder(doc.tokens)
    drafts: list[Spot] = []
    for number, mention in enumerate(mentions):
        if (
            mention.reading is Reading.LITERAL
            and mention.place is not None
            and number not in contained
            and not covered.holds(mention)
        ):
            first, last = at.span(mention.start, mention.end)
            country = _precision(mention.place.feature_class, mention.place.feature_code) == 6
            drafts.append(
                _with_cue(doc, Spot(number, None, first, last, "bare", "", 0.0, country), mention.clitics)
            )
    for number, footprint in enumerate(footprints):
        if footprint.geometry is None:
            continue
        first, last = at.span(footprint.start, footprint.end)
        drafts.append(
            _with_cue(doc, Spot(None, number, first, last, "bare", "", 0.0, footprint.where_prec == 6), "")
        )
    return _listed(doc, sorted(drafts, key=lambda spot: (spot.first, spot.last)))


class _Cover:
    """Say which mentions lie inside a footprint."""

    def __init__(self, footprints: Sequence[Footprint]) -> None:
        """Sort the footprints, and keep how far any that begins so early reaches."""
        spans = sorted((footprint.start, footprint.end) for footprint in footprints)
        self._starts = [start for start, _ in spans]
        self._reach = list(accumulate((end for _, end in spans), max))

    def holds(self, mention: Mention) -> bool:
        """Say whether a mention lies inside a footprint."""
        before = bisect_right(self._starts, mention.start)
        return before > 0 and mention.end <= self._reach[before - 1]


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
    >>> precision_of("P", "PPL"), precision_of("A", "ADM1"), precision_of("H", "SEA")
    (1, 4, 7)
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
    letter = clitics.strip(conjunctions())[-1:]
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
        filler = fillers.ending_at(tokens, last)
        wider = hit is not None and filler is not None and filler.last - filler.first > hit.last - hit.first
        if hit is not None and not wider and hit.first >= limit and not hit.prefix.strip(conjunctions()):
            words = " ".join(token.raw for token in tokens[hit.first : hit.last])
            return str(hit.entry["cue"]), words, float(hit.entry["strength"])
        if filler is None or filler.first < limit:
            return None
        letter = filler.prefix.strip(conjunctions())[-1:]
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
    if (
        spot.first != limit
        or spot.footprint is not None
        or not opens_line(doc.text, doc.tokens[limit].start, _BRACKETS)
    ):
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
    if any(fillers.at([token], 0) is None and token.key != "\N{ARABIC LETTER WAW}" for token in between):
        return False
    opener = doc.tokens[before.last]
    gap = "".join(token.gap for token in doc.tokens[before.last : spot.first + 1])
    return (
        (opener.key.startswith("\N{ARABIC LETTER WAW}") or "\N{ARABIC COMMA}" in gap)
        and "\n" not in gap
        and "." not in gap
    )
