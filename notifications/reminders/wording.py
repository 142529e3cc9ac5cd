"""The words of a reminder: text with a few fields, filled in one pass and never run.

``{activity}`` stands for something that the feature says. There is no format
language, no attribute and no template engine: a name in braces, or a refusal.
"""

import re
from collections.abc import Iterable, Mapping

from notifications.reminders import errors

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_PLAIN = re.compile(r"[{}]")


def check(text: str, known: Iterable[str]) -> None:
    """See that every brace is a field that is filled. Raises ``UnknownField``, ``StrayBrace``."""
    names = list(known)
    for name in _FIELD.findall(text):
        if name not in names:
            offered = ", ".join(f"{{{field}}}" for field in names)
            raise errors.UnknownField(name=name[:40], known=offered)
    if _PLAIN.search(_FIELD.sub("", text)):
        raise errors.StrayBrace


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its fields filled; what a fact itself contains is left as it is."""
    return _FIELD.sub(lambda field: facts.get(field[1], ""), text)


def paragraphs(text: str) -> list[str]:
    """The text in paragraphs, as blank lines part it."""
    return [
        part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()
    ]
