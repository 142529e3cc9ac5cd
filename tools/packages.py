"""Debian's packages that tests and benchmarks use: installed when missing and root may."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


_IS_HERE: dict[str, Callable[[], bool]] = {
    "chromium": _program("chromium"),
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "fonts-croscore": lambda: any(Path("/usr/share/fonts").rglob("Tinos-Regular.ttf")),
    "libreoffice-calc-nogui": lambda: any(Path("/usr/lib/libreoffice").rglob("libsclo.so")),
    "wrk": _program("wrk"),
    "strace": _program("strace"),
}

TESTS = ("chromium", "postgresql", "fonts-croscore", "libreoffice-calc-nogui")
BENCH = ("postgresql", "wrk", "strace")


def missing(names: Iterable[str]) -> list[str]:
    """Those of the packages that are not here."""
    return [name for name in names if not _IS_HERE[name]()]


def ensure(names: Iterable[str]) -> bool:
    """Have the packages; else name them in one line on standard error and return false."""
    wanted = missing(names)
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stdout.write(f"Installing {', '.join(wanted)}\n")
        sys.stdout.flush()
        _install(wanted)
        wanted = missing(wanted)
    if wanted:
        sys.stderr.write(f"Needed first: sudo apt-get install {' '.join(wanted)}\n")
    return not wanted


def _install(names: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *names]):
        done = subprocess.run(
            ["apt-get", "-qq", *command], env=environment, capture_output=True, text=True
        )
        if done.returncode:
            sys.stdout.write(f"{done.stderr.strip()}\n")
