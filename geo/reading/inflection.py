"""Find verbs and nouns of the rule tables in running text, in every form they take.

An entry lists ``verbs`` ("perfect/imperfect stem"), ``nouns``, ``phrases`` and ``forms``. The rule table
``inflection`` says which letters the tenses, persons and suffixes put before and behind them, so that no
stem is ever guessed from a text: all forms are made beforehand and looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from geo.arabic import Token, article, clitic_splits, conjunctions, strict_key, table
from geo.arabic.rules import Entry
from geo.reading.words import joined

FINITE = frozenset({"perfect", "imperfect", "future", "purpose"})
"""The kinds of form that are finite verbs."""

_ALEF = "\N{ARABIC LETTER ALEF}"


@dataclass(frozen=True, slots=True)
class Form:
    """Hold one form a rule entry can take: its words as keys, its kind, the base it comes from.

    Attributes
    ----------
    keys : tuple of str
    kind : str
        ``perfect``, ``imperfect``, ``future``, ``purpose``, ``noun``, ``phrase`` or ``form``.
    base : str
        The word of the rule entry, as a key.
    entry : Entry
    """

    keys: tuple[str, ...]
    kind: str
    base: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold a form found in a text: tokens ``[first, last)``, proclitics, whether it has the article."""

    first: int
    last: int
    form: Form
    prefix: str
    article: bool

    @property
    def finite(self) -> bool:
        """Say whether the form is a finite verb."""
        return self.form.kind in FINITE


@lru_cache(maxsize=1 << 14)
def shapes(key: str) -> tuple[tuple[str, str, bool], ...]:
    """List the ways to read a word: (bare word, proclitics, whether it had the article).

    Examples
    --------
    >>> ("قصف", "و", True) in shapes("والقصف")
    True
    """
    found: dict[str, tuple[str, str, bool]] = {}
    for split in clitic_splits(key):
        found.setdefault(split.core, (split.core, split.prefix, False))
        if split.core.startswith(article()) and len(split.core) > 3:
            bare = split.core[2:]
            found.setdefault(bare, (bare, split.prefix, True))
    return tuple(found.values())


@lru_cache(maxsize=1 << 14)
def bare_words(key: str) -> frozenset[str]:
    """Return a word without its proclitics, article and the alef of the accusative, in every reading."""
    words = {shape[0] for shape in shapes(key)}
    return frozenset(words | {word[:-1] for word in words if word.endswith(_ALEF) and len(word) > 3})


def inflect(kind: str, base: str) -> frozenset[str]:
    """Return the keys of a word in one kind of form.

    Parameters
    ----------
    kind : str
        A kind of the rule table ``inflection``.
    base : str
        Perfect (third person masculine singular), imperfect stem without its prefix, or noun.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> "قصفت" in inflect("perfect", "قصف")
    True
    """
    keys: set[str] = set()
    for rule in _rules(kind):
        for ending in rule["endings"]:
            weak = bool(ending) and base[-1] in rule["weak_letters"]
            stem = (base[:-1] if weak else base) + ending
            plain = strict_key(stem)
            opened = (
                strict_key(stem[:-1]) + "\N{ARABIC LETTER TEH}"
                if stem.endswith("\N{ARABIC LETTER TEH MARBUTA}")
                else plain
            )
            for suffix in rule["suffixes"]:
                inner = (opened if suffix else plain) + suffix
                keys.update(prefix + inner for prefix in rule["prefixes"])
    return frozenset(keys)


@cache
def _rules(kind: str) -> tuple[Entry, ...]:
    """Return the rules of a kind of form; their affixes are keys as they stand."""
    return tuple(rule for rule in table("inflection") if rule["kind"] == kind)


def _forms(entry: Entry) -> Iterator[Form]:
    for verb in entry.get("verbs", ()):
        perfect, _, imperfect = verb.partition("/")
        for kind, stem in (
            ("perfect", perfect),
            ("imperfect", imperfect),
            ("future", imperfect),
            ("purpose", imperfect),
        ):
            head, *tail = stem.split()
            rest = tuple(map(strict_key, tail))
            for key in inflect(kind, head):
                yield Form((key, *rest), kind, strict_key(perfect), entry)
    for noun in entry.get("nouns", ()):
        bare = strict_key(noun).removeprefix(article()) if len(strict_key(noun)) > 4 else strict_key(noun)
        for key in inflect("noun", noun) | {bare}:
            yield Form((key,), "noun", bare, entry)
    for name in ("phrases", "forms"):
        for phrase in entry.get(name, ()):
            keys = tuple(strict_key(phrase).split())
            yield Form(keys, "phrase" if name == "phrases" else "form", " ".join(keys), entry)


class Lexicon:
    """Find the forms of rule entries in tokens.

    Parameters
    ----------
    entries : iterable of Entry

    Examples
    --------
    >>> from geo.arabic import tokenize
    >>> lexicon = Lexicon.of_table("light_verb")
    >>> lexicon.at(tokenize("نفذت تدريبات").tokens, 0)[0].form.kind
    'perfect'
    """

    __slots__ = ("_index",)

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Make every form once and index it by its first word."""
        index: dict[str, list[Form]] = {}
        for entry in entries:
            for form in _forms(entry):
                index.setdefault(form.keys[0], []).append(form)
        for forms in index.values():
            forms.sort(key=lambda form: -len(form.keys))
        self._index: Mapping[str, Sequence[Form]] = index

    @classmethod
    def of_table(cls, name: str) -> Lexicon:
        """Return the lexicon of a rule table, built once per process."""
        return _of_table(name)

    def at(self, tokens: Sequence[Token], index: int) -> list[Hit]:
        """Return the forms that begin at a token, longest first, then in the order of the rules.

        Verbs and fixed forms bear at most a conjunction; nouns and phrases any proclitic and the article.
        """
        hits: list[Hit] = []
        for bare, prefix, definite in shapes(tokens[index].key):
            for form in self._index.get(bare, ()):
                strict = form.kind in FINITE or form.kind == "form"
                if strict and (prefix.strip(conjunctions()) or (definite and form.kind != "form")):
                    continue
                last = index + len(form.keys)
                if last == index + 1 or _follows(tokens, index, form.keys):
                    hits.append(Hit(index, last, form, prefix, definite))
        hits.sort(key=lambda hit: hit.first - hit.last)
        return hits

    def finite_words(self) -> frozenset[str]:
        """Return the finite verbs of one word, as keys."""
        forms = (form for forms in self._index.values() for form in forms)
        return frozenset(form.keys[0] for form in forms if form.kind in FINITE and len(form.keys) == 1)

    def has(self, tokens: Sequence[Token], index: int) -> bool:
        """Say whether any form begins at a token."""
        return bool(self.at(tokens, index))

    def ending_at(self, tokens: Sequence[Token], last: int, first: int) -> Hit | None:
        """Return the longest form whose last word stands just before token ``last``, not before ``first``."""
        for start in range(max(first, last - 3), last):
            for hit in self.at(tokens, start):
                if hit.last == last:
                    return hit
        return None


def _follows(tokens: Sequence[Token], index: int, keys: tuple[str, ...]) -> bool:
    last = index + len(keys)
    if last > len(tokens) or not joined(tokens, index, last):
        return False
    return all(
        token.key == key or token.key == article() + key
        for token, key in zip(tokens[index + 1 : last], keys[1:], strict=True)
    )


@cache
def _of_table(name: str) -> Lexicon:
    return Lexicon(table(name))


@cache
def cue_words(name: str) -> frozenset[str]:
    """Return the words of a named ``cue_set`` or ``generic_context`` as bare keys."""
    entries = [*table("cue_set"), *table("generic_context")]
    return _bare([form for entry in entries if entry["name"] == name for form in entry["forms"]])


@lru_cache(maxsize=4096)
def cue_keys(forms: tuple[str, ...]) -> frozenset[str]:
    """Return the bare keys of a list of cue words, ``@name`` standing for a whole set.

    Examples
    --------
    >>> "طائره" in cue_keys(("@aircraft",))
    True
    """
    keys = _bare([form for form in forms if not form.startswith("@")])
    return keys.union(*(cue_words(form[1:]) for form in forms if form.startswith("@")))


def _bare(forms: Iterable[str]) -> frozenset[str]:
    keys = {strict_key(form) for form in forms}
    return frozenset(key[2:] if key.startswith(article()) and len(key) > 4 else key for key in keys)
