"""Read numbers: digits, words, duals, vague words, hedges, ranges and lengths.

The words live in the rule tables ``hedge``, ``vague``, ``range_word``, ``dual`` and ``length_unit``. A
number never reaches over punctuation or the end of a sentence. What the text does not say is ``None``,
never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.arabic.clitics import article, clitic_splits
from geo.arabic.normalize import Token, strict_key
from geo.arabic.number_words import (
    Phrases,
    adjacent,
    by_first,
    cardinal,
    conjunction,
    joined_word,
    match_phrase,
    next_word,
    number_word,
    parse_ordinal,
    unit_at,
    unit_behind,
    vague_words,
)
from geo.arabic.rules import table

__all__ = ["Number", "hedge_at", "parse_length_km", "parse_number", "parse_ordinal"]

_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")
_REACH = 3


@dataclass(frozen=True, slots=True)
class Number:
    """Hold one number as the text gives it.

    Attributes
    ----------
    value : float or None
        The number; ``None`` for vague words and for ranges.
    low, high : float or None
        Bounds: both equal to ``value`` when it is exact, one of them when it is hedged with ``>`` or
        ``<``, both ends of a range, and ``None`` where the text gives none.
    hedge : str
        ``"~"``, ``">"``, ``">="``, ``"<"``, ``"<="``, ``".."`` for a range, or empty.
    start, end : int
        Indices of tokens, end exclusive, hedge and unit included.
    unit : str
        ``"km"``, ``"nm"``, ``"mile"``, ``"m"``, or empty.
    vague : bool
        Whether it is a word such as "dozens"; the tokens keep the word.
    """

    value: float | None
    low: float | None
    high: float | None
    hedge: str
    start: int
    end: int
    unit: str = ""
    vague: bool = False


@cache
def _dual_words() -> frozenset[str]:
    """Return every dual that alone says "two"."""
    duals: set[str] = set()
    for entry in table("dual"):
        nominative, oblique = entry["endings"]
        for noun in entry["nouns"]:
            stem = _dual_stem(noun, entry["opened"])
            duals |= {stem + nominative, stem + oblique}
        ambiguous = [_dual_stem(noun, entry["opened"]) for noun in entry["ambiguous"]]
        duals |= {stem + nominative for stem in ambiguous}
        duals -= {stem + oblique for stem in ambiguous}
    return frozenset(duals)


def _dual_stem(noun: str, opened: str) -> str:
    """Return the stem a dual ending is put on: ta marbuta opens to ta."""
    key = strict_key(noun)
    return key[:-1] + opened[1] if noun.endswith(opened[0]) else key


@cache
def _hedges(where: str) -> Phrases:
    rows = [entry for entry in table("hedge") if entry["where"] == where]
    return by_first([(phrase, str(entry["sign"])) for entry in rows for phrase in entry["phrases"]])


@cache
def _range_words() -> tuple[tuple[str, str], ...]:
    return tuple((strict_key(entry["open"]), strict_key(entry["middle"])) for entry in table("range_word"))


@cache
def _unit_km() -> dict[str, float]:
    return {str(entry["unit"]): float(entry["km"]) for entry in table("length_unit")}


def _dual(tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Read a dual noun or length: its unit, or empty, and the index behind it."""
    for split in clitic_splits(tokens[index].key):
        core = split.core.removeprefix(article())
        if core in _dual_words():
            return "", index + 1
    found = unit_at(tokens, index)
    return (found[0].name, found[1]) if found and found[0].form == "dual" else None


def hedge_at(tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Read a hedge such as "about" at an index, a conjunction allowed: its sign and the index behind."""
    found = match_phrase(_hedges("before"), tokens, index)
    key = tokens[index].key
    if found is None and key.startswith(conjunction()):
        words = _hedges("before").get(key[1:], ())
        for phrase, sign in words:
            stop = index + len(phrase)
            if tuple(token.key for token in tokens[index + 1 : stop]) == phrase[1:]:
                return sign, stop
    return found


def _hedge_behind(tokens: Sequence[Token], index: int) -> str:
    """Look for a hedge in the few words behind a number."""
    for offset in range(index, min(index + _REACH, len(tokens))):
        if not adjacent(tokens, offset):
            break
        found = match_phrase(_hedges("after"), tokens, offset)
        if found:
            return found[0]
    return ""


def _hedge_ending(tokens: Sequence[Token], index: int) -> str:
    """Return the sign of the hedge that ends right before an index."""
    for start in range(max(0, index - 4), index):
        found = hedge_at(tokens, start)
        if found and found[1] == index:
            return found[0]
    return ""


def _vague(tokens: Sequence[Token], index: int) -> int:
    """Return the index behind the vague words that begin here, or ``index`` if there are none."""
    end = index
    while end < len(tokens) and (end == index or adjacent(tokens, end)):
        key = tokens[end].key
        cores = [split.core for split in clitic_splits(key)] if end == index else [key]
        if not any(core in vague_words() for core in cores):
            break
        end += 1
    return end


def _range(tokens: Sequence[Token], index: int) -> tuple[float, float, int] | None:
    """Read "between A and B", "from A to B" or ``A-B``: both ends and the index behind."""
    for opening, middle in _range_words():
        if tokens[index].key not in (opening, conjunction() + opening) or not adjacent(tokens, index + 1):
            continue
        low = cardinal(tokens, index + 1)
        if low is None or not adjacent(tokens, low[1]):
            continue
        at, key = low[1], tokens[low[1]].key
        if key == middle and adjacent(tokens, at + 1):
            return _rising(tokens, low[0], cardinal(tokens, at + 1))
        if middle == conjunction() and key.startswith(middle):
            return _rising(tokens, low[0], cardinal(tokens, at))
    return _dashed(tokens, index)


def _dashed(tokens: Sequence[Token], index: int) -> tuple[float, float, int] | None:
    """Read ``20-30``, but no part of a numeric date."""
    if not _dash_behind(tokens, index) or not tokens[index].key.isdigit():
        return None
    dated = index > 0 and _dash_behind(tokens, index - 1) and tokens[index - 1].key.isdigit()
    if dated or not tokens[index + 1].key[0].isdigit() or _dash_behind(tokens, index + 1):
        return None
    return _rising(tokens, float(tokens[index].key), cardinal(tokens, index + 1))


def _dash_behind(tokens: Sequence[Token], index: int) -> bool:
    """Say whether a dash alone stands between a token and the next."""
    return index + 1 < len(tokens) and tokens[index + 1].gap.strip() in _DASHES


def _rising(
    tokens: Sequence[Token], low: float, high: tuple[float, int] | None
) -> tuple[float, float, int] | None:
    """Return the range if it rises; a scale word behind counts for both ends (``2-3 million``)."""
    if high is None:
        return None
    value, end = high
    scale = number_word(tokens[end - 1].key)
    if scale and scale.kind in ("scale", "after") and low < value / scale.value:
        low *= scale.value
    return (low, value, end) if low < value else None


def parse_number(tokens: Sequence[Token], index: int) -> Number | None:
    """Read the number that begins at a token.

    Parameters
    ----------
    tokens : sequence of Token
        Words of a text, from `geo.arabic.normalize.tokenize`.
    index : int
        Where the number, its hedge or its range word begins.

    Returns
    -------
    Number or None
        ``None`` if no number begins there. A hedge that stands before ``index`` is read too, though
        ``start`` stays at ``index``.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> parse_number(tokenize("نحو خمسة وعشرين كيلومترا").tokens, 0)
    Number(value=25.0, low=None, high=None, hedge='~', start=0, end=4, unit='km', vague=False)
    >>> parse_number(tokenize("قتيلان").tokens, 0).value
    2.0
    """
    if not 0 <= index < len(tokens):
        return None
    hedge = hedge_at(tokens, index)
    at = hedge[1] if hedge else index
    if at > index and not adjacent(tokens, at):
        return None
    spread = _range(tokens, at)
    if spread:
        unit, end = _with_unit(tokens, spread[2])
        return Number(None, spread[0], spread[1], "..", index, end, unit)
    counted = cardinal(tokens, at)
    if counted:
        return _exact(tokens, index, counted, hedge[0] if hedge else _hedge_ending(tokens, index))
    dual = _dual(tokens, at)
    if dual:
        value, end = _and_fraction(tokens, 2.0, dual[1])
        return _bounded(value, hedge[0] if hedge else "", index, end, dual[0])
    vague = _vague(tokens, at)
    if vague > at:
        unit, end = _with_unit(tokens, vague)
        return Number(None, None, None, hedge[0] if hedge else "", index, end, unit, vague=True)
    return None


def _exact(tokens: Sequence[Token], start: int, counted: tuple[float, int], hedge: str) -> Number:
    """Build the number with its unit, a fraction behind the unit and a hedge behind it all."""
    value, end = counted
    value, end = _and_fraction(tokens, value, end)
    unit, behind = _with_unit(tokens, end)
    if unit and behind > end:
        value, end = _and_fraction(tokens, value, behind)
    return _bounded(value, hedge or _hedge_behind(tokens, end), start, end, unit)


def _and_fraction(tokens: Sequence[Token], value: float, index: int) -> tuple[float, int]:
    """Add "and a half" behind a number below a thousand or behind its unit."""
    joined = joined_word(tokens, index)
    if joined and joined[0].kind == "fraction" and value < 1000:
        return value + joined[0].value, joined[1]
    return value, index


def _with_unit(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    found = unit_behind(tokens, index)
    return (found[0].name, found[1]) if found else ("", index)


def _bounded(value: float, hedge: str, start: int, end: int, unit: str) -> Number:
    """Set the bounds that the hedge implies."""
    low = value if hedge in ("", ">", ">=") else None
    high = value if hedge in ("", "<", "<=") else None
    return Number(value, low, high, hedge, start, end, unit)


def parse_length_km(tokens: Sequence[Token], index: int) -> Number | None:
    """Read the length that begins at a token, in km.

    Parameters
    ----------
    tokens : sequence of Token
    index : int
        Where the length begins; a unit that stands alone in the singular counts one.

    Returns
    -------
    Number or None
        Value and bounds in km, ``unit`` always ``"km"``; ``None`` if no length begins there.

    Examples
    --------
    >>> from geo.arabic.normalize import tokenize
    >>> parse_length_km(tokenize("12 ميلا بحريا").tokens, 0).value
    22.224
    >>> parse_length_km(tokenize("مئتي متر").tokens, 0).value
    0.2
    """
    number = parse_number(tokens, index)
    if number is None:
        number = _bare_unit(tokens, index)
    if number is None or not number.unit:
        return None
    factor = _unit_km()[number.unit]
    return replace(
        number,
        value=_times(number.value, factor),
        low=_times(number.low, factor),
        high=_times(number.high, factor),
        unit="km",
    )


def _bare_unit(tokens: Sequence[Token], index: int) -> Number | None:
    """Read a unit in the singular, with or without "one" behind it, as one."""
    if not 0 <= index < len(tokens):
        return None
    hedge = hedge_at(tokens, index)
    at = hedge[1] if hedge else index
    found = unit_at(tokens, at) if at < len(tokens) else None
    if found is None or found[0].form != "singular":
        return None
    end = found[1]
    one = next_word(tokens, end)
    if one and one.kind == "unit" and one.value == 1:
        end += 1
    value, end = _and_fraction(tokens, 1.0, end)
    return _bounded(value, hedge[0] if hedge else "", index, end, found[0].name)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 6)
