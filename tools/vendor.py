"""Other people's files that we ship, each held to the bytes that were reviewed.

``check`` (the default) hashes the copies offline and exits 1 when one differs,
is missing, or was never listed. ``fetch`` gets every package again by its exact
version and writes only the files that ``vendor.json`` lists. Where a file of
theirs is not shipped as it came, the manifest says what stands instead of what.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MANIFEST = Path(__file__).parent / "vendor.json"


@dataclass(frozen=True, slots=True)
class File:
    """One file that we keep: where it stands in its package, and its bytes."""

    inside: str
    sha256: str
    """The digest of what we ship."""
    came_as: str = ""
    """The digest of what the package holds, where we ship something else."""
    instead: tuple[tuple[str, str], ...] = ()
    """(What stands in the package, what stands there in ours), each found exactly once."""

    def shipped(self, content: bytes) -> bytes:
        """The content of the package as we ship it. Raises ``ValueError`` when it is another."""
        if sha256(content) != (self.came_as or self.sha256):
            raise ValueError(f"{self.inside} has other bytes")
        for theirs, ours in self.instead:
            if content.count(theirs.encode()) != 1:
                raise ValueError(f"{self.inside} does not hold once: {theirs}")
            content = content.replace(theirs.encode(), ours.encode())
        if sha256(content) != self.sha256:
            raise ValueError(f"{self.inside} did not become the reviewed file")
        return content


@dataclass(frozen=True, slots=True)
class Package:
    """One vendored package: where it comes from and which of its files we keep."""

    name: str
    version: str
    licence: str
    source: str
    """``npm``, or the folder in which a Debian package puts the files."""
    folder: str
    files: dict[str, File]
    """By our file name."""

    def target(self, name: str) -> Path:
        """Where our copy of a file stands."""
        return ROOT / self.folder / name


def packages(manifest: Path = MANIFEST) -> list[Package]:
    """Everything the manifest lists."""
    return [_package(entry) for entry in json.loads(manifest.read_text("utf-8"))["packages"]]


def _package(entry: dict[str, Any]) -> Package:
    return Package(
        **{**entry, "files": {name: _file(file) for name, file in entry["files"].items()}}
    )


def _file(entry: dict[str, Any]) -> File:
    instead = tuple((one["theirs"], one["ours"]) for one in entry.get("instead", ()))
    return File(entry["from"], entry["sha256"], entry.get("came_as", ""), instead)


def faults() -> Iterator[str]:
    """What differs between the manifest and the copies, one sentence each."""
    for package in packages():
        for name, file in package.files.items():
            yield from _faults_of(package.target(name), file.sha256)
        folder = ROOT / package.folder
        listed = {package.target(name) for name in package.files}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in listed:
                yield f"{path.relative_to(ROOT)} is not in the manifest"


def _faults_of(path: Path, digest: str) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.relative_to(ROOT)} is missing"
    elif sha256(path.read_bytes()) != digest:
        yield f"{path.relative_to(ROOT)} differs from the reviewed file"


def sha256(content: bytes) -> str:
    """The digest as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


def fetch(package: Package) -> None:
    """Write a package's files anew, refusing any that is not the reviewed one."""
    with tempfile.TemporaryDirectory() as folder:
        origin = _unpacked(package, Path(folder)) if package.source == "npm" else None
        for name, file in package.files.items():
            source = (origin or Path(package.source)) / file.inside
            if not source.is_file():
                raise SystemExit(f"{package.name}: {source} does not exist here")
            try:
                content = file.shipped(source.read_bytes())
            except ValueError as fault:
                raise SystemExit(f"{package.name} {package.version}: {fault}") from None
            package.target(name).parent.mkdir(parents=True, exist_ok=True)
            package.target(name).write_bytes(content)


def _unpacked(package: Package, folder: Path) -> Path:
    """The npm package in a temporary folder; none of its scripts runs."""
    spec = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--silent", "--ignore-scripts", spec]
    packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def main(arguments: list[str] | None = None) -> int:
    """Check, or fetch and check; exit status 1 names every fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", nargs="?", choices=["check", "fetch"], default="check")
    if parser.parse_args(arguments).action == "fetch":
        for package in packages():
            sys.stdout.write(f"{package.name} {package.version}\n")
            fetch(package)
    found = list(faults())
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
