"""Find the larger names that swallow place names: persons, organisations, outlets.

"Khalifa" and "Vladimir" are towns, "Tobruk's parliament" is a body, "Libya Today" a paper. These blocks are
read before the place names inside them are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.arabic import Token, Tokenized, clitic_splits
from geo.model import Reading
from geo.reading.recognize import word_frequencies
from geo.reading.words import WordList, joined

_QUOTES = frozenset("\"\u201c\u201d\u201e\u00ab\u00bb'\u2018\u2019")
_COMMON = 4.9


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one larger name: the tokens ``[first, last)`` and what it is.

    Attributes
    ----------
    first, last : int
    reading : Reading
        ``PERSON``, ``ORGANISATION`` or ``MEDIA``.
    country : str
        ISO alpha-2 of a known person, body or outlet; empty otherwise.
    reason : str
    """

    first: int
    last: int
    reading: Reading
    country: str = ""
    reason: str = ""


def find_blocks(doc: Tokenized) -> list[Block]:
    """Find the outlets, organisations and persons of a text.

    Parameters
    ----------
    doc : Tokenized

    Returns
    -------
    list of Block
        In text order, without overlap: outlets win over organisations, those over persons.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> [block.reading.value for block in find_blocks(tokenize("المشير خليفة حفتر"))]
    ['person']
    """
    found: list[Block] = []
    taken: set[int] = set()
    for finder in (_outlets, _organisations, _persons):
        for block in finder(doc.tokens):
            span = range(block.first, block.last)
            if taken.isdisjoint(span):
                taken.update(span)
                found.append(block)
    return sorted(found, key=lambda block: block.first)


def _outlets(tokens: Sequence[Token]) -> Iterator[Block]:
    cues = WordList.of_table("media_cue")
    for hit in WordList.of_table("outlet").find(tokens, 0, len(tokens)):
        cued = any(cues.at(tokens, i) is not None for i in range(max(0, hit.first - 2), hit.first))
        if cued or not hit.entry.get("needs_cue") or _quoted(tokens, hit.first, hit.last):
            name = " ".join(token.raw for token in tokens[hit.first : hit.last])
            yield Block(
                hit.first,
                hit.last,
                Reading.MEDIA,
                hit.entry.get("country", ""),
                f"part of the outlet {name!r}",
            )


def _quoted(tokens: Sequence[Token], first: int, last: int) -> bool:
    before = tokens[first].gap[-1:]
    after = tokens[last].gap[:1] if last < len(tokens) else ""
    return before in _QUOTES and (after in _QUOTES or last == len(tokens))


def _organisations(tokens: Sequence[Token]) -> Iterator[Block]:
    for hit in WordList.of_table("organisation").find(tokens, 0, len(tokens)):
        name = " ".join(token.raw for token in tokens[hit.first : hit.last])
        yield Block(
            hit.first,
            hit.last,
            Reading.ORGANISATION,
            hit.entry.get("country", ""),
            f"part of the body {name!r}",
        )


def _persons(tokens: Sequence[Token]) -> Iterator[Block]:
    """Find known persons, names behind a title, and forenames with what follows."""
    titles, known = WordList.of_table("title"), WordList.of_table("person")
    forenames = WordList.of_table("forename")
    index = 0
    while index < len(tokens):
        block = _person_at(tokens, index, known, titles, forenames)
        if block is None:
            index += 1
            continue
        yield block
        index = block.last


def _person_at(
    tokens: Sequence[Token], index: int, known: WordList, titles: WordList, forenames: WordList
) -> Block | None:
    person = known.at(tokens, index)
    if person is not None:
        return Block(
            person.first,
            person.last,
            Reading.PERSON,
            person.entry.get("country", ""),
            "part of a known person's name",
        )
    title = titles.at(tokens, index)
    if title is not None and title.last < len(tokens) and joined(tokens, index, title.last + 1):
        last = _name_end(tokens, title.last, forenames, titled=True)
        if last > title.last:
            return Block(title.last, last, Reading.PERSON, "", "a name behind a title or rank")
    last = _name_end(tokens, index, forenames, titled=False)
    if last > index + 1:
        return Block(index, last, Reading.PERSON, "", "a forename and what follows it")
    return None


def _name_end(tokens: Sequence[Token], first: int, forenames: WordList, *, titled: bool) -> int:
    """Return the token behind a person's name that begins at ``first``, or ``first`` if none does."""
    hit = forenames.at(tokens, first, clitics=not titled)
    if hit is None:
        return first + 1 if titled and _surname(tokens[first]) else first
    last = hit.last
    while last < len(tokens) and last - first < 4 and joined(tokens, last - 1, last + 1):
        following = forenames.at(tokens, last, clitics=False)
        if following is not None:
            last = following.last
        elif _surname(tokens[last]):
            return last + 1
        else:
            break
    return last if last > hit.last or titled else first


def _surname(token: Token) -> bool:
    """Say whether a word may end a person's name: it is rare, and no cue or common word."""
    if token.key[0].isdigit() or len(token.key) < 3:
        return False
    known = word_frequencies()
    common = max(
        known.get(token.raw, 0.0),
        *(known.get(token.raw[len(s.prefix) :], 0.0) for s in clitic_splits(token.key)),
    )
    cue_tables = (
        "locative",
        "motion",
        "speech_verb",
        "attack",
        "talk_noun",
        "title",
        "feature_head",
        "organisation_head",
    )
    return common < _COMMON and not any(token.key in WordList.of_table(name) for name in cue_tables)
