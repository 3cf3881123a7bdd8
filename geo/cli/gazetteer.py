"""Say what the gazetteer holds, check it, and add to it: the commands `geo gazetteer ...`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.session import Session, checked, open_gazetteer, progress

if TYPE_CHECKING:
    from geo.places.packs_change import Added


@click.group("gazetteer")
def gazetteer_group() -> None:
    """Say what the gazetteer holds, check that it is whole, add packs of more places to it."""


@gazetteer_group.command("info")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@checked
def info_command(session: Session, as_json: bool) -> None:
    """Print version, sources, licences and counts of the gazetteer and of each pack."""
    info = open_gazetteer(session).info()
    if as_json:
        click.echo(json.dumps(info, ensure_ascii=False, default=str))
        return
    click.echo(f"gazetteer {info['version']}, rules {info['rules_version']}, in {info['folder']}")
    _print_layer(info)
    for pack in info["packs"]:
        click.echo(f"\npack {pack['pack']} {pack['version']}, in {pack['folder']}")
        _print_layer(pack)
        if pack["counts"].get("rejected"):
            click.echo(f"rejected rows: {Path(pack['folder']) / 'rejects.tsv'}")


def _print_layer(layer: dict[str, Any]) -> None:
    for name, count in layer["counts"].items():
        if isinstance(count, int):
            click.echo(f"{count:>9,}  {name.replace('_', ' ')}")
    click.echo("sources:")
    for key, source in layer["sources"].items():
        click.echo(f"{source['rows_kept']:>9,}  {key}: {source['version']}, {source['licence']}")
        if source.get("attribution"):
            click.echo(f"{'':>9}  {source['attribution']}")


@gazetteer_group.command("verify")
@checked
def verify_command(session: Session) -> None:
    """Check the files of the gazetteer and of all packs against their hashes; exit code 3 if they differ."""
    gazetteer = open_gazetteer(session)
    gazetteer.verify()
    packs = [pack["pack"] for pack in gazetteer.info()["packs"]]
    click.echo(f"the gazetteer is whole{', and so are ' if packs else ''}{', '.join(packs)}")


@gazetteer_group.command("add")
@click.argument("source")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the pack; made of source and file by default.")
@click.option("--licence", default="", help="Licence of the data, where the source states another one.")
@click.option(
    "-s", "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Option of the source, for instance the column that holds the name: name=Ort.",
)  # fmt: skip
@checked
def add_command(
    session: Session, source: str, files: tuple[Path, ...], name: str, licence: str, settings: tuple[str, ...]
) -> None:
    """Make a pack of FILES in the format of SOURCE; it is used from then on, beside the shipped gazetteer.

    SOURCE is geonames, whosonfirst, wikidata, osm, ocha, natural_earth, linked_places or csv. Rows that
    cannot be read are listed in rejects.tsv in the folder of the pack.
    """
    from geo.places.packs_change import add_pack
    from geo.places.sources import importer

    options = dict(_pair(setting) for setting in settings)
    if licence and source.lower() in ("csv", "table"):
        options.setdefault("licence", licence)
    paths = [path.absolute() for path in files]
    command = ["geo", "gazetteer", "add", source, *map(str, paths)]
    command += ["--name", name] if name else []
    command += ["--licence", licence] if licence else []
    command += [part for setting in settings for part in ("--set", setting)]
    with progress(session, " places") as step:
        added = add_pack(
            importer(source), paths, name=name, licence=licence, command=command, base=session.gazetteer,
            progress=step, options=options,
        )  # fmt: skip
    say_added(session, added)


def _pair(setting: str) -> tuple[str, str]:
    key, equals, value = setting.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(f"{setting!r}; expected KEY=VALUE", param_hint="--set")
    return key.strip().replace("-", "_"), value


def say_added(session: Session, added: Added) -> None:
    """Print what became of a source; every rejected row is in the file that is named."""
    click.echo(
        f"pack {added.name}: {added.places:,} places with {added.names:,} names, in {added.folder}; "
        f"{added.known:,} of them were known and got the names"
    )
    for pack, count in added.shared.items():
        session.say(f"{count:,} ids are in pack {pack} too; the rows of {added.name} count")
    for bad in added.first_rejected:
        where = f"{bad.file}, row {bad.row}: " if bad.file else ""
        session.say(f"rejected: {where}{bad.reason}: {bad.text[:80]}")
    if added.rejected:
        session.rejected += added.rejected
        session.say(f"{added.rejected:,} rows rejected; all are in {added.folder / 'rejects.tsv'}")


@gazetteer_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="As one JSON array.")
@checked
def list_command(session: Session, as_json: bool) -> None:
    """List the packs, the lowest first; exit code 3 if one is broken."""
    from geo.places.packs import packs_folder
    from geo.places.packs_change import listed

    packs = listed()
    if as_json:
        click.echo(json.dumps(packs, ensure_ascii=False, default=str))
    elif not packs:
        session.say(f"no packs in {packs_folder()}")
    else:
        for pack in packs:
            click.echo(_line(pack))
    if any("error" in pack for pack in packs):
        sys.exit(3)


def _line(pack: dict[str, Any]) -> str:
    if "error" in pack:
        return f"{pack['name']}: broken: {pack['error']}"
    counts, source = pack["counts"], next(iter(pack["sources"].values()))
    return (
        f"{pack['name']}: {source['name']} {source['version']}, {counts['places']:,} places, "
        f"{counts['names']:,} names, {source['licence']}"
    )


@gazetteer_group.command("remove")
@click.argument("name")
@checked
def remove_command(session: Session, name: str) -> None:
    """Remove the pack NAME, whole or broken."""
    from geo.places.packs_change import remove_pack

    click.echo(f"removed pack {name} from {remove_pack(name)}")
