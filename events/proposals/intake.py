"""A file or a pasted text, read and understood."""

from collections.abc import Sequence

from accounts.models import Unit
from events.proposals import document as documents
from events.proposals import reading
from events.proposals.document import Document
from events.proposals.matching import Directory
from events.proposals.proposal import Proposal
from events.proposals.refusals import NothingToRead
from events.proposals.services import Reading


def read(raw: bytes, text: str) -> Reading:
    """What a file says, or else a text. Raises ``NothingToRead`` or ``UnreadableDocument``."""
    if not raw and not text.strip():
        raise NothingToRead
    document = documents.from_bytes(raw) if raw else documents.from_text(text)
    return Reading(_as_text(document), reading.read(document))


def issuer_among(
    units: list[Unit], understood: Proposal, gone: Sequence[tuple[Unit, Unit]] = ()
) -> Unit | None:
    """The unit that the document says it comes from, or the one that goes on for it."""
    if not units or not understood.issuer:
        return None
    found = Directory(units[0], units, gone=list(gone)).match(understood.issuer)
    return found.units[0] if found.units and not found.is_group else None


def _as_text(document: Document) -> str:
    """The document with each line at its number."""
    last = max((line.number for line in document.lines), default=0)
    lines = [""] * last
    for line in document.lines:
        lines[line.number - 1] = " ".join(filter(None, [lines[line.number - 1], line.text]))
    return "\n".join(lines)
