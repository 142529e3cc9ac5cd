"""What a counter sends: entries that may have waited for a connection, in their order."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from checkin.models import Grade, Group
from checkin.schemas import Moment, Nonce, Strict
from checkin.tallies import MOST, Entry
from core.text import is_clean, nfc


def _reason(text: str) -> str:
    if not is_clean(text):
        raise ValueError("control characters or lone surrogates")
    return nfc(text)


Number = Annotated[int, Field(ge=1, le=2**62)]


class CountedEntry(Strict):
    """Some more came, or an earlier word was wrong."""

    nonce: Nonce
    session: Number
    point: Number | None = None
    group: Literal["", "staff", "teacher", "learner", "resident", "delegate"] = ""
    by: Annotated[int, Field(ge=-MOST, le=MOST)] = 0
    reason: Annotated[str, Field(max_length=200), AfterValidator(_reason)] = ""
    grade: Literal["headcount", "estimate"] | None = None
    undoes: Nonce | None = None
    made_at: Moment | None = None

    def entry(self) -> Entry:
        """The same as the rule sees it."""
        return Entry(
            nonce=self.nonce.lower(),
            series=(self.session, self.point, Group(self.group) if self.group else None),
            by=self.by,
            reason=self.reason,
            grade=Grade(self.grade) if self.grade else None,
            undoes=self.undoes.lower() if self.undoes else None,
            made_at=self.made_at,
        )


class CountedEntries(Strict):
    """What waited on one device for one activity, the earliest first."""

    entries: list[CountedEntry] = Field(max_length=200)
