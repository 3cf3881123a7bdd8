"""Find the words that mean a country only where the text speaks of it: "the Kingdom".

No dictionary can tell which kingdom is meant, and most often it is an ordinary word. It becomes a name
where the other names of the text speak clearly for one of the countries that are called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.arabic import Split, Tokenized
from geo.places import Gazetteer
from geo.reading.resolve import Votes
from geo.reading.toponyms import Toponym, demonym_forms, make_toponym, names_at
from geo.reading.words import WordHit, WordList, joined

_CLEAR = 0.3
_MORE = 1.5


def add_context_names(
    doc: Tokenized, toponyms: Sequence[Toponym], votes: Votes, gazetteer: Gazetteer
) -> Sequence[Toponym]:
    """Return the toponyms and those words that mean the country of which the text speaks.

    Parameters
    ----------
    doc : Tokenized
    toponyms : sequence of Toponym
        What the recogniser found.
    votes : Votes
        What the names of the text speak for.
    gazetteer : Gazetteer

    Returns
    -------
    sequence of Toponym
        In text order, without overlap; the argument itself if there is nothing to add.

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> from geo.places import Gazetteer
    >>> doc = tokenize("\u0641\u064a \u0627\u0644\u0645\u0645\u0644\u0643\u0629")
    >>> jordan = Votes.count((), ["JO"], [])
    >>> [t.key for t in add_context_names(doc, (), jordan, Gazetteer.open())] == [doc.tokens[1].key]
    True
    """
    words = WordList.of_table("context_name")
    taken = {index for toponym in toponyms for index in range(toponym.first, toponym.last)}
    found = [
        _toponym(doc, hit, votes, gazetteer)
        for hit in words.find(doc.tokens, 0, len(doc.tokens))
        if hit.first not in taken and not _qualified(doc, hit)
    ]
    new = [toponym for toponym in found if toponym is not None]
    return sorted((*toponyms, *new), key=lambda toponym: toponym.first) if new else toponyms


def _qualified(doc: Tokenized, hit: WordHit) -> bool:
    """Say whether an adjective of a country behind the word says which one (المملكة المغربية)."""
    if hit.last >= len(doc.tokens) or not joined(doc.tokens, hit.last - 1, hit.last + 1):
        return False
    return doc.tokens[hit.last].key in demonym_forms()


def _toponym(doc: Tokenized, hit: WordHit, votes: Votes, gazetteer: Gazetteer) -> Toponym | None:
    cut = len(hit.prefix)
    key = doc.tokens[hit.first].key[cut:]
    names = tuple(name for name in names_at(gazetteer, gazetteer.find([key])[0]) if name.kind == "context")
    spoken = votes.without(key)
    shares = sorted((spoken.get(name.place.country, 0.0) for name in names), reverse=True)
    if not shares or shares[0] < _CLEAR or (len(shares) > 1 and shares[0] < _MORE * shares[1]):
        return None
    toponym = make_toponym(doc, (hit.first, hit.last), Split(hit.prefix, key, cut), names)
    reason = "a country called so is spoken of in the text"
    return replace(toponym, certain=True, reasons=(reason,))
