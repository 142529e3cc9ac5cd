"""Every sentence that code and templates say, held against the Vietnamese catalogues.

``python -m tools.sentences`` names each one that has no words yet and where it stands.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_file

from core.i18n import DIRECTORY
from core.translations import merged

ROOT = Path(__file__).parent.parent
PACKAGES = ("core", "accounts", "notifications", "events", "checkin", "reports", "rehearsal")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
_JINJA = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}
_PLACE = re.compile(r"%\((\w+)\)[sd]")


def used() -> Iterator[tuple[str, str]]:
    """Each sentence and the file and line that say it."""
    for path in sorted(_python()):
        yield from _from(path, "python", {"encoding": "utf-8"})
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield from _from(path, "jinja2.ext:babel_extract", _JINJA)


def faults() -> list[str]:
    """Sentences without Vietnamese words, and words that lost a place to fill."""
    catalogue, found = merged(DIRECTORY / "vi", "vi")
    for sentence, place in used():
        message = catalogue.get(sentence)
        words = message.string if message is not None else ""
        if not words:
            found.append(f"{place}: no Vietnamese for {sentence!r}")
            continue
        whole = words if isinstance(words, str) else " ".join(words)
        if set(_PLACE.findall(sentence)) != set(_PLACE.findall(whole)):
            found.append(f"{place}: other places to fill in the Vietnamese of {sentence!r}")
    return found


def _python() -> Iterator[Path]:
    yield ROOT / "app.py"
    for name in PACKAGES:
        yield from (ROOT / name).rglob("*.py")


def _from(path: Path, method: str, options: dict[str, str]) -> Iterator[tuple[str, str]]:
    place = path.relative_to(ROOT)
    for line, sentence, _comments, _context in extract_from_file(
        method, str(path), KEYWORDS, options=options
    ):
        single = sentence if isinstance(sentence, str) else sentence[0]
        if single:
            yield single, f"{place}:{line}"


def main() -> int:
    """1 when a sentence has no words."""
    found = faults()
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
