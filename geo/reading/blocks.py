"""Find the larger names that swallow place names: persons, organisations, outlets.

"Khalifa" and "Vladimir" are towns, "Tobruk's parliament" is a body, "Libya Today" a paper. These blocks are
read before the place names inside them are.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.arabic import Token, Tokenized, article, clitic_splits
from geo.model import Reading
from geo.reading.toponyms import Toponym, demonym_forms
from geo.reading.words import WordHit, WordList, joined, word_frequencies

_QUOTES = frozenset("\"\u201c\u201d\u201e\u00ab\u00bb'\u2018\u2019")
_COMMON = 4.9
_LONGEST = 6
_WELL_KNOWN, _NAMED_SO, _LOCATED_SO, _SMALL = 3.3, 2.3, 2.6, 2.0


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


def find_blocks(doc: Tokenized, toponyms: Sequence[Toponym] = ()) -> list[Block]:
    """Find the outlets, organisations and persons of a text.

    Parameters
    ----------
    doc : Tokenized
    toponyms : sequence of Toponym
        What may be place names there: a well-known one is nobody's surname.

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
    known = {i: t.importance for t in toponyms if t.names for i in range(t.first, t.last)}
    known |= {t.first: _WELL_KNOWN for t in toponyms if t.clitics and _is_town(t)}
    long = {t.first for t in toponyms if t.names and t.last - t.first > 1}
    for blocks in (_outlets(doc.tokens), _organisations(doc.tokens), _persons(doc.tokens, known, long)):
        for block in blocks:
            span = range(block.first, block.last)
            if taken.isdisjoint(span):
                taken.update(span)
                found.append(block)
    found.extend(
        _surnames(doc.tokens, found, taken | {i for i, weight in known.items() if weight >= _WELL_KNOWN})
    )
    return sorted(found, key=lambda block: block.first)


def _is_town(toponym: Toponym) -> bool:
    """Say whether what a proclitic was cut from is a town rather than the rest of a foreign name (بومل)."""
    definite = toponym.key.startswith(article()) and toponym.importance >= _SMALL
    return definite or toponym.importance >= _LOCATED_SO


def _surnames(tokens: Sequence[Token], blocks: Sequence[Block], excluded: set[int]) -> Iterator[Block]:
    """Find the persons named before again, by the last word of their name alone."""
    people = [block for block in blocks if block.reading is Reading.PERSON and block.last - block.first > 1]
    names = {tokens[block.last - 1].key: block for block in people if _surname(tokens[block.last - 1])}
    for index, token in enumerate(tokens):
        named = names.get(token.key)
        if named is not None and index not in excluded and not _located(tokens, index):
            yield Block(
                index, index + 1, Reading.PERSON, named.country, "surname of a person named in the text"
            )


def _outlets(tokens: Sequence[Token]) -> Iterator[Block]:
    cues = WordList.of_table("media_cue")
    for hit in WordList.of_table("outlet").find(tokens, 0, len(tokens)):
        cued = any(cues.at(tokens, i) is not None for i in range(max(0, hit.first - 2), hit.first))
        located = hit.last - hit.first == 1 and _located(tokens, hit.first)
        sure = not hit.entry.get("needs_cue") and not located
        if cued or sure or _quoted(tokens, hit.first, hit.last):
            name = " ".join(token.raw for token in tokens[hit.first : hit.last])
            yield Block(
                hit.first,
                hit.last,
                Reading.MEDIA,
                hit.entry.get("country", ""),
                f"part of the outlet {name!r}",
            )


def _located(tokens: Sequence[Token], first: int) -> bool:
    return first > 0 and tokens[first - 1].key in WordList.of_table("locative")


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


def _persons(tokens: Sequence[Token], places: Mapping[int, float], long: Container[int]) -> Iterator[Block]:
    """Find known persons, names behind a title, and forenames with what follows."""
    index = 0
    while index < len(tokens):
        block = None if index in long else _person_at(tokens, index, places)
        if block is None:
            index += 1
            continue
        yield block
        index = block.last


def _person_at(tokens: Sequence[Token], index: int, places: Mapping[int, float]) -> Block | None:
    person = WordList.of_table("person").at(tokens, index)
    if person is not None:
        reason = "part of a known person's name"
        return Block(person.first, person.last, Reading.PERSON, person.entry.get("country", ""), reason)
    title = WordList.of_table("title").at(tokens, index)
    if title is not None:
        first = _behind_title(tokens, title)
        last = _name_end(tokens, first, places, titled=True) if first < len(tokens) else first
        if last > first:
            return Block(first, last, Reading.PERSON, "", "a name behind a title or rank")
    if _named_place(tokens, index):
        return None
    last = _name_end(tokens, index, places, titled=False)
    if last > index + 1:
        return Block(index, last, Reading.PERSON, "", "a forename and what follows it")
    return None


def _named_place(tokens: Sequence[Token], index: int) -> bool:
    """Say whether the head word of a place stands before a name (مخيم عقبة جبر): it is no person's."""
    head = WordList.of_table("feature_head").ending_at(tokens, index) if index else None
    return head is not None and joined(tokens, index - 1, index + 1)


def _behind_title(tokens: Sequence[Token], title: WordHit) -> int:
    """Return where the name behind a title may begin: an office may carry a nisba and a comma first."""
    first = title.last
    nisba = first < len(tokens) and tokens[first].key.startswith(article())
    if nisba and title.entry.get("kind") != "rank" and tokens[first].key in demonym_forms():
        first += 1
    elif title.entry.get("follows") != "name_or_demonym":
        return first if first < len(tokens) and joined(tokens, title.first, first + 1) else len(tokens)
    while (
        first < len(tokens)
        and first - title.last < 3
        and (
            tokens[first].key in demonym_forms() or tokens[first].key in WordList.of_table("title_adjective")
        )
    ):
        first += 1
    if first < len(tokens) and tokens[first].gap.strip(' "\N{ARABIC COMMA},\N{LEFT DOUBLE QUOTATION MARK}'):
        return len(tokens)
    bare = first == title.last and first < len(tokens) and tokens[first].gap.strip()
    return len(tokens) if bare else first


def _name_end(tokens: Sequence[Token], first: int, places: Mapping[int, float], *, titled: bool) -> int:
    """Return the token behind a person's name that begins at ``first``, or ``first`` if none does."""
    forenames, weak = WordList.of_table("forename"), WordList.of_table("forename_weak")
    hit = forenames.at(tokens, first, clitics=not titled) or (
        weak.at(tokens, first, clitics=False) if titled else None
    )
    if hit is None:
        alone = titled and places.get(first, 0.0) < _NAMED_SO and _surname(tokens[first])
        return first + 1 if alone else first
    last = hit.last
    while last < len(tokens) and last - first < _LONGEST and joined(tokens, last - 1, last + 1):
        part = _part_end(tokens, last)
        if part > last:
            last = part
            continue
        following = forenames.at(tokens, last, clitics=False) or weak.at(tokens, last, clitics=False)
        if following is not None:
            last = following.last
        elif places.get(last, 0.0) < _surname_limit(tokens, first, last) and _surname(tokens[last]):
            return last + 1
        else:
            break
    return last if last > hit.last or titled else first


def _surname_limit(tokens: Sequence[Token], first: int, last: int) -> float:
    """Return how well known a place may be whose name ends a person's: less so where the name is whole."""
    whole = last - first > 1 and not tokens[last].key.startswith(article())
    return _NAMED_SO if whole else _WELL_KNOWN


def _part_end(tokens: Sequence[Token], index: int) -> int:
    """Return the token behind a part of a name and the word it joins (بن الأسود، فان بيرسي), or ``index``."""
    if tokens[index].key not in WordList.of_table("kunya") or index + 1 >= len(tokens):
        return index
    joins = joined(tokens, index, index + 2) and (
        _surname(tokens[index + 1]) or WordList.of_table("forename").at(tokens, index + 1, clitics=False)
    )
    return index + 2 if joins else index


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
