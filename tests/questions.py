"""What something asks the database, and how the database would answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import database

WHOLE = r"\bSCAN (?!\(subquery|0x)\w+|Seq Scan"
"""What a database says that reads a table from end to end."""


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile, for looking and for writing."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    used = database.database()
    engines = {used.reader, used.writer, used.hasty}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", hear)


def questions(said: list[str]) -> int:
    """How many of the statements ask for something."""
    return sum(one.startswith(("SELECT", "WITH")) for one in said)


def explained(opened: Session, asked: sa.Executable) -> str:
    """How the database would answer: its plan, without temptation to read small tables whole."""
    compiled = asked.compile(opened.connection(), compile_kwargs={"literal_binds": True})
    if database.database().is_sqlite:
        lines = opened.execute(sa.text(f"EXPLAIN QUERY PLAN {compiled}")).all()
        return "\n".join(line[-1] for line in lines)
    opened.execute(sa.text("SET LOCAL enable_seqscan = off"))
    return "\n".join(opened.scalars(sa.text(f"EXPLAIN {compiled}")))
