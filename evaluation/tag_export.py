"""Turn a trained tagger into the files of the package: numbers under hashes, skeletons, a card."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tag_crf import Model

from geo.places import Gazetteer, NameRow
from geo.reading.skeletons import LEAST, Skeletons
from geo.reading.tagger import POST, PROSE, SCHEMA_VERSION, hash_of
from geo.reading.toponyms import Name, importance

_VOWELS = "اويىءئؤآةأإ"
_SOUNDS = {
    "g": "جغگڭچ",
    "k": "قكک",
    "t": "طتث",
    "s": "صسزژ",
    "d": "ضدذظ",
    "b": "بپ",
    "f": "فڤ",
    "c": "ش",
    "x": "خ",
    "h": "حه",
    "l": "ل",
    "m": "م",
    "n": "ن",
    "r": "ر",
    "3": "ع",
}
_SILENT_ENDINGS = "هة"
_LATIN = (
    *(("tsch", "1"), ("tch", "1"), ("sch", "2"), ("sh", "2"), ("ch", "1"), ("kh", "x"), ("gh", "g")),
    *(("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "sy")),
    *(("c", "k"), ("q", "k"), ("j", "g"), ("z", "s"), ("p", "b"), ("v", "f"), ("1", "tc"), ("2", "c")),
)
_KEPT = frozenset("bgktsdfcxhlmnr")
_KNOWN_ARABIC, _KNOWN_LATIN = 1.85, 2.2
_STAMP = (1980, 1, 1, 0, 0, 0)


def skeleton_tables(gazetteer: Gazetteer) -> dict[str, Any]:
    """Return the skeletons of well-known names: Arabic names, and Latin ones of places without."""
    letters = {ord(letter): "" for letter in _VOWELS}
    letters |= {ord(letter): sound for sound, row in _SOUNDS.items() for letter in row}
    reader = Skeletons(letters, frozenset(_SILENT_ENDINGS), {}, {})
    ids = [gazetteer.place(row).id for row in range(len(gazetteer))]
    rows = [name for place_id in ids for name in gazetteer.names_of(place_id)]
    named = {row.place for row in rows if row.lang in ("ar", "und")}
    arabic: dict[str, int] = {}
    latin: dict[str, int] = {}
    for row in rows:
        if row.lang in ("ar", "und"):
            skeleton = "".join(map(reader.of_word, row.key.split()))
            _keep(arabic, skeleton, _known(gazetteer, row, row.lang), _KNOWN_ARABIC)
        elif row.lang in ("en", "latin") and row.place not in named:
            _keep(latin, latin_skeleton(row.name), _known(gazetteer, row, "ar"), _KNOWN_LATIN)
    return {
        "letters": {str(point): sound for point, sound in sorted(letters.items())},
        "endings": _SILENT_ENDINGS,
        "arabic": dict(sorted(arabic.items())),
        "latin": dict(sorted(latin.items())),
    }


def _known(gazetteer: Gazetteer, row: NameRow, lang: str) -> float:
    return importance(Name(gazetteer.place(row.place), row.name, lang, row.kind))


def _keep(table: dict[str, int], skeleton: str, known: float, least: float) -> None:
    if known >= least and len(skeleton) >= LEAST:
        table[skeleton] = max(table.get(skeleton, 0), int(known * 2))


def latin_skeleton(name: str) -> str:
    """Return the skeleton of a name in Latin letters, in the classes that Arabic letters have.

    Examples
    --------
    >>> latin_skeleton("New Orleans")
    'nrlns'
    """
    sounds = name.lower()
    for written, sound in _LATIN:
        sounds = sounds.replace(written, sound)
    single = "".join(one for one, before in zip(sounds, " " + sounds, strict=False) if one != before)
    return "".join(letter for letter in single if letter in _KEPT)


def arrays_of(
    names: Sequence[str], states: Mapping[str, np.ndarray], model: Model, least: float = 0.5
) -> dict[str, np.ndarray]:
    """Pack the weights: int8 steps of one size, attributes sorted by hash, those near zero left out.

    Parameters
    ----------
    names : sequence of str
        Attributes in the order of the rows of ``states``.
    states : Mapping[str, numpy.ndarray]
        By kind of text, shape (attributes, 7).
    model : Model
        Gives the transitions.
    least : float
        Attributes are left out whose largest weight is below this many steps.

    Returns
    -------
    dict of str to numpy.ndarray
    """
    both = np.hstack([states[PROSE], states[POST]])
    step = float(np.abs(both).max()) / 127
    kept = np.flatnonzero(np.abs(both).max(axis=1) >= least * step)
    hashes = np.array([hash_of(names[row]) for row in kept], dtype=np.uint64)
    order = np.argsort(hashes)
    kept = kept[order]
    return {
        "hashes": hashes[order],
        "step": np.array(step, dtype=np.float32),
        PROSE: np.rint(states[PROSE][kept] / step).astype(np.int8),
        POST: np.rint(states[POST][kept] / step).astype(np.int8),
        "transitions": model.transitions.astype(np.float32),
        "first": model.first.astype(np.float32),
        "last": model.last.astype(np.float32),
    }


def write_model(
    folder: Path,
    arrays: Mapping[str, np.ndarray],
    skeletons: Mapping[str, Any],
    families: Mapping[str, np.ndarray],
    card: Mapping[str, Any],
) -> dict[str, Any]:
    """Write the files of a model, byte for byte the same for the same numbers.

    Returns
    -------
    dict
        The card with the sizes and hashes of the files, and the version made of the date and the hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "tagger.npz": _archive(arrays),
        "families.npz": _archive(families),
        "skeletons.json": _json(skeletons),
    }
    listed = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in content.items()
    }
    full = {"schema_version": SCHEMA_VERSION, **card, "files": listed}
    full["version"] = f"{card['date']}-{listed['tagger.npz']['sha256'][:8]}"
    content["card.json"] = (json.dumps(full, ensure_ascii=False, indent=1) + "\n").encode()
    for name, data in content.items():
        temporary = folder / f"{name}.tmp"
        temporary.write_bytes(data)
        os.replace(temporary, folder / name)
    return full


def _archive(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an npz archive without dates."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _STAMP), member.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
