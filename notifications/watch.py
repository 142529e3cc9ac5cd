"""A look at the database that stays open as long as nobody writes.

A sender asks the same tables the same things for letter after letter. What it has seen may
be used again only if nothing was committed since, and both databases can be asked that for
less than a question costs: SQLite counts commits of others, PostgreSQL numbers transactions.
"""

from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.database import begin_reading, database, end_reading

_ASK_SQLITE = "PRAGMA data_version"
_ASK_POSTGRESQL = "SELECT pg_current_snapshot()::text"


class Watch:
    """Reading, for one thread, that is begun anew whenever somebody has committed."""

    def __enter__(self) -> "Watch":
        here = database()
        self._question = _ASK_SQLITE if here.is_sqlite else _ASK_POSTGRESQL
        self._line: Any = here.reader.raw_connection()
        self._held, self._token = begin_reading()
        self._seen: Any = None
        self._kept: list[object] = []
        sa.event.listen(self._held.session(), "loaded_as_persistent", self._keep)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end_reading(self._held, self._token)
        self._line.close()

    def look(self) -> None:
        """From here on nothing is older than this moment."""
        now = self._standing()
        if now != self._seen:
            self._seen = now
            self._kept.clear()
            self._held.let_go()

    def _standing(self) -> Any:
        asked = self._line.cursor()
        try:
            asked.execute(self._question)
            return asked.fetchone()[0]
        finally:
            asked.close()

    def _keep(self, _session: Session, loaded: object) -> None:
        """Hold on to it: a session forgets what nobody else holds."""
        self._kept.append(loaded)
