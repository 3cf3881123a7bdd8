"""Write or check ``environment.yml`` for conda users, made from ``pyproject.toml``.

Usage: ``python tools/environment.py`` writes it; ``--check`` fails if it is not what would be written.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "environment.yml"
CONDA_NAMES = {"xxhash": "python-xxhash"}
"""Names that differ on conda-forge."""
BY_PIP = frozenset({"hijridate", "wordfreq"})
"""Small pure-Python packages taken with pip, whatever conda-forge holds."""


def render(project: dict[str, Any]) -> str:
    """Return the text of environment.yml: core and lab packages, then the project itself by pip."""
    metadata = project["project"]
    wanted = [*metadata["dependencies"], *metadata["optional-dependencies"]["lab"]]
    conda, pip = [], []
    for requirement in wanted:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name is None:
            raise SystemExit(f"pyproject.toml: {requirement!r} does not begin with a package name")
        if name[0] in BY_PIP:
            pip.append(requirement)
        else:
            conda.append(CONDA_NAMES.get(name[0], name[0]) + requirement[name.end() :])
    lines = [
        "# Made by `make lock` from pyproject.toml; do not edit.",
        "name: geo",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f'  - "python{metadata["requires-python"]}"',
        "  - pip",
        "  - nodejs",
        *(f'  - "{item}"' for item in sorted(conda)),
        "  - pip:",
        *(f'      - "{item}"' for item in sorted(pip)),
        '      - "-e ."',
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if the file is stale")
    arguments = parser.parse_args()
    text = render(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    if arguments.check:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            print("environment.yml: not what pyproject.toml says (run `make lock`)", file=sys.stderr)
            return 1
        return 0
    temporary = TARGET.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, TARGET)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
