"""How long our files and functions are; ``python -m tools.sizes`` prints it.

The longest say what should be taken apart next, the p90 how the whole reads.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = (
    "core", "accounts", "notifications", "events", "checkin", "reports", "rehearsal", "bench",
    "tools", "tests",
)  # fmt: skip
FILE, FILE_P90 = 400, 250
"""Lines of a file: never more, and in nine files of ten."""
FUNCTION, FUNCTION_P90 = 50, 25
"""The same of a function."""


@dataclass(frozen=True, order=True)
class Size:
    """So many lines, and where."""

    lines: int
    place: str


def files(*, tests: bool = True) -> list[Size]:
    """Every file of ours, the longest last; migrations are written by a machine."""
    return sorted(Size(path.read_text().count("\n"), _named(path)) for path in _paths(tests))


def functions(*, tests: bool = True) -> list[Size]:
    """Every function of ours, the longest last."""
    return sorted(size for path in _paths(tests) for size in _functions(path))


def p90(sizes: list[Size]) -> int:
    """What nine of ten do not exceed."""
    return sizes[int(len(sizes) * 0.9)].lines


def main() -> int:
    """Print the figures of the application, then of its tests with it."""
    for tests in (False, True):
        sys.stdout.write("with the tests:\n" if tests else "the application:\n")
        for name, found in (("files", files(tests=tests)), ("functions", functions(tests=tests))):
            middle, longest = found[len(found) // 2].lines, found[-1]
            sys.stdout.write(
                f"  {len(found):>5} {name}: median {middle}, p90 {p90(found)}, "
                f"longest {longest.lines} ({longest.place})\n"
            )
    return 0


def _paths(tests: bool) -> Iterator[Path]:
    yield ROOT / "app.py"
    for name in OURS:
        if tests or name != "tests":
            yield from sorted((ROOT / name).rglob("*.py"))


def _functions(path: Path) -> Iterator[Size]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield Size(node.end_lineno - node.lineno + 1, f"{_named(path)}: {node.name}")


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
