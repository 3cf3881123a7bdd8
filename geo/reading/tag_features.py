"""Describe each word of a text for the learned recogniser: spelling, frequency, cues, gazetteer, neighbours.

A description is a list of attributes (short strings). Those that depend on the word alone are computed once
a word (`word_facts`); those that depend on where it stands come from the dictionary's hits and from the words
beside it (`attribute_lists`). Training and reading use the same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.arabic import Token, Tokenized, article, clitic_relations, clitic_splits, foreign_letters
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.skeletons import Skeletons
from geo.reading.toponyms import Toponym, demonym_forms, importance
from geo.reading.words import WordList, word_frequencies

CUE_TABLES = (
    "feature_head",
    "locative",
    "motion",
    "attack",
    "talk_noun",
    "speech_verb",
    "state_head",
    "capital_head",
    "territory_head",
    "title",
    "title_adjective",
    "forename",
    "forename_weak",
    "kunya",
    "organisation_head",
    "organisation",
    "outlet",
    "outlet_head",
    "media_cue",
    "person",
    "stop_word",
    "direction",
    "relation_word",
    "vessel",
    "weekday",
    "month",
    "number_word",
    "metonymic_preposition",
    "container_connector",
)
"""Rule tables whose single words become attributes."""

_EDGE = "|"
_MAX_CUTS = 5


class Lookup(DictionaryRecognizer):
    """Give the dictionary's hits of a text beside those it keeps.

    Parameters
    ----------
    gazetteer : Gazetteer
    """

    def look(self, doc: Tokenized) -> tuple[Mapping[int, Sequence[Toponym]], list[Toponym]]:
        """Return every hit by its first token, and the toponyms that the dictionary alone would report."""
        hits = self._hits(doc)
        found: list[Toponym] = []
        index = 0
        while index < len(doc.tokens):
            chosen = self._choose(doc, index, hits, found)
            if chosen is not None:
                found.append(chosen)
            index = index + 1 if chosen is None else chosen.last
        return hits, found


@dataclass(frozen=True, slots=True)
class WordFacts:
    """Hold the attributes of a word that do not depend on where it stands.

    Attributes
    ----------
    here : tuple of str
        For the word itself.
    beside : tuple of str
        What its neighbours see of it.
    far : tuple of str
        What the words two places away see of it.
    bare : str
        Its key without a leading conjunction, where that leaves a more common word.
    cue : str
        Its cue tables in one symbol, or its frequency band.
    """

    here: tuple[str, ...]
    beside: tuple[str, ...]
    far: tuple[str, ...]
    bare: str
    cue: str


@lru_cache(maxsize=1 << 16)
def word_facts(raw: str, key: str) -> WordFacts:
    """Return the attributes of a word.

    Parameters
    ----------
    raw, key : str
        As in `geo.arabic.Token`.

    Returns
    -------
    WordFacts

    Examples
    --------
    >>> "w=lyon" in word_facts("Lyon", "lyon").here
    True
    """
    if key[0].isdigit():
        shape = f"d{min(len(key), 5)}"
        return WordFacts(("digits", f"w={shape}"), ("digits", f"w={shape}"), ("digits",), "0", "0")
    splits = clitic_splits(key)[:_MAX_CUTS]
    cores = [f"c={split.core}" for split in splits]
    known = word_frequencies()
    bands = [_band(known.get(raw[split.cut :], 0.0)) for split in splits]
    cues = tuple(f"q={name}" for name in _cues(splits[0].core, splits))
    spelled = [f"w={key}", f"z={bands[0]}", f"zc={max(bands)}"]
    affixes = [f"a{size}={key[:size]}" for size in (1, 2, 3, 4) if len(key) > size]
    endings = [f"e{size}={key[-size:]}" for size in (1, 2, 3, 4) if len(key) > size]
    stems = [f"b={split.core[:4]}" for split in splits[1:]]
    prefixes = [f"p={split.prefix}/{band}" for split, band in zip(splits[1:], bands[1:], strict=True)]
    shapes = _shapes(raw, key, splits[-1].core)
    here = (*spelled, f"r={raw}", *cores, *affixes, *endings, *stems, *prefixes, *shapes, *cues)
    beside = (*spelled, *cores, *endings[1:3], *affixes[1:2], *prefixes[:2], *shapes, *cues)
    far = (spelled[0], spelled[1], *cues)
    bare = key
    if len(splits) > 1 and "and" in clitic_relations(splits[1].prefix) and bands[1] > bands[0]:
        bare = splits[1].core
    return WordFacts(here, beside, far, bare, "+".join(cues) or f"z{bands[0]}")


def _band(zipf: float) -> int:
    """Return the frequency of a word in half decades, 0 for one not in the list."""
    return int(zipf * 2)


def _cues(key: str, splits: Sequence[object]) -> Iterator[str]:
    """Name the cue tables that list the word, with its proclitics or (marked) without."""
    cores = [getattr(split, "core") for split in splits[1:]]  # noqa: B009
    for name in CUE_TABLES:
        words = WordList.of_table(name)
        if key in words:
            yield name
        elif any(core in words for core in cores):
            yield f"{name}~"
    if key in demonym_forms():
        yield "demonym"
    elif any(core in demonym_forms() for core in cores):
        yield "demonym~"


def _shapes(raw: str, key: str, core: str) -> list[str]:
    shapes = [f"n={min(len(key), 9)}"]
    if key.isascii():
        shapes.append("latin" + ("+" if raw[:1].isupper() else ""))
    if not foreign_letters().isdisjoint(raw):
        shapes.append("foreign")
    if key.startswith(article()):
        shapes.append("the")
    elif core.startswith(article()):
        shapes.append("the~")
    return shapes


Mark = tuple[str, str, str, str]
"""What the dictionary makes of a token, ever finer: kept (capital letters) or only looked up, begin or
inside, class of the place, one word or more; how well known it is and how common the word; its feature
code; the whole name."""

NO_MARK: Mark = ("-", "-", "", "")


def gazetteer_marks(size: int, hits: Mapping[int, Sequence[Toponym]], found: Sequence[Toponym]) -> list[Mark]:
    """Say for each token what the dictionary makes of it.

    Parameters
    ----------
    size : int
        Number of tokens.
    hits : Mapping[int, sequence of Toponym]
    found : sequence of Toponym
        As `Lookup.look` gives them.

    Returns
    -------
    list of Mark
        `NO_MARK` where nothing is known.
    """
    marks = [NO_MARK] * size
    for group in hits.values():
        best = max(group, key=lambda hit: (hit.last, hit.importance))
        _mark(marks, best, "b", "i")
    for toponym in found:
        _mark(marks, toponym, "B", "I")
    return marks


def _mark(marks: list[Mark], hit: Toponym, begin: str, inside: str) -> None:
    """Write the marks of one hit; what is kept overwrites what is not, a begin what is inside."""
    kind = _kind(hit)
    length = "1" if hit.last - hit.first == 1 else "+"
    known = int(hit.importance * 2)
    excess = max(-4, min(6, int((hit.zipf - hit.importance) * 2)))
    cut = "c" if hit.clitics else ""
    code = max(hit.names, key=importance).place.feature_code if hit.names else "-"
    for index in range(hit.first, hit.last):
        letter = begin if index == hit.first else inside
        if letter == inside and inside == "i" and marks[index][0] != "-":
            continue
        coarse = f"{letter}{kind}{length}"
        marks[index] = (coarse, f"{coarse}{known}/{excess}{cut}", f"{letter}{code}", f"{letter}{hit.key}")


def _kind(hit: Toponym) -> str:
    """Return the class of the best candidate in one letter."""
    if hit.demonym:
        return "D" if hit.names else "d"
    codes = {name.place.feature_code for name in hit.names}
    if not codes:
        return "u"
    if any(code.startswith("PCL") for code in codes):
        return "s"
    if "PPLC" in codes:
        return "c"
    if "ADM1" in codes:
        return "a"
    return "p" if any(code.startswith("P") for code in codes) else "f"


@lru_cache(maxsize=1 << 12)
def _parts(coarse: str, fine: str, code: str, name: str) -> tuple[str, ...]:
    """Take a mark apart, so that what one class of places teaches serves the others."""
    if coarse == "-":
        return ()
    known, _, excess = fine[len(coarse) :].partition("/")
    letter = coarse[0]
    return (
        f"gl={letter}",
        f"gs={letter}{coarse[2]}",
        f"gk={letter}{known}",
        f"gx={letter}{excess}",
        f"gc={code}",
        f"gck={code}{known}",
        f"name={name}",
    )


def gap_mark(token: Token, first: bool) -> str:
    """Name what stands before a word: only space, a kind of punctuation, or the start of the sentence."""
    if first:
        return _EDGE
    gap = token.gap.strip()
    return gap[:2] if gap else "_" if token.gap else "0"


def attribute_lists(
    doc: Tokenized, sentence: tuple[int, int], marks: Sequence[Mark], skeletons: Skeletons
) -> list[list[str]]:
    """Return the attributes of the words of a sentence that depend on where they stand.

    Parameters
    ----------
    doc : Tokenized
    sentence : (int, int)
        Tokens ``[first, last)``.
    marks : sequence of (str, str)
        `gazetteer_marks` of the whole text.
    skeletons : Skeletons

    Returns
    -------
    list of list of str
        One list a token.
    """
    first, last = sentence
    tokens = doc.tokens[first:last]
    facts = [word_facts(token.raw, token.key) for token in tokens]
    gaps = [gap_mark(token, not number) for number, token in enumerate(tokens)] + [_EDGE]
    bare = [_EDGE, _EDGE, *(fact.bare for fact in facts), _EDGE, _EDGE]
    cue = [_EDGE, _EDGE, *(fact.cue for fact in facts), _EDGE, _EDGE]
    edge = (_EDGE, _EDGE, "", "")
    here = [edge, edge, *marks[first:last], edge, edge]
    likes = [_EDGE, *skeletons.marks(tokens), _EDGE]
    rows = []
    for i in range(len(tokens)):
        coarse, fine, code, name = here[i + 2]
        before, after = here[i + 1][0], here[i + 3][0]
        rows.append(
            [
                f"g={coarse}",
                f"G={fine}",
                f"-g={before}",
                f"+g={after}",
                f"--g={here[i][0]}",
                f"++g={here[i + 4][0]}",
                f"-gg={before}{coarse}",
                f"+gg={coarse}{after}",
                f"-wg={bare[i + 1]}{coarse}",
                f"+wg={bare[i + 3]}{coarse}",
                f"-qg={cue[i + 1]}{coarse}",
                f"+qg={cue[i + 3]}{coarse}",
                f"--qg={cue[i]}{cue[i + 1]}{coarse}",
                f"-ww={bare[i + 1]} {bare[i + 2]}",
                f"+ww={bare[i + 2]} {bare[i + 3]}",
                f"--w={bare[i]} {bare[i + 1]}",
                f"<{gaps[i]}",
                f">{gaps[i + 1]}",
                f"<g{gaps[i]}{coarse}",
                f">g{gaps[i + 1]}{coarse}",
                f"<{gaps[i]}q{cue[i + 1]}{coarse}",
                *_parts(coarse, fine, code, name),
                f"-G={here[i + 1][1]}",
                f"+G={here[i + 3][1]}",
                f"s={likes[i + 1]}",
                f"s0={likes[i + 1][:2]}{facts[i].here[1]}",
                f"sq={likes[i + 1][:2]}{cue[i + 1]}",
                f"-s={likes[i][:2]}",
                f"+s={likes[i + 2][:2]}",
            ]
        )
    return rows
