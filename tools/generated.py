"""Keep generated files: write one whole, or say that it is stale."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def keep(target: Path, content: str, about: str | None) -> int:
    """Run the command line of a script that makes one file.

    Parameters
    ----------
    target : Path
    content : str
        What the file should hold.
    about : str or None
        The script's docstring, shown as help.

    Returns
    -------
    int
        Exit code: 1 if ``--check`` was given and the file holds something else.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")
    if parser.parse_args().check:
        fresh = target.is_file() and target.read_text(encoding="utf-8") == content
        if not fresh:
            print(f"{target.name} is stale: run `python {sys.argv[0]}`", file=sys.stderr)
        return 0 if fresh else 1
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(content, encoding="utf-8", newline="\n")
    os.replace(temporary, target)
    return 0
