"""Describe each word of a text for the learned recogniser: spelling, frequency, cues, gazetteer, neighbours.

A description is a list of attributes (short strings). Those that depend on the word alone are computed once
a word (`word_facts`); those that depend on where it stands are the rows of a table (`TEMPLATES`), filled from
columns with one value a word (`columns_of`). Training spells the attributes out (`attribute_lists`), reading
adds up their weights by the values that fill a row; both use the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from geo.arabic import Token, Tokenized, article, clitic_relations, clitic_splits, foreign_letters
from geo.reading.families import Families, Kin
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
    band : str
        Its frequency band.
    """

    here: tuple[str, ...]
    beside: tuple[str, ...]
    far: tuple[str, ...]
    bare: str
    cue: str
    band: str


@lru_cache(maxsize=1 << 12)
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
        return WordFacts(
            ("digits", f"w={shape}"), ("digits", f"w={shape}"), ("digits",), "0", "0", f"w={shape}"
        )
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
    return WordFacts(here, beside, far, bare, "+".join(cues) or f"z{bands[0]}", f"z={bands[0]}")


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


class Mark(NamedTuple):
    """Say what the dictionary makes of a word.

    Each field but the last begins with a letter: B or I for the begin or inside of a name that the
    dictionary keeps, b or i for one it only looked up. Fields are empty where nothing is known.

    Attributes
    ----------
    coarse : str
        Class of the place, and whether the name is one word or more.
    fine : str
        The same with how well known it is and how common the word.
    code : str
        Feature code of the best known candidate.
    letter, sized, known, excess, ranked : str
        Parts of the above, so that what one class of places teaches serves the others.
    name : str
        The whole name.
    """

    coarse: str = "-"
    fine: str = "-"
    code: str = ""
    letter: str = ""
    sized: str = ""
    known: str = ""
    excess: str = ""
    ranked: str = ""
    name: str = ""


NO_MARK = Mark()
"""What nothing is known of."""


def gazetteer_marks(size: int, hits: Mapping[int, Sequence[Toponym]], found: Sequence[Toponym]) -> list[Mark]:
    """Say for each token what the dictionary makes of it.

    Parameters
    ----------
    size : int
        Number of tokens.
    hits : Mapping[int, sequence of Toponym]
    found : sequence of Toponym
        As `geo.reading.recognize.DictionaryRecognizer.look` gives them.

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
    excess = f"{max(-4, min(6, int((hit.zipf - hit.importance) * 2)))}{'c' if hit.clitics else ''}"
    code = max(hit.names, key=importance).place.feature_code if hit.names else "-"
    for index in range(hit.first, hit.last):
        letter = begin if index == hit.first else inside
        if letter == inside and inside == "i" and marks[index] is not NO_MARK:
            continue
        coarse = f"{letter}{kind}{length}"
        marks[index] = Mark(
            coarse,
            f"{coarse}{known}/{excess}",
            f"{letter}{code}",
            letter,
            f"{letter}{length}",
            f"{letter}{known}",
            f"{letter}{excess}",
            f"{letter}{code}{known}",
            f"{letter}{hit.key}",
        )


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


Template = tuple[tuple[tuple[str, int], ...], tuple[str, ...]]
"""Columns of `columns_of`, each with an offset in words, and the attributes that their values fill in."""

TEMPLATES: tuple[Template, ...] = (
    (
        (("mark", 0),),
        (
            "g={0.coarse}",
            "G={0.fine}",
            "gl={0.letter}",
            "gs={0.sized}",
            "gk={0.known}",
            "gx={0.excess}",
            "gc={0.code}",
            "gck={0.ranked}",
            "name={0.name}",
        ),
    ),
    ((("mark", -1),), ("-g={0.coarse}", "-G={0.fine}")),
    ((("mark", 1),), ("+g={0.coarse}", "+G={0.fine}")),
    ((("coarse", -2),), ("--g={0}",)),
    ((("coarse", 2),), ("++g={0}",)),
    ((("coarse", -1), ("coarse", 0)), ("-gg={0}{1}",)),
    ((("coarse", 0), ("coarse", 1)), ("+gg={0}{1}",)),
    ((("bare", -1), ("coarse", 0)), ("-wg={0}{1}",)),
    ((("bare", 1), ("coarse", 0)), ("+wg={0}{1}",)),
    ((("cue", -1), ("coarse", 0), ("gap", 0)), ("-qg={0}{1}", "<{2}", "<g{2}{1}", "<{2}q{0}{1}")),
    ((("cue", 1), ("coarse", 0), ("gap", 1)), ("+qg={0}{1}", ">{2}", ">g{2}{1}")),
    ((("cue", -2), ("cue", -1), ("coarse", 0)), ("--qg={0}{1}{2}",)),
    ((("bare", -1), ("bare", 0)), ("-ww={0} {1}",)),
    ((("bare", 0), ("bare", 1)), ("+ww={0} {1}",)),
    ((("bare", -2), ("bare", -1)), ("--w={0} {1}",)),
    ((("like", 0),), ("s={0}",)),
    ((("alike", 0), ("band", 0)), ("s0={0}{1}",)),
    ((("alike", 0), ("cue", -1)), ("sq={0}{1}",)),
    ((("alike", -1),), ("-s={0}",)),
    ((("alike", 1),), ("+s={0}",)),
    ((("family", -1),), ("-kc={0}",)),
    ((("family", 1),), ("+kc={0}",)),
    ((("clan", -2),), ("--kd={0}",)),
    ((("clan", 2),), ("++kd={0}",)),
    ((("clan", 0), ("coarse", 0)), ("kg={0}{1}",)),
    ((("clan", -1), ("coarse", 0)), ("-kg={0}{1}",)),
    ((("clan", 1), ("coarse", 0)), ("+kg={0}{1}",)),
    ((("clan", -1), ("clan", 0)), ("-kdd={0}/{1}",)),
    ((("clan", 0), ("clan", 1)), ("+kdd={0}/{1}",)),
    ((("clan", -2), ("clan", -1), ("clan", 0)), ("-kddd={0}/{1}/{2}",)),
)
"""Attributes that depend on where a word stands; one that would end in ``=`` is left out.

``mark`` is what the dictionary makes of the word and ``coarse`` its class; ``bare``, ``cue`` and ``band`` are
those of `WordFacts`; ``gap`` is what stands before the word; ``like`` the skeletons it begins or continues
and ``alike`` the kind of them; ``family`` and ``clan`` are those of `geo.reading.families`.
"""

PAD = 2
"""Empty places before each sentence and behind the last: as far as `TEMPLATES` look."""

_EDGES: Mapping[str, Any] = {"mark": Mark(_EDGE, _EDGE), "band": ""}


def attributes_of(template: Template, values: Sequence[Any]) -> list[str]:
    """Return the attributes of one row of the table.

    Parameters
    ----------
    template : Template
    values : sequence
        One value a column of the row.

    Returns
    -------
    list of str

    Examples
    --------
    >>> attributes_of(((("bare", -1), ("bare", 0)), ("-ww={0} {1}", "-x=")), ("in", "lyon"))
    ['-ww=in lyon']
    """
    filled = [pattern.format(*values) for pattern in template[1]]
    return [name for name in filled if name[-1] != "="]


def gap_mark(token: Token, first: bool) -> str:
    """Name what stands before a word: only space, a kind of punctuation, or the start of the sentence."""
    if first:
        return _EDGE
    gap = token.gap.strip()
    return gap[:2] if gap else "_" if token.gap else "0"


WORD_COLUMNS = ("bare", "cue", "band", "family", "clan")
"""Columns that depend on the word alone."""


def word_columns(facts: WordFacts, kin: Kin) -> tuple[str, ...]:
    """Return the values of `WORD_COLUMNS` for a word."""
    return facts.bare, facts.cue, facts.band, kin.family, kin.clan


def columns_of(
    doc: Tokenized,
    words: Sequence[tuple[str, ...]],
    marks: Sequence[Mark],
    skeletons: Skeletons,
) -> tuple[dict[str, list[Any]], list[int]]:
    """Return what the table reads, one value a word, with `PAD` empty places around each sentence.

    Parameters
    ----------
    doc : Tokenized
    words : sequence of tuple of str
        `word_columns` of each word.
    marks : sequence of Mark
        `gazetteer_marks` of the text.
    skeletons : Skeletons

    Returns
    -------
    dict of str to list
        The columns by name.
    list of int
        Where each word stands in them.
    """
    names = (*WORD_COLUMNS, "mark", "coarse", "gap", "like", "alike")
    edges = {name: [_EDGES.get(name, _EDGE)] * PAD for name in names}
    columns: dict[str, list[Any]] = {name: list(edge) for name, edge in edges.items()}
    places: list[int] = []
    for first, last in doc.ranges:
        tokens = doc.tokens[first:last]
        likes = skeletons.marks(tokens)
        parts: dict[str, Sequence[Any]] = {
            **dict(zip(WORD_COLUMNS, zip(*words[first:last], strict=True), strict=True)),
            "mark": marks[first:last],
            "coarse": [mark.coarse for mark in marks[first:last]],
            "gap": [gap_mark(token, not number) for number, token in enumerate(tokens)],
            "like": likes,
            "alike": [like[:2] for like in likes],
        }
        places.extend(range(len(columns["bare"]), len(columns["bare"]) + last - first))
        for name, column in columns.items():
            column.extend(parts[name])
            column.extend(edges[name])
    return columns, places


def rows_of(template: Template, columns: Mapping[str, Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of one row of the table for each place but the `PAD` at both ends."""
    size = len(columns["bare"])
    return zip(
        *(columns[name][PAD + offset : size - PAD + offset] for name, offset in template[0]), strict=True
    )


def attribute_lists(
    doc: Tokenized, marks: Sequence[Mark], skeletons: Skeletons, families: Families
) -> list[list[str]]:
    """Return the attributes of the words of a text that depend on where they stand.

    Parameters
    ----------
    doc : Tokenized
    marks : sequence of Mark
        `gazetteer_marks` of the text.
    skeletons : Skeletons
    families : Families

    Returns
    -------
    list of list of str
        One list a token.
    """
    words = [
        word_columns(word_facts(token.raw, token.key), families.kin(token.raw, token.key))
        for token in doc.tokens
    ]
    columns, places = columns_of(doc, words, marks, skeletons)
    filled: list[list[str]] = [[] for _ in columns["bare"]]
    for template in TEMPLATES:
        for place, values in enumerate(rows_of(template, columns), start=PAD):
            filled[place].extend(attributes_of(template, values))
    return [filled[place] for place in places]
