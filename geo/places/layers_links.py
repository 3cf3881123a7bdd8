"""Keep beside each pack which of its places are places of the layers below.

The decision (`geo.places.layers_merge`) depends on the layers below. It is stored under a name made of their
versions, and made again when these change.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from xxhash import xxh3_64_hexdigest

from geo.places.layers import Layer, Links
from geo.places.store import Store, view

_KEPT = 4
"""Decisions kept: for the layers below as they are now, and as they were asked for lately."""


def fingerprint(lower: Sequence[Layer]) -> str:
    """Return a short hash of the versions of some layers."""
    versions = "\n".join(str(layer.store.provenance["version"]) for layer in lower)
    return hashlib.sha256(versions.encode()).hexdigest()[:12]


def stored_links(store: Store, lower: Sequence[Layer]) -> Links:
    """Return the links of a pack to the layers below, decided anew if these have changed.

    The new decision is stored where the folder may be written to.
    """
    path = store.folder / f"links-{fingerprint(lower)}.arrow"
    links = read_links(path)
    if links is None:
        from geo.places.layers_merge import decide  # loads what is slow to load

        links = decide(store, lower)
        try:
            write_links(path, links)
            for old in sorted(store.folder.glob("links-*.arrow"), key=_age)[_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError:
            pass  # a pack of somebody else: the decision holds for this process
    return links


def _age(path: Path) -> float:
    return -path.stat().st_mtime


def read_links(path: Path) -> Links | None:
    """Return stored links, or nothing if there are none or the file is not what was written."""
    try:
        with pa.memory_map(str(path)) as source:
            batch = pa.ipc.open_file(source).get_batch(0)
            columns: list[np.ndarray] = [view(batch.column(name)) for name in ("place", "target", "same")]
    except (OSError, pa.ArrowException, KeyError):
        return None
    if (batch.schema.metadata or {}).get(b"content") != _content(columns):
        return None
    return Links(columns[0], columns[1], columns[2])


def write_links(path: Path, links: Links) -> None:
    """Write links into a file, whole or not at all."""
    columns: list[np.ndarray] = [links.place, links.target, links.same.astype(np.uint8)]
    batch = pa.record_batch([pa.array(column) for column in columns], names=["place", "target", "same"])
    batch = batch.replace_schema_metadata({b"content": _content(columns)})
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            with pa.ipc.new_file(stream, batch.schema) as writer:
                writer.write_batch(batch)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _content(columns: Sequence[np.ndarray]) -> bytes:
    return "-".join(xxh3_64_hexdigest(np.ascontiguousarray(column).data) for column in columns).encode()
