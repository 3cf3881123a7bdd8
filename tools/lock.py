"""Write or check the locks: every package pinned, with its hashes and without any address.

``requirements.lock`` holds what is installed (core, groups, and extras but `UNLOCKED`),
``requirements-build.lock`` what builds the package (the group ``build``), used only in the isolated build.

Usage: ``python tools/lock.py [--uv PATH]`` writes both (needs the network); ``--check`` says, without the
network, whether they still cover ``pyproject.toml`` and hold nothing but names, versions and hashes.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = ROOT / "requirements.lock"
BUILD = ROOT / "requirements-build.lock"
HEADER = "# Made by `make lock` from pyproject.toml; do not edit.\n"
UNLOCKED = frozenset({"transformers"})
"""Extras that are not locked: large packages that nothing here needs and that depend on the machine."""
LINE = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9.\-]*)==(?P<version>[A-Za-z0-9.!+]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?"
    r"|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
)


def requirements(project: dict[str, Any], lock: Path) -> Iterator[str]:
    """Yield the requirements of pyproject.toml that a lock must cover."""
    groups = project["dependency-groups"]
    if lock == BUILD:
        yield from project["build-system"]["requires"]
        yield from groups["build"]
        return
    yield from project["project"]["dependencies"]
    for extra in locked_extras(project):
        yield from project["project"]["optional-dependencies"][extra]
    for name, group in groups.items():
        if name != "build":
            yield from (item for item in group if isinstance(item, str))


def locked_extras(project: dict[str, Any]) -> list[str]:
    """Return the extras that are installed with everything else."""
    return sorted(set(project["project"].get("optional-dependencies", {})) - UNLOCKED)


def canonical(requirement: str) -> str:
    """Return the normalised package name of a requirement."""
    name = re.split(r"[\s\[<>=!~;(]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def satisfied(requirement: str, version: str) -> bool:
    """Say whether a locked version meets the plain bounds (``>=``, ``==``, ``<``) of a requirement."""
    found = _numbers(version)
    for operator, bound in re.findall(r"(>=|<=|==|!=|<|>)\s*([0-9][0-9.]*)", requirement.split(";")[0]):
        wanted = _numbers(bound)
        size = max(len(found), len(wanted))
        left, right = found + (0,) * (size - len(found)), wanted + (0,) * (size - len(wanted))
        verdicts = {
            ">=": left >= right,
            "<=": left <= right,
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            ">": left > right,
        }
        if not verdicts[operator]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0]))


def faults(wanted: Iterable[str], lock: str) -> list[str]:
    """List what is wrong with the text of a lock; an empty list means that it may be used."""
    found: list[str] = []
    versions: dict[str, set[str]] = {}
    for number, line in enumerate(lock.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        match = LINE.fullmatch(line)
        if match is None:
            found.append(f"line {number} is neither a pinned name nor a hash: {line[:80]!r}")
        elif match["name"]:
            versions.setdefault(match["name"], set()).add(match["version"])
    if "://" in lock:
        found.append("it holds an address; a lock names packages and hashes only")
    for requirement in wanted:
        pinned = versions.get(canonical(requirement))
        if pinned is None:
            found.append(f"{requirement!r} of pyproject.toml is not in it")
        elif not any(satisfied(requirement, version) for version in pinned):
            found.append(f"{requirement!r} of pyproject.toml does not allow {', '.join(sorted(pinned))}")
    return found


def write(project: dict[str, Any], lock: Path, uv: str) -> None:
    """Resolve anew for every platform and write a lock whole, or leave it as it is."""
    if lock == BUILD:
        what = ["--group", "build"]
    else:
        names = [name for name in project["dependency-groups"] if name != "build"]
        extras = [flag for name in locked_extras(project) for flag in ("--extra", name)]
        what = ["pyproject.toml", *extras, *(flag for name in names for flag in ("--group", name))]
    temporary = lock.with_suffix(f".{os.getpid()}.tmp")
    options = (
        "--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url "
        "--no-emit-find-links --quiet --output-file"
    )
    if lock.exists():
        temporary.write_bytes(lock.read_bytes())
    try:
        command = [uv, "pip", "compile", *what, *options.split(), str(temporary)]
        subprocess.run(command, cwd=ROOT, check=True)
        temporary.write_text(HEADER + temporary.read_text(encoding="utf-8"), encoding="utf-8")
        os.replace(temporary, lock)
    finally:
        temporary.unlink(missing_ok=True)


def main() -> int:
    """Run the command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a lock is stale")
    parser.add_argument("--uv", default="uv", help="the uv to resolve with")
    arguments = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wrong = 0
    for lock in (INSTALLED, BUILD):
        if not arguments.check:
            write(project, lock, arguments.uv)
        text = lock.read_text(encoding="utf-8") if lock.exists() else ""
        for fault in faults(requirements(project, lock), text):
            print(f"{lock.name}: {fault} (run `make lock`)", file=sys.stderr)
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
