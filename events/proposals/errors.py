"""Why a document cannot be read at all."""

from core.errors import DomainError
from core.i18n import N_


class UnreadableDocument(DomainError):
    """The bytes are no document of ours; subclasses say in which way."""

    sentence = N_("This file cannot be read as a document.")
    status = 422


class DocumentTooLarge(UnreadableDocument):
    """No plan is that long; the file is refused before it is opened."""

    sentence = N_("This document is larger than %(megabytes)s MB, so it is not opened.")
    status = 413


class TooManyLines(UnreadableDocument):
    """A text beyond the length of any plan."""

    sentence = N_(
        "This text has more than %(letters)s letters or %(lines)s lines; no plan is that long."
    )
    status = 413


class UnknownEncoding(UnreadableDocument):
    """The letters are in no encoding that we know."""

    sentence = N_(
        "The letters of this file cannot be made out. Please save it as UTF-8 text or as .docx."
    )


class ForeignFormat(UnreadableDocument):
    """A picture, a PDF, an old .doc or another kind of file."""

    sentence = N_("This is a file of another kind (%(kind)s). Please save it as .docx or as text.")


class ProtectedDocx(UnreadableDocument):
    """Word encrypted it: a password would be needed."""

    sentence = N_("This document is protected by a password. Please save it without one.")


class BrokenDocx(UnreadableDocument):
    """The archive is damaged, or is none of a word processor."""

    sentence = N_("This .docx file is damaged or is no document of a word processor.")
