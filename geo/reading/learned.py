"""Combine the dictionary with the tagger: two votes on every name, both kept in its reasons.

The dictionary knows names, the tagger knows sentences. A name that both see is kept; one that only the
dictionary sees needs a better vote, though less of one if it is several words, stands behind a head word,
or the text is too short to say anything; one that only the tagger sees is looked up word by word, and has
no candidates if the gazetteer does not know it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from geo.arabic import Split, Tokenized
from geo.places import Gazetteer
from geo.places.keys import ARAB_STATES
from geo.reading.recognize import DictionaryRecognizer
from geo.reading.tagger import LABELS, Tagger, Weights
from geo.reading.toponyms import Toponym, make_toponym
from geo.reading.words import WordList, joined

_PLACE = [LABELS.index("B-LOC"), LABELS.index("I-LOC")]
_BEGIN = LABELS.index("B-LOC")
_CUT = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what the votes must come to; chosen on folds of the development data.

    Attributes
    ----------
    span : float
        From this probability the tagger alone makes a word part of a name.
    keep : float
        From here a name of the dictionary is kept if it is one word and nothing else speaks for it.
    multiple, headed : float
        By how much (log odds) less is asked of a name of several words, and of one behind a head word.
    home : float
        By how much less is asked of a name of the Arab states: news names places that the texts the tagger
        learned from never named.
    short : float
        By how much less is asked in a text of one word: the tagger reads sentences, not words.
    full : int
        Arabic words of a text from which on all is asked.
    sure : float
        From here a name of the tagger needs no support from the rest of the text.
    """

    span: float = 0.5
    keep: float = 0.4
    multiple: float = 0.7
    headed: float = 1.3
    home: float = 2.5
    short: float = 5.0
    full: int = 12
    sure: float = 0.5


class LearnedRecognizer:
    """Find toponyms by the votes of the gazetteer and of a trained tagger.

    Parameters
    ----------
    gazetteer : Gazetteer
    weights : Weights or Path, optional
        The shipped ones by default; a folder with another set.
    limits : Limits, optional

    Raises
    ------
    GazetteerError
        If the weights cannot be read.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> recognizer = LearnedRecognizer(Gazetteer.open())
    >>> [toponym.key for toponym in recognizer.recognize(tokenize("وصل الوزير إلى طبرق"))]
    ['طبرق']
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        weights: Weights | Path | None = None,
        *,
        limits: Limits | None = None,
    ) -> None:
        """Read the weights."""
        self._made_of = (gazetteer, weights, limits)
        self._lookup = DictionaryRecognizer(gazetteer)
        self._tagger = Tagger(weights if isinstance(weights, Weights) else Weights.open(weights))
        self._limits = limits or Limits()
        self._heads = WordList.of_table("feature_head", ("forms", "plural"))
        self._bodies = WordList.of_table("organisation_head")

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as what it was made of, without what it has read."""
        gazetteer, weights, limits = self._made_of
        return partial(LearnedRecognizer, limits=limits), (gazetteer, weights)

    @property
    def version(self) -> str:
        """Return the version of the weights."""
        return self._tagger.version

    def recognize(self, doc: Tokenized) -> list[Toponym]:
        """Return the toponyms of a text in order, without overlap."""
        hits, known = self._lookup.look(doc)
        likely = self._tagger.probabilities(doc, hits, known)
        spans = place_spans(doc, likely, self._limits.span)
        place = likely[:, _PLACE].sum(axis=1)
        words = _arabic_words(doc)
        found = [self._second(doc, toponym, place, spans, hits, words) for toponym in known]
        kept = [toponym for toponym in found if toponym is not None]
        taken = {index for toponym in kept for index in range(toponym.first, toponym.last)}
        alone = [
            self._alone(doc, span, place, hits) for span in spans if taken.isdisjoint(range(span[0], span[1]))
        ]
        return sorted(kept + [t for t in alone if t is not None], key=lambda toponym: toponym.first)

    def _second(
        self,
        doc: Tokenized,
        toponym: Toponym,
        place: np.ndarray,
        spans: Sequence[tuple[int, int]],
        hits: Mapping[int, Sequence[Toponym]],
        words: int,
    ) -> Toponym | None:
        """Return a name of the dictionary with the tagger's vote, or None if the vote is against it."""
        vote = float(place[toponym.first : toponym.last].max())
        settled = toponym.certain or not toponym.names or toponym.demonym
        if settled or _in_hashtag(doc, toponym.first):
            return replace(toponym, reasons=(*toponym.reasons, _reason(vote)))
        over = [span for span in spans if span[0] < toponym.last and toponym.first < span[1]]
        if over:
            fitted = self._fit(doc, toponym, over[0], hits, words) if len(over) == 1 else toponym
            return replace(
                fitted, reasons=(*fitted.reasons, _reason(vote)), certain=vote >= self._limits.sure
            )
        kept = _log_odds(vote) >= self._asked(doc, toponym, words)
        return replace(toponym, reasons=(*toponym.reasons, _reason(vote))) if kept else None

    def _asked(self, doc: Tokenized, toponym: Toponym, words: int) -> float:
        """Return the log odds that the tagger must give a name of the dictionary."""
        limits = self._limits
        asked = _log_odds(limits.keep) - limits.short * max(0.0, 1.0 - words / limits.full)
        if toponym.last - toponym.first > 1:
            asked -= limits.multiple
        if any(name.place.country in ARAB_STATES for name in toponym.names):
            asked -= limits.home
        return asked - limits.headed if self._headed(doc, toponym.first) else asked

    def _fit(
        self,
        doc: Tokenized,
        toponym: Toponym,
        span: tuple[int, int],
        hits: Mapping[int, Sequence[Toponym]],
        words: int,
    ) -> Toponym:
        """Reconcile the two extents: a longer name around it, or the short form of the same place."""
        first, last = self._without_head(doc, span)
        if first == toponym.first and last < toponym.last:
            return _short_form(toponym, hits.get(first, ()), last) if words >= self._limits.full else toponym
        if first > toponym.first or last < toponym.last or not joined(doc.tokens, first, last):
            return toponym
        if first < toponym.first and toponym.clitics:
            return toponym
        start = doc.tokens[first].start if first < toponym.first else toponym.start
        end = doc.tokens[last - 1].end if last > toponym.last else toponym.end
        return replace(toponym, first=first, last=last, start=start, end=end)

    def _alone(
        self,
        doc: Tokenized,
        span: tuple[int, int],
        place: np.ndarray,
        hits: Mapping[int, Sequence[Toponym]],
    ) -> Toponym | None:
        """Return what only the tagger sees, with the names of the longest part that the gazetteer knows."""
        first, last = self._without_head(doc, span)
        if first >= last:
            return None
        vote = float(place[first:last].max())
        inside = [hit for at in range(first, last) for hit in hits.get(at, ()) if hit.last <= last]
        inside = [hit for hit in inside if hit.names and not hit.demonym]
        best = max(inside, key=lambda hit: (hit.last - hit.first, _weight(hit)), default=None)
        sure = vote >= self._limits.sure
        if best is None:
            bare = make_toponym(doc, (first, last), Split("", doc.tokens[first].key, 0), ())
            reason = "not in the gazetteer"
            return replace(bare, reasons=(_reason(vote), reason), certain=sure)
        start = best.start if best.first == first else doc.tokens[first].start
        clitics = best.clitics if best.first == first else ""
        end = doc.tokens[last - 1].end if best.last < last else best.end
        reason = f"in the gazetteer; word frequency {best.zipf:.1f} against importance {best.importance:.1f}"
        return replace(
            best,
            first=first,
            last=last,
            start=start,
            end=end,
            clitics=clitics,
            reasons=(_reason(vote), reason),
            certain=sure,
        )

    def _without_head(self, doc: Tokenized, span: tuple[int, int]) -> tuple[int, int]:
        """Leave out the head word a span begins with (مدينة X): it is read as a cue, not as the name."""
        hit = self._heads.at(doc.tokens, span[0])
        return (hit.last, span[1]) if hit is not None and hit.last < span[1] else span

    def _headed(self, doc: Tokenized, first: int) -> bool:
        """Say whether the head word of a place or of a body stands right before a token."""
        if not first or not joined(doc.tokens, first - 1, first + 1):
            return False
        heads = (self._heads, self._bodies)
        return any(words.ending_at(doc.tokens, first) is not None for words in heads)


def _arabic_words(doc: Tokenized) -> int:
    """Count the words that tell the tagger something; markup and Latin words are not among them."""
    return sum(token.key >= "\u0600" for token in doc.tokens)


def _in_hashtag(doc: Tokenized, word: int) -> bool:
    """Say whether a word stands in a hashtag: the tagger learned from posts whose hashtags nobody marked."""
    while word and doc.tokens[word].gap == "_":
        word -= 1
    return "#" in doc.tokens[word].gap


def _short_form(toponym: Toponym, hits: Sequence[Toponym], last: int) -> Toponym:
    """Return the beginning of a name if it is a name of the same place, else the name."""
    places = {name.place.id for name in toponym.names}
    same = [hit for hit in hits if hit.last == last and any(name.place.id in places for name in hit.names)]
    return replace(max(same, key=_weight), reasons=toponym.reasons) if same else toponym


def _weight(hit: Toponym) -> float:
    """Return how much speaks for a reading of a word: the whole word is preferred to a cut one."""
    return hit.importance - (_CUT if hit.clitics else 0.0)


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1.0 - 1e-6)
    return math.log(bounded / (1.0 - bounded))


def _reason(vote: float) -> str:
    return f"the tagger holds it for a place with probability {vote:.2f}"


def place_spans(doc: Tokenized, likely: np.ndarray, least: float) -> list[tuple[int, int]]:
    """Return the runs of words that are part of a place name with some probability.

    Parameters
    ----------
    doc : Tokenized
    likely : numpy.ndarray
        Probabilities of `LABELS`, shape (tokens, 7).
    least : float

    Returns
    -------
    list of (int, int)
        Tokens ``[first, last)``; a word that rather begins a name than continues one begins a new run.
    """
    place = likely[:, _PLACE].sum(axis=1)
    spans: list[tuple[int, int]] = []
    for index in np.flatnonzero(place >= least).tolist():
        same_sentence = spans and doc.tokens[index].sentence == doc.tokens[index - 1].sentence
        begins = likely[index, _BEGIN] >= likely[index, _PLACE[1]]
        if same_sentence and spans[-1][1] == index and not begins:
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return spans
