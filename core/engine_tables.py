"""The tables of the engine that carries work between machines (procrastinate), on PostgreSQL.

They come and grow with ours, in the transaction of ``flask db upgrade``. No data of people
stands in them, only numbers of rows of ours.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

PREFIX = "procrastinate_"
TABLE = "procrastinate_jobs"


def bring_up(connection: sa.Connection) -> bool:
    """Make the tables, or bring them up to the installed engine; false where there is none."""
    if connection.dialect.name == "sqlite" or find_spec("procrastinate") is None:
        return False
    from procrastinate.schema import SchemaManager

    steps = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    stands_at = _stands_at(connection) if are_there(connection) else None
    if stands_at is None:
        _run(connection, SchemaManager.get_schema())
    else:
        for text in _ahead(steps, stands_at):
            _run(connection, text)
    _run(connection, f"COMMENT ON TABLE {TABLE} IS '{steps[-1].name}'")
    return True


def are_there(connection: sa.Connection) -> bool:
    """Whether the engine can work on this database."""
    return bool(connection.scalar(sa.select(sa.func.to_regclass(TABLE))))


def _stands_at(connection: sa.Connection) -> str:
    """The last step of the engine's own that these tables have taken."""
    described = sa.func.obj_description(sa.cast(TABLE, postgresql.REGCLASS), "pg_class")
    return connection.scalar(sa.select(described)) or ""


def _ahead(steps: list[Path], stands_at: str) -> Iterator[str]:
    return (step.read_text(encoding="utf-8") for step in steps if step.name > stands_at)


def _run(connection: sa.Connection, text: str) -> None:
    """Several statements at once, and a percent sign is one: past SQLAlchemy, on its connection."""
    cursor = connection.connection.cursor()
    cursor.execute(text)
    cursor.close()
