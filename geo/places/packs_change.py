"""Add packs to the user's data folder and remove them: whole or not at all, one at a time.

A pack is built in a folder whose name begins with a dot, which nobody reads; its files are synced to disk,
and one rename makes it a pack. Whatever an interrupted run leaves behind is removed by the next change.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow.compute as pc

from geo.errors import GazetteerError, InputError
from geo.places.gazetteer import default_folder
from geo.places.layers import Layer, Links
from geo.places.layers_links import fingerprint, write_links
from geo.places.layers_merge import decide
from geo.places.packs import (
    Opening,
    letters_of,
    open_layers,
    open_pack,
    pack_folders,
    pack_name,
    pack_number,
    packs_folder,
)
from geo.places.records import BadRow, Importer, SourceFacts, SourcePlace
from geo.places.store import SCHEMA_VERSION, Store
from geo.places.writing import Spool, fault, save
from geo.tables.files import lock

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Added:
    """Say what became of a source.

    Attributes
    ----------
    name : str
        Of the pack.
    folder : Path
    places, names : int
        In the pack.
    known : int
        Places that lower layers had: their names were added to these.
    rejected : int
        Rows left out; they are listed in ``rejects.tsv`` in the folder.
    first_rejected : tuple of BadRow
        A few of them.
    shared : Mapping[str, int]
        How many ids another pack has too, by the name of that pack; the rows of the higher one count.
    """

    name: str
    folder: Path
    places: int
    names: int
    known: int
    rejected: int
    first_rejected: tuple[BadRow, ...] = ()
    shared: Mapping[str, int] = field(default_factory=dict)


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of packs, and clean up what interrupted runs have left.

    The system drops the lock when its holder ends, however it ends.

    Raises
    ------
    GazetteerError
        If another process changes the packs, or the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / ".lock").open("a+b")
    except OSError as error:
        raise GazetteerError(
            f"{folder}: cannot be written to ({error}); name another folder in GEO_HOME"
        ) from error
    with stream:
        try:
            lock(stream, wait=False)
        except OSError as error:
            raise GazetteerError(
                f"{folder}: another process is adding or removing a pack; wait until it is done"
            ) from error
        _clean(folder)
        yield


def _clean(folder: Path) -> None:
    """Remove half-built packs, removed ones, and those that a newer one of the same name replaced."""
    current = set(pack_folders())
    for entry in folder.iterdir():
        left = entry.name.startswith((".building-", ".removed-"))
        replaced = entry not in current and pack_number(entry) > 0
        if entry.is_dir() and (left or replaced):
            shutil.rmtree(entry, ignore_errors=True)


def add_pack(
    importer: Importer,
    paths: Sequence[Path],
    *,
    name: str = "",
    licence: str = "",
    command: Sequence[str] = (),
    base: Path | None = None,
    progress: Callable[[int], object] = lambda count: None,
    options: Mapping[str, str] | None = None,
) -> Added:
    """Read a source and make a pack of it, in place of the pack of the same name if there is one.

    Parameters
    ----------
    importer : Importer
    paths : sequence of Path
        Files of the source.
    name : str
        Of the pack; made of source and first file if empty.
    licence : str
        Of the data, where it is not the one the source states.
    command : sequence of str
        What the user typed, kept to say how the pack is made again.
    base : Path, optional
        Folder of the artefact below; the shipped one by default.
    progress : callable
        Told every now and then how many places were read.
    options : mapping of str to str, optional
        Of the importer.

    Raises
    ------
    InputError
        If a file cannot be read, or no row of it could be taken.
    GazetteerError
        If the data folder cannot be written to, or another process is changing it.
    """
    options = options or {}
    facts = importer.facts(paths, **options)
    base = base or default_folder()
    home = packs_folder()
    with changing(home):
        chosen = _free_name(name or default_name(facts.key, paths), base)
        building = home / f".building-{chosen}"
        building.mkdir()
        try:
            rows = importer.read(paths, **options)
            made = _built(building, chosen, facts, rows, base, progress)
            lower = [folder for folder in pack_folders() if pack_name(folder) != chosen]
            _finished(building, made, licence, command, base)
            layers = open_layers(Opening(base, tuple(lower)))
            store = open_pack(building)
            links = decide(store, layers)
            write_links(building / f"links-{fingerprint(layers)}.arrow", links)
            number = max([pack_number(folder) for folder in pack_folders()], default=0) + 1
            folder = home / f"{number:04d}-{chosen}"
            shared = _shared(store, layers[1:])
            _sync(building)
            building.rename(folder)
            _sync(home)
            _clean(home)
        except OSError as error:
            raise GazetteerError(
                f"{home}: the pack cannot be written ({error}); make room, or name another folder in GEO_HOME"
            ) from error
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return _added(folder, made, links, shared)


def default_name(key: str, paths: Sequence[Path]) -> str:
    """Return a name for a pack made of its source and its first file.

    Examples
    --------
    >>> default_name("geonames", [Path("dumps/LY.zip")])
    'geonames-ly'
    """
    stem = paths[0].name.split(".")[0] if paths else ""
    told = stem if stem.lower().startswith(key) else f"{key}-{stem}"
    name = re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
    return name[:60] or "pack"


def _free_name(name: str, base: Path) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no name for a pack; give small letters, digits, '-', '_' or '.', 63 at most"
        )
    if name in Store(base).provenance.get("sources", {}):
        raise InputError(f"{name!r} is the name of a source of the shipped gazetteer; give another --name")
    return name


@dataclass(slots=True)
class _Made:
    """Hold what is known of a pack while it is being made."""

    name: str
    facts: SourceFacts
    places: int = 0
    names: int = 0
    rejected: int = 0
    first_rejected: list[BadRow] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def _built(
    folder: Path,
    name: str,
    facts: SourceFacts,
    rows: Iterator[SourcePlace | BadRow],
    base: Path,
    progress: Callable[[int], object],
) -> _Made:
    """Write the tables of a pack into a folder."""
    made = _Made(name, facts)
    work = folder / "work"
    work.mkdir()
    spool = Spool(work)
    with (folder / "rejects.tsv").open("w", encoding="utf-8", newline="\n") as rejects:
        rejects.write("file\trow\treason\ttext\n")
        for row in rows:
            refused = row if isinstance(row, BadRow) else _refused(row)
            if refused is not None:
                _reject(made, rejects, refused)
            else:
                assert isinstance(row, SourcePlace)
                spool.add(row, name)
                if spool.taken % 10_000 == 0:
                    progress(10_000)
        for number, place_id in spool.repeated():
            reason = f"place {number + 1} has an id that was given before; the first row stands"
            _reject(made, rejects, BadRow("", 0, reason, place_id))
    for table, columns in spool.tables():
        made.places = len(columns["id"]) if table == "places" else made.places
        made.names = len(columns["key"]) if table == "names" else made.names
        save(folder / f"{table}.arrow", columns)
    made.counts = dict(sorted(spool.counts.items()))
    spool.close()
    work.rmdir()
    if not made.places:
        first = f"; the first: {made.first_rejected[0].reason}" if made.first_rejected else ""
        raise InputError(f"no place could be read from the source ({made.rejected} rows rejected{first})")
    return made


def _refused(place: SourcePlace) -> BadRow | None:
    reason = fault(place)
    return BadRow("", 0, reason, place.id) if reason else None


def _reject(made: _Made, stream: IO[str], row: BadRow) -> None:
    cells = (row.file, str(row.row or ""), row.reason, row.text[:_SHOWN])
    stream.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
    made.rejected += 1
    if len(made.first_rejected) < 5:
        made.first_rejected.append(row)


def _finished(building: Path, made: _Made, licence: str, command: Sequence[str], base: Path) -> None:
    """Write ``provenance.json``, which makes the files an artefact."""
    below = Store(base)
    facts = made.facts
    files = {path.name: _described(path) for path in sorted(building.iterdir())}
    content = "".join(f"{name}{entry['sha256']}" for name, entry in files.items())
    source = {
        "name": facts.title, "version": facts.version, "licence": licence or facts.licence,
        "attribution": facts.attribution, "url": facts.url, "date": facts.version,
        "rows_in": made.places + made.rejected, "rows_kept": made.places, "importer": facts.key,
    }  # fmt: skip
    again = shlex.join(command) if command else f"geo gazetteer add {facts.key} FILE... --name {made.name}"
    content_hash = hashlib.sha256(content.encode()).hexdigest()[:8]
    provenance = {
        "schema_version": SCHEMA_VERSION,
        "pack": made.name,
        "version": f"{facts.version or 'undated'}+{content_hash}",
        "rules_version": str(below.provenance["rules_version"]),
        "letters": letters_of(below),
        "command": again,
        "repair": (
            f"run `geo gazetteer remove {made.name}`, then `{again}`; "
            "or leave packs out: `geo --no-packs ...`"
        ),
        "sources": {made.name: source},
        "counts": {"places": made.places, "names": made.names, "rejected": made.rejected, **made.counts},
        "files": files,
    }
    path = building / "provenance.json"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {
            "bytes": path.stat().st_size,
            "sha256": hashlib.file_digest(stream, "sha256").hexdigest(),
        }


def _sync(folder: Path) -> None:
    """Sync the names in a folder to disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shared(store: Store, packs: Sequence[Layer]) -> dict[str, int]:
    """Return how many ids of a pack other packs have too."""
    ids = store.column("places", "id")
    shared = {}
    for layer in packs:
        count = int(np.sum(np.asarray(pc.is_in(ids, layer.store.column("places", "id")))))
        if count:
            shared[layer.name] = count
    return shared


def _added(folder: Path, made: _Made, links: Links, shared: Mapping[str, int]) -> Added:
    return Added(
        made.name, folder, made.places, made.names, len(links), made.rejected, tuple(made.first_rejected),
        shared,
    )  # fmt: skip


def remove_pack(name: str) -> Path:
    """Remove a pack by its name; it need not be whole. Return the folder it was in.

    Raises
    ------
    GazetteerError
        If there is no such pack.
    """
    home = packs_folder()
    with changing(home):
        folders = {pack_name(folder): folder for folder in pack_folders()}
        if name not in folders:
            known = ", ".join(sorted(folders)) or "none"
            raise GazetteerError(f"no pack {name!r} in {home}; there are: {known}")
        removed = home / f".removed-{folders[name].name}"
        folders[name].rename(removed)
        _sync(home)
        _clean(home)
    return folders[name]


def listed() -> list[dict[str, Any]]:
    """Return name, folder and provenance of each pack, the lowest first; ``error`` of broken ones."""
    packs: list[dict[str, Any]] = []
    for folder in pack_folders():
        entry: dict[str, Any] = {"name": pack_name(folder), "folder": str(folder)}
        try:
            entry |= open_pack(folder).provenance
        except GazetteerError as error:
            entry["error"] = str(error)
        packs.append(entry)
    return packs
