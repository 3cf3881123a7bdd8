"""Speak the command line: parse the arguments, call the public API, print.

Results go to standard output or to files, messages and progress to standard error. Exit codes: 0 all done;
1 some input was rejected or an output could not be written, the rest is done; 2 the command was misused;
3 the gazetteer is missing or broken.
"""

from __future__ import annotations

from pathlib import Path

import click

from geo import __version__
from geo.cli.articles import parse_command
from geo.cli.drawing import map_command
from geo.cli.fetch import fetch_command
from geo.cli.gazetteer import gazetteer_group
from geo.cli.geocode import geocode_command, reverse_command
from geo.cli.names import lookup_command
from geo.cli.session import Session


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="geo")
@click.option("--gazetteer", type=click.Path(path_type=Path), help="Folder of another gazetteer artefact.")
@click.option("--no-packs", is_flag=True, help="Without the packs and corrections of the data folder.")
@click.option("--overlay", type=click.Path(path_type=Path), help="Table of corrections that win over all.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no summary.")
@click.pass_context
def main(
    context: click.Context, gazetteer: Path | None, no_packs: bool, overlay: Path | None, quiet: bool
) -> None:
    """Read Arabic news and put what happened on a map, with the evidence for every point.

    Exit codes: 0 all done; 1 some input was rejected, the rest is done; 2 the command was misused;
    3 the gazetteer is missing or broken.
    """
    context.obj = Session(gazetteer, quiet, packs=not no_packs, overlay=overlay)


main.add_command(parse_command)
main.add_command(map_command)
main.add_command(lookup_command)
main.add_command(geocode_command)
main.add_command(reverse_command)
main.add_command(gazetteer_group)
gazetteer_group.add_command(fetch_command)
