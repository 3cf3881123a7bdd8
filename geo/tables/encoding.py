"""Turn the bytes of a text file into text, by a rule that can be told in four lines.

1. A byte-order mark decides: UTF-8, UTF-16 or UTF-32.
2. NUL bytes: UTF-16 if that makes nearly everything a letter, else the file is binary.
3. Valid UTF-8 is UTF-8.
4. Windows-1256 if nearly all bytes above 127 are then Arabic and stand side by side; else nothing is guessed.
"""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise

from geo.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a Word, Excel, ODF or ZIP file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "an RTF file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_SAMPLE = 65_536
_ENOUGH = 0.9


def decode(raw: bytes, *, iso_8859_6: bool = False) -> tuple[str, str]:
    """Return the text of a file and the encoding it was read in.

    Parameters
    ----------
    raw : bytes
    iso_8859_6 : bool
        Whether a text that is plainly ISO-8859-6 is read as such, and not refused: for tables, whose cells
        show at once if the guess was wrong.

    Returns
    -------
    text : str
        Without byte-order mark; newlines as they were.
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, ``utf-32``, ``cp1256`` or
        ``iso8859_6``.

    Raises
    ------
    InputError
        If the file is binary, or in none of these encodings.

    Examples
    --------
    >>> decode("حلب".encode("cp1256"))
    ('حلب', 'cp1256')
    """
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise InputError(f"it is {what}, not a text; save its text as UTF-8 and give that file")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding), encoding
    if b"\0" in raw:
        encoding = _wide(raw[:_SAMPLE])
        return _strictly(raw, encoding), encoding
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if iso_8859_6 and _looks_iso(raw) and _beside(iso := raw.decode("iso8859_6", "replace"), raw):
            return iso, "iso8859_6"
        return _windows(raw, error), "cp1256"
    if _controls(text) > 0.05:
        raise InputError("it is binary, not a text; give a text file")
    return text, "utf-8"


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"it begins like {encoding.upper()} and is damaged at byte {error.start}; save it anew as UTF-8"
        ) from error


def _wide(sample: bytes) -> str:
    """Return which UTF-16 a text without a mark is in."""
    even = sample[: len(sample) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = even.decode(encoding, "replace")
        good = sum(char.isspace() or char.isascii() or _is_arabic(char) for char in text)
        if text and good / len(text) > _ENOUGH and _controls(text) < 0.01:
            return encoding
    raise InputError("it is binary (it holds NUL bytes), not a text; give a text file")


def _windows(raw: bytes, error: UnicodeDecodeError) -> str:
    """Decode Windows-1256 where that is plain, else say where UTF-8 broke."""
    high = sum(byte > 127 for byte in raw)
    broken = raw.decode("utf-8", "replace").count("\ufffd")
    if broken <= max(1, high // 20) and high > 20:
        raise InputError(
            f"it is UTF-8, damaged at byte {error.start} ({broken} places); save it anew as UTF-8, whole"
        ) from error
    if _looks_iso(raw):
        raise InputError(
            "it seems to be ISO-8859-6; convert it: iconv -f ISO-8859-6 -t UTF-8 file > new.txt"
        ) from error
    text = raw.decode("cp1256", "replace")
    if not _beside(text, raw) or _controls(text) > 0.01:
        raise InputError(
            f"it is neither UTF-8 (byte {error.start}), UTF-16 nor Windows-1256; find out its encoding and "
            "convert it: iconv -f ENCODING -t UTF-8 file > new.txt"
        ) from error
    return text


def _looks_iso(raw: bytes) -> bool:
    """Say whether the article, "al-", occurs as ISO-8859-6 writes it, and hardly as Windows-1256 does."""
    return raw.count(b"\xc7\xe4") > 2 * raw.count(b"\xc7\xe1") + 1


def _beside(text: str, raw: bytes) -> bool:
    """Say whether nearly all bytes above 127 became Arabic letters that stand side by side."""
    high = sum(byte > 127 for byte in raw)
    arabic = [_is_arabic(char) for char in text]
    together = sum(left and right for left, right in pairwise(arabic))
    return sum(arabic) >= _ENOUGH * high and together >= sum(arabic) / 2


def _is_arabic(char: str) -> bool:
    """Say whether a character belongs to Arabic text: letters, marks, and the punctuation used with them."""
    return (
        "\u0600" <= char <= "\u06ff"
        or char in "\u00ab\u00bb\u200c\u200d\u200e\u200f\u2013\u2014\u201c\u201d\u2026\u00a0"
    )


def _controls(text: str) -> float:
    """Return the share of control characters, white space aside."""
    sample = text[:_SAMPLE]
    bad = sum(unicodedata.category(char) == "Cc" and not char.isspace() for char in sample)
    return bad / len(sample) if sample else 0.0
