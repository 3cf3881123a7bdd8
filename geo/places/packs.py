"""Find and open what the user has added to the gazetteer: packs and corrections, in a data folder.

The folder is ``$GEO_HOME``, or the one the system keeps for the user's data. A pack is a folder
``packs/NUMBER-NAME`` in the format of the shipped artefact; a higher number lies above a lower one. Only a
rename puts a folder under such a name, so what is found there is whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import GazetteerError
from geo.places.layers import Layer
from geo.places.layers_links import stored_links
from geo.places.store import Store

_PACK = re.compile(r"(\d{4,})-([a-z0-9][a-z0-9_.-]*)")
ALONE = "or leave packs out: `geo --no-packs ...`, `Gazetteer.open(packs=[])`"


def data_folder() -> Path:
    """Return the folder of the user's packs and corrections; it need not be there.

    ``GEO_HOME`` in the environment names another one than the system's.
    """
    home = os.environ.get("GEO_HOME")
    if home:
        return Path(home)
    from platformdirs import user_data_path

    return user_data_path("arabic-geo", appauthor=False)


def packs_folder() -> Path:
    """Return the folder that holds the packs."""
    return data_folder() / "packs"


def pack_name(folder: Path) -> str:
    """Return the name of a pack by its folder.

    Examples
    --------
    >>> pack_name(Path("packs/0002-geonames-ly"))
    'geonames-ly'
    """
    match = _PACK.fullmatch(folder.name)
    return match.group(2) if match else folder.name


def pack_number(folder: Path) -> int:
    """Return the number of a pack by its folder: its height above the shipped artefact; 0 for others."""
    match = _PACK.fullmatch(folder.name)
    return int(match.group(1)) if match else 0


def pack_folders() -> list[Path]:
    """Return the folders of the packs of the data folder, the lowest first, one a name.

    Two folders of one name are left behind where a replacement was interrupted; the newer one counts.
    """
    try:
        with os.scandir(packs_folder()) as entries:
            found = [Path(entry.path) for entry in entries if _PACK.fullmatch(entry.name)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GazetteerError(f"{packs_folder()}: cannot be listed ({error}); {ALONE}") from error
    newest = {pack_name(folder): folder for folder in sorted(found, key=pack_number)}
    return sorted(newest.values(), key=pack_number)


def pack_folder(name: str) -> Path:
    """Return the folder of a pack by its name.

    Raises
    ------
    GazetteerError
        If there is no such pack; those there are are named.
    """
    folders = {pack_name(folder): folder for folder in pack_folders()}
    if name not in folders:
        known = ", ".join(sorted(folders)) or "none"
        raise GazetteerError(f"no pack {name!r} in {packs_folder()}; there are: {known}")
    return folders[name]


@dataclass(frozen=True, slots=True)
class Opening:
    """Hold what a gazetteer is opened from: enough to open it again in another process.

    Attributes
    ----------
    base : Path
        Folder of the shipped artefact, or of another one.
    packs : tuple of Path
        Folders of packs, the lowest first.
    overlay : Path or None
        Table of the user's corrections.
    """

    base: Path
    packs: tuple[Path, ...] = ()
    overlay: Path | None = None

    @classmethod
    def of(cls, base: Path, packs: Sequence[str | Path] | None, overlay: str | Path | None) -> Opening:
        """Return what is to be opened: by default every pack and the corrections of the data folder."""
        if packs is None:
            folders = pack_folders()
        else:
            given = [packs] if isinstance(packs, str) else packs
            folders = [pack_folder(str(pack)) if _is_name(pack) else Path(pack) for pack in given]
        if overlay is not None:
            return cls(base, tuple(folders), Path(overlay))
        own = data_folder() / "overlay.csv"
        used = (packs is None or folders) and own.is_file()
        return cls(base, tuple(folders), own if used else None)


def _is_name(pack: str | Path) -> bool:
    """Say whether a pack is given by its name, not by its folder."""
    return isinstance(pack, str) and Path(pack).name == pack


def open_pack(folder: Path) -> Store:
    """Open the files of one pack.

    Raises
    ------
    GazetteerError
        If one is missing, truncated or damaged: the file is named, and the command that repairs the pack.
    """
    name = pack_name(folder)
    return Store(folder, repair=f"run `geo gazetteer remove {name}` and add the pack again; {ALONE}")


def open_layers(settings: Opening) -> list[Layer]:
    """Open the artefact, each pack above it, and the corrections on top, the lowest first.

    Raises
    ------
    GazetteerError
        If a file is missing, damaged, or of another schema version.
    InputError
        If the table of corrections cannot be read.
    """
    layers = [Layer(Store(settings.base))]
    if not settings.packs and settings.overlay is None:
        return layers
    for folder in settings.packs:
        store = open_pack(folder)
        _same_rules(layers[0].store, store)
        links = stored_links(store, layers)
        layers.append(Layer(store, layers[-1].end_place, layers[-1].end_name, links))
    if settings.overlay is not None:
        from geo.places.overlay import overlay_layer

        layers.append(overlay_layer(settings.overlay, layers))
    return layers


def _same_rules(base: Store, pack: Store) -> None:
    """Refuse a pack whose keys were made by other rules of spelling: its names would not be found."""
    made, now = pack.provenance.get("letters"), letters_of(base)
    if made and now and made != now:
        raise GazetteerError(
            f"{pack.folder}: made with other rules of spelling than those of {base.folder}; {pack.repair}"
        )


def letters_of(base: Store) -> str:
    """Return the hash of the rules by which the keys of an artefact are spelled, or empty."""
    rules = base.provenance.get("rules")
    return str(rules.get("letters.toml", "")) if isinstance(rules, dict) else ""
