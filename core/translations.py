"""Merge the catalogues of all features into the one that pages read.

Run as ``python -m core.translations``; exits 1 and names the sentences when a
catalogue is fuzzy, empty or says two things about one sentence.
"""

import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.i18n import DIRECTORY


def merged(folder: Path, locale: str) -> tuple[Catalog, list[str]]:
    """One catalogue out of every ``*.po`` in a folder, and what is wrong with them."""
    whole = Catalog(locale=locale)
    faults = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            part = read_po(file, locale=locale)
        for message in part:
            if not message.id:
                continue
            known = whole.get(message.id)
            if message.fuzzy or not message.string:
                faults.append(f"{path.name}: not translated: {message.id!r}")
            elif known is not None and known.string != message.string:
                faults.append(f"{path.name}: another wording exists: {message.id!r}")
            else:
                whole.add(message.id, message.string)
    return whole, faults


def main() -> int:
    """Write ``messages.mo`` beside the parts."""
    folder = DIRECTORY / "vi"
    catalogue, faults = merged(folder, "vi")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    target = folder / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    draft.replace(target)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
