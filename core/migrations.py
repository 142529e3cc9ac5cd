"""The shape of the database: where it stands, and the way up to this code.

An upgrade keeps a copy first, runs in one transaction with foreign keys off
(on SQLite a rebuilt table would otherwise take its children with it), and is
undone when a row has gone missing or points nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core import engine_tables, sqlite
from core.addresses import MailAddress
from core.database import Base, Database, UtcDateTime

FOLDER = Path(__file__).parent.parent / "migrations"
KEPT_COPIES = 5
BEFORE_UPGRADE, DAILY = "before-upgrade", "daily"
COPIES_KEPT_FOR = timedelta(days=30)
"""A copy holds the names of its day: of people who have asked to be forgotten since as well."""
_LOCK = 7_401_001
"""The number under which PostgreSQL lets one node migrate at a time."""

Counts = dict[str, int]


class Standing(StrEnum):
    """How the database relates to this code."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"


class DatabaseIsNewer(Exception):
    """The database was upgraded by a later version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "the database is newer than this program: install the later version, "
            "or restore a copy from the backups folder"
        )


class RowsWentMissing(Exception):
    """A migration would have lost rows or left some that point nowhere; it was undone."""


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did."""

    before: str | None
    after: str | None
    copy: Path | None

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return self.before != self.after


def scripts(folder: Path = FOLDER) -> ScriptDirectory:
    """All migrations of this code."""
    return ScriptDirectory.from_config(_config(folder))


def standing(database: Database, folder: Path = FOLDER) -> Standing:
    """How the database relates to this code."""
    with database.reader.connect() as connection:
        revision = _revision(connection)
        tables = sa.inspect(connection).get_table_names()
    head = scripts(folder).get_current_head()
    if revision == head:
        return Standing.CURRENT
    if revision is None:
        return Standing.BEHIND if tables else Standing.EMPTY
    known = {script.revision for script in scripts(folder).walk_revisions()}
    return Standing.BEHIND if revision in known else Standing.NEWER


def upgrade(database: Database, *, backups: Path, now: datetime, folder: Path = FOLDER) -> Upgraded:
    """Bring the database up to this code, or leave it exactly as it was.

    Raises ``DatabaseIsNewer`` or ``RowsWentMissing``.
    """
    if standing(database, folder) is Standing.NEWER:
        raise DatabaseIsNewer
    copy = None
    if standing(database, folder) is Standing.BEHIND and database.is_sqlite:
        copy = keep_copy(database, backups, now)
    with database.turn, _for_migration(database) as connection:
        before = _revision(connection)
        counts = _counts(connection)
        _run(connection, folder)
        engine_tables.bring_up(connection)
        _check(connection, counts, _explained(folder, before))
        after = _revision(connection)
    return Upgraded(before, after, copy)


def keep_copy(
    database: Database, backups: Path, now: datetime, *, why: str = BEFORE_UPGRADE
) -> Path:
    """A whole copy of an SQLite database beside it; only the last few are kept."""
    backups.mkdir(parents=True, exist_ok=True)
    target = backups / f"{why}-{now:%Y%m%d-%H%M%S-%f}.sqlite3"
    draft = target.with_suffix(".part")
    draft.unlink(missing_ok=True)
    engine = sqlite.migrator(database.url)
    raw = engine.raw_connection()
    raw.cursor().execute("VACUUM INTO ?", (str(draft),))
    raw.close()
    engine.dispose()
    draft.rename(target)
    for old in sorted(backups.glob(f"{why}-*.sqlite3"))[:-KEPT_COPIES]:
        old.unlink()
    return target


def forget_copies(backups: Path, now: datetime) -> int:
    """Delete the copies of ours that were kept long enough; says how many.

    What somebody put beside them is theirs.
    """
    too_old = (now - COPIES_KEPT_FOR).timestamp()
    copies = [copy for why in (BEFORE_UPGRADE, DAILY) for copy in backups.glob(f"{why}-*")]
    old = [each for each in copies if each.stat().st_mtime < too_old]
    for each in old:
        each.unlink(missing_ok=True)
    return len(old)


def differences(connection: sa.Connection) -> list[Any]:
    """Where the tables are not what the models say; empty when all is well."""
    context = MigrationContext.configure(connection, opts=options(connection))
    return list(compare_metadata(context, Base.metadata))


def options(connection: sa.Connection) -> dict[str, Any]:
    """How Alembic looks at our tables, in a migration as in a comparison."""
    return {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "compare_type": True,
        "transactional_ddl": True,
        "render_item": _plain_type,
        "include_object": _is_ours,
    }


def _config(folder: Path, connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _run(connection: sa.Connection, folder: Path) -> None:
    command.upgrade(_config(folder, connection), "head")


def write_revision(connection: sa.Connection, noun: str, folder: Path = FOLDER) -> Path:
    """A new numbered migration: from the tables of the connection to the models."""
    number = len(list(scripts(folder).walk_revisions())) + 1
    rev_id = f"{number:04}"
    command.revision(_config(folder, connection), noun, autogenerate=True, rev_id=rev_id)
    return Path(scripts(folder).get_revision(rev_id).path)


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _for_migration(database: Database) -> Iterator[sa.Connection]:
    """A connection of its own in one transaction; on SQLite with foreign keys off."""
    engine = sqlite.migrator(database.url) if database.is_sqlite else database.writer
    try:
        with engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection
    finally:
        if database.is_sqlite:
            engine.dispose()


def _counts(connection: sa.Connection) -> Counts:
    names = [n for n in sa.inspect(connection).get_table_names() if n != "alembic_version"]
    return {n: _count(connection, n) for n in names}


def _count(connection: sa.Connection, name: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0


def _explained(folder: Path, before: str | None) -> set[str]:
    """Tables whose number of rows the migrations ahead say that they change."""
    ahead = scripts(folder).iterate_revisions("head", before or "base")
    return {name for script in ahead for name in getattr(script.module, "CHANGES_ROWS_OF", ())}


def _check(connection: sa.Connection, before: Counts, explained: set[str]) -> None:
    after = _counts(connection)
    lost = [
        f"{name}: {rows} rows before, {after.get(name, 0)} after"
        for name, rows in before.items()
        if rows != after.get(name, 0) and name not in explained
    ]
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        lost += [f"{row[0]}: row {row[1]} points to a missing {row[2]}" for row in orphans[:5]]
    if lost:
        raise RowsWentMissing("; ".join(lost))


def _plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """In a migration our types stand as what they are in the database."""
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, MailAddress):
        return "sa.Text()"
    return False


def _is_ours(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    foreign = name is not None and name.startswith(("alembic_version", engine_tables.PREFIX))
    return not (kind == "table" and foreign)
