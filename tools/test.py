"""Everything that CI checks, one line a stage: ``python -m tools.test [lint|soak]``.

A stage that fails prints what it said; one that cannot run fails. The last
line adds up what pytest counted.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools import packages

PYTEST = [sys.executable, "-m", "pytest"]
PYTHON = [sys.executable]
_COUNT = re.compile(r"(\d+) (passed|failed|error|skipped|xfailed|xpassed)")


@dataclass(frozen=True)
class Stage:
    """One command with a name, and how long it may take."""

    name: str
    command: list[str]
    seconds: int = 600
    tells: bool = False
    """Whether what it says is of interest when it passes, too."""

    @property
    def counts_tests(self) -> bool:
        """Whether pytest counts in it."""
        return self.command[: len(PYTEST)] == PYTEST


LINT = [
    Stage("lint: ruff check", [*PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    Stage("lint: ruff format", [*PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    Stage("lint: mypy, strict", [*PYTHON, "-m", "mypy", "."]),
    Stage("lint: floors", [f"{Path(sys.executable).parent}/lint-imports"]),
    Stage("lint: vendored files", [*PYTHON, "tools/vendor.py", "check"]),
    Stage("lint: translations", [*PYTHON, "-m", "core.translations"]),
    Stage("lint: sentences", [*PYTHON, "-m", "tools.sentences"]),
]
_TWO = ["-n", "2", "--dist", "loadfile"]
TESTS = [
    Stage("tests on SQLite", [*PYTEST, *_TWO, "-m", "not browser and not soak"]),
    Stage(
        "tests on PostgreSQL",
        [*PYTEST, *_TWO, "-m", "not browser and not soak", "--database", "postgresql"],
    ),
    Stage("tests in a browser", [*PYTEST, *_TWO, "-m", "browser and not soak"]),
]
_LONG = [*PYTEST, "-n", "0", "-m", "soak"]
SOAK = [
    Stage("long tests, SQLite", _LONG, seconds=6 * 3600, tells=True),
    Stage(
        "long tests, PostgreSQL",
        [*_LONG, "--database", "postgresql"],
        seconds=6 * 3600,
        tells=True,
    ),
]


def main(arguments: list[str] | None = None) -> int:
    """Run the stages; 1 when one has failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["all", "lint", "soak"], default="all")
    what = parser.parse_args(arguments).what
    if what != "lint" and not packages.ensure(packages.TESTS):
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stages = {"all": [*LINT, *TESTS], "lint": LINT, "soak": SOAK}[what]
    started = time.monotonic()
    counts: Counter[str] = Counter()
    broken = [stage.name for stage in stages if not _passes(stage, counts)]
    if broken:
        _say(f"failed: {', '.join(broken)}")
    if counts:
        skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
        failed = counts["failed"] + counts["error"]
        seconds = time.monotonic() - started
        _say(f"{counts['passed']} passed, {failed} failed{skipped} in {seconds:.2f}s")
    return 1 if broken else 0


def _passes(stage: Stage, counts: Counter[str]) -> bool:
    sys.stdout.write(f"{stage.name:24}")
    sys.stdout.flush()
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        status = _run(stage, output)
        output.seek(0)
        said = output.read()
    summary = _summary(said) if stage.counts_tests else ""
    counts.update({word: int(number) for number, word in _COUNT.findall(summary)})
    good = status == 0 and (bool(summary) or not stage.counts_tests)
    _say(f"{'ok' if good else 'FAILED':8}{time.monotonic() - started:6.1f} s  {summary}")
    if not good or stage.tells:
        _say(said.rstrip())
    return good


def _run(stage: Stage, output: IO[str]) -> int:
    """The stage in a process group of its own, so that nothing of it stays."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TUANHOC_") and name not in {"HOST", "PORT", "FLASK_APP"}
    }
    process = subprocess.Popen(
        stage.command,
        stdout=output,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        return process.wait(stage.seconds)
    except subprocess.TimeoutExpired:
        output.write(f"\nstopped after {stage.seconds} s\n")
        return 1
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for ending in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, ending)
        except ProcessLookupError:
            return
        time.sleep(0.2)


def _summary(said: str) -> str:
    """Pytest's own last words."""
    lines = [line.strip("= ") for line in said.splitlines() if _COUNT.search(line)]
    return next((line for line in reversed(lines) if " in " in line), "")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
