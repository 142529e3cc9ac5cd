"""What states of a line are called, and refusals in the reader's language."""

from collections.abc import Mapping
from typing import Any

from core.errors import DomainError
from core.i18n import N_, translate
from core.spreadsheets.preview import Reason, Status

STATUSES: dict[Status, tuple[str, str]] = {
    Status.NEW: (N_("New row"), "info"),
    Status.CHANGED: (N_("Row changed"), "warn"),
    Status.SAME: (N_("Row unchanged"), "plain"),
    Status.REMOVED: (N_("Row taken out"), "warn"),
    Status.REFUSED: (N_("Row refused"), "stop"),
}
"""Each in a word, with the tone of its badge."""

GOING_BACK: dict[str, tuple[str, str]] = {
    "deleted": (N_("New row: is deleted"), "stop"),
    "restored": (N_("Changed row: as before"), "warn"),
    "put_back": (N_("Row taken out: is put back"), "info"),
}

EXPLAINED = (
    N_("An empty cell empties the value; a column that is left out stays as it is."),
    N_("A row that is not in the file stays; it is taken out only by the column “Action”."),
    N_("All rows are kept, or none when a single one is refused."),
    N_("For a day afterwards all of it can be undone, as long as nobody changed any of its rows."),
)

_SENTENCES = {"heading", "headings"}
"""Facts that are sentences of ours themselves."""


def worded(refusal: Reason | DomainError | Mapping[str, Any], locale: str) -> str:
    """A refusal as a sentence, the names of columns in it translated too."""
    if isinstance(refusal, Mapping):
        sentence, given = refusal["sentence"], refusal["facts"]
    else:
        sentence, given = refusal.sentence, refusal.facts
    facts: dict[str, Any] = {
        name: ", ".join(translate(part, locale) for part in str(fact).split(", "))
        if name in _SENTENCES
        else fact
        for name, fact in given.items()
    }
    return translate(sentence, locale, **facts)
