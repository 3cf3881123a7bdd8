"""Say what the gazetteer holds, and check it: the commands `geo gazetteer ...`."""

from __future__ import annotations

import json

import click

from geo.cli.session import Session, checked, open_gazetteer


@click.group("gazetteer")
def gazetteer_group() -> None:
    """Say what the gazetteer holds, and check that it is whole."""


@gazetteer_group.command("info")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@checked
def info_command(session: Session, as_json: bool) -> None:
    """Print the gazetteer's version, sources, licences and counts."""
    info = open_gazetteer(session).info()
    if as_json:
        click.echo(json.dumps(info, ensure_ascii=False, default=str))
        return
    click.echo(f"gazetteer {info['version']}, rules {info['rules_version']}, in {info['folder']}")
    for name, count in info["counts"].items():
        if isinstance(count, int):
            click.echo(f"{count:>9,}  {name.replace('_', ' ')}")
    click.echo("sources:")
    for key, source in info["sources"].items():
        click.echo(f"{source['rows_kept']:>9,}  {key}: {source['version']}, {source['licence']}")


@gazetteer_group.command("verify")
@checked
def verify_command(session: Session) -> None:
    """Check the gazetteer's files against their hashes and counts; exit code 3 if they disagree."""
    gazetteer = open_gazetteer(session)
    gazetteer.verify()
    click.echo("the gazetteer is whole")
