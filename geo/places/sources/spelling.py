"""Make the names of a source into records: clean text, and a language that its script bears out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from geo.places.records import SourceName

ARABIC_TAGS = frozenset("ar ara arb arz ary arq apc apd acm acq acw acx aeb afb ajp ars ayl ayn abh".split())
"""Language codes of Arabic and its dialects (ISO 639-3: members of the macrolanguage ``ara``)."""
ENGLISH_TAGS = frozenset(("en", "eng"))
UNTAGGED = frozenset(("", "und", "mul", "zxx", "mis"))
"""Language codes that tell nothing about the language."""

_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0000-\u001f]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_PLAIN = re.compile(
    "[\u0621-\u063a\\s\u0641-\u0652\\s\u0653-\u0655\u0670\\s\u0671.\u0640"  # letters, harakat, tatweel
    "\u0660-\u0669\u060cA-Za-z0-9,'()/\u2013_-]+"
)
_NEVER_ARABIC = re.compile("\u0649[\u0621-\u064a]|(?:^|\\s)\u0626")
"""Alef maqsura inside a word, or hamza on ya at its start: Uyghur and Kurdish spelling."""
_OTHER_SCRIPT = re.compile("[\u0370-\u05ff\u0700-\u074f\u0780-\u089f\u0900-\u1dff\u2c00-\ua71f\ua800-\ufb4f]")
_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def clean(text: str) -> str:
    r"""Drop control and direction marks and surplus spaces; compose (NFC).

    Examples
    --------
    >>> clean(" Tobruk\u200f  port ")
    'Tobruk port'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join(_MARKS.sub(" ", text).split()))


def named(text: str, tag: str = "", kind: str = "variant") -> SourceName | None:
    """Return a name with the language that tag and script agree on, or nothing for other scripts.

    Parameters
    ----------
    text : str
        As the source spells it.
    tag : str
        Language code of the source: ISO 639-1, -2 or -3, a region after a hyphen is ignored.
    kind : str
        ``official``, ``variant``, ``historic`` or ``colloquial``.

    Returns
    -------
    SourceName or None
        Arabic script: ``ar`` if tagged Arabic, ``und`` if not tagged, else ``foreign``; always ``foreign``
        with letters that Arabic does not use. Latin script: ``en`` if tagged English, else ``latin``.

    Examples
    --------
    >>> named("طبرق", "ara"), named("Tobruk", "ara").lang, named("کرکوک", "ar").lang
    (SourceName(text='طبرق', lang='ar', kind='variant'), 'latin', 'foreign')
    >>> named("Тобрук", "ru") is None
    True
    """
    name = clean(text)
    code = tag.lower().replace("_", "-").partition("-")[0]
    if not name.isascii() and _ARABIC.search(name):
        if not _PLAIN.fullmatch(name) or _NEVER_ARABIC.search(name):
            return SourceName(name, "foreign", kind)
        if code in ARABIC_TAGS:
            return SourceName(name, "ar", kind)
        return SourceName(name, "und" if code in UNTAGGED or code in ENGLISH_TAGS else "foreign", kind)
    if not _LETTER.search(name) or (not name.isascii() and _OTHER_SCRIPT.search(name)):
        return None
    return SourceName(name, "en" if code in ENGLISH_TAGS else "latin", kind)


def distinct(names: Iterable[SourceName | None]) -> tuple[SourceName, ...]:
    """Return each spelling once: official names first, Arabic before English before the rest.

    Examples
    --------
    >>> distinct([named("Sirte"), None, named("Sirte", "en", "official"), named("سرت", "ar")])[0].lang
    'en'
    """
    kinds = {"official": 0, "variant": 1, "colloquial": 2, "historic": 3}
    langs = {"ar": 0, "en": 1, "und": 2, "latin": 3, "foreign": 4}
    best: dict[str, SourceName] = {}
    for name in sorted(
        (name for name in names if name is not None), key=lambda name: (kinds[name.kind], langs[name.lang])
    ):
        best.setdefault(name.text, name)
    return tuple(best.values())
