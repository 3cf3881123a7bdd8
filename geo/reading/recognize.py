"""Find the toponyms of a text: names and demonyms of the gazetteer, behind clitics and in run-on words.

A recogniser answers one question only: which stretches of the text may be place names. What they stand
for there, and which place they are, is decided later, by `geo.reading.readings` and
`geo.reading.resolve`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from geo.arabic import Split, Tokenized, clitic_splits
from geo.places import Gazetteer
from geo.reading.gate import Gate
from geo.reading.glued import GluedNames, unknown_name
from geo.reading.toponyms import SEAT, Name, Toponym, demonym_forms, make_toponym, names_at
from geo.reading.words import WordList, joined

_MAX_WORDS = 6
_OPEN_KINDS = ("urban", "settlement")


class DictionaryRecognizer:
    """Find toponyms by looking every word up, with and without its proclitics.

    Parameters
    ----------
    gazetteer : Gazetteer

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> recognizer = DictionaryRecognizer(Gazetteer.open())
    >>> [toponym.key for toponym in recognizer.recognize(tokenize("في طبرق"))]
    ['طبرق']
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Keep the gazetteer and read the rule tables."""
        self._gazetteer = gazetteer
        self._gate = Gate(gazetteer)
        self._glued = GluedNames(gazetteer)
        self._heads = WordList.of_table("feature_head")
        self._demonyms = demonym_forms()

    def recognize(self, doc: Tokenized) -> list[Toponym]:
        """Return the toponyms of a text in order, longest match first, without overlap."""
        return self.look(doc)[1]

    def look(self, doc: Tokenized) -> tuple[Mapping[int, Sequence[Toponym]], list[Toponym]]:
        """Return everything the gazetteer knows in a text, and what of it is a toponym.

        Parameters
        ----------
        doc : Tokenized

        Returns
        -------
        Mapping[int, sequence of Toponym]
            Every hit by its first token, overlapping ones included.
        list of Toponym
            As `recognize` gives them.
        """
        hits = self._hits(doc)
        found: list[Toponym] = []
        index = 0
        while index < len(doc.tokens):
            chosen = self._choose(doc, index, hits, found)
            if chosen is None:
                index += 1
                continue
            found.append(chosen)
            index = chosen.last
        return hits, found

    def _hits(self, doc: Tokenized) -> dict[int, list[Toponym]]:
        """Look up every word and every run of words that may be a name."""
        tokens = doc.tokens
        runs = [
            (i, split, split.core) for i, token in enumerate(tokens) for split in clitic_splits(token.key)
        ]
        hits: dict[int, list[Toponym]] = {}
        for size in range(1, _MAX_WORDS + 1):
            keys = [key for _, _, key in runs]
            for run, rows in zip(runs, self._gazetteer.find(keys), strict=True):
                self._add(doc, hits, run, size, rows)
            going_on = self._gazetteer.is_prefix(keys)
            runs = [
                (first, split, f"{key} {tokens[first + size].key}")
                for (first, split, key), more in zip(runs, going_on, strict=True)
                if more and first + size < len(tokens) and joined(tokens, first + size - 1, first + size + 1)
            ]
            if not runs:
                break
        for toponym in self._glued.find(doc, hits):
            hits[toponym.first] = [toponym]
        for toponym in self._seats(doc):
            hits[toponym.first] = [toponym]
        return hits

    def _seats(self, doc: Tokenized) -> Iterator[Toponym]:
        """Find the seats of governments (الكرملين); the place is where the seat stands."""
        for hit in WordList.of_table("seat").find(doc.tokens, 0, len(doc.tokens)):
            place = self._gazetteer.by_id(hit.entry["place_id"])
            if place is not None:
                name = Name(place, hit.entry["forms"][0], "ar", SEAT)
                cut = len(hit.prefix)
                split = Split(hit.prefix, doc.tokens[hit.first].key[cut:], cut)
                toponym = make_toponym(doc, (hit.first, hit.last), split, (name,))
                yield replace(toponym, certain=True, reasons=("seat of a government",))

    def _add(
        self,
        doc: Tokenized,
        hits: dict[int, list[Toponym]],
        run: tuple[int, Split, str],
        size: int,
        rows: Sequence[int],
    ) -> None:
        first, split, key = run
        demonym = self._demonyms.get(key, "") if size == 1 else ""
        if rows or demonym:
            names = names_at(self._gazetteer, rows)
            toponym = make_toponym(doc, (first, first + size), split, names, demonym, key)
            hits.setdefault(first, []).append(toponym)

    def _choose(
        self, doc: Tokenized, index: int, hits: Mapping[int, Sequence[Toponym]], before: Sequence[Toponym]
    ) -> Toponym | None:
        """Pick the best reading of one position: longest, then whole word, unless far less known."""
        ranked = sorted(
            hits.get(index, ()),
            key=lambda hit: (-hit.last, -(hit.importance - (1.0 if hit.clitics else 0.0))),
        )
        for hit in ranked:
            kept = self._gate.keep(doc, hit, before, hits)
            if kept is not None:
                return kept
        head = self._heads.ending_at(doc.tokens, index) if index else None
        if (
            head is None
            or head.entry["kind"] not in _OPEN_KINDS
            or not joined(doc.tokens, index - 1, index + 1)
        ):
            return None
        return unknown_name(doc, index, head.entry["kind"])
