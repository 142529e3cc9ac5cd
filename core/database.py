"""The database: one base, two ways in, one place that commits.

``reading()`` and ``transaction()`` set a ContextVar, so that a page, the clock
and a command run the same rules; ``session()`` is whichever holds here.

On SQLite every writing transaction is ``BEGIN IMMEDIATE``, and writers stand
in line behind a lock and a lock file, not in SQLite's sleeping busy handler.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from core import clock, sqlite
from core.together import In, Line, Out, Settle, Then


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment; a naive one is refused, whichever zone it meant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To the database: UTC, without a zone where the database knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: say which zone it is in")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """From the database: always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ByValue(sa.Enum):
    """A ``StrEnum`` stored by its value, as text."""

    def __init__(self, *enums: Any, **options: Any) -> None:
        options.setdefault("native_enum", False)
        options.setdefault("create_constraint", False)
        options.setdefault("length", 40)
        options.setdefault("values_callable", lambda kind: [member.value for member in kind])
        super().__init__(*enums, **options)


class LocalDay(sa.sql.functions.GenericFunction[date]):
    """The day on a Vietnamese wall at a moment, worked out by the database itself."""

    type = sa.Date()
    inherit_cache = True


@compiles(LocalDay)
def _local_day(element: LocalDay, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(timezone('{clock.VIETNAM.key}', {moment}) AS DATE)"


@compiles(LocalDay, "sqlite")
def _local_day_on_sqlite(element: LocalDay, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"date({moment}, '+7 hours')"


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True)]


class Base(DeclarativeBase):
    """The one base of all tables; every constraint is named by convention."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: sa.Text(),
        StrEnum: ByValue(StrEnum),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
    }


@dataclass
class Database:
    """The engines of one installation, and the line in which writers stand."""

    url: str
    reader: sa.Engine = field(init=False)
    """Cannot write, on either database."""
    writer: sa.Engine = field(init=False)
    hasty: sa.Engine = field(init=False)
    """For the few statements that everybody waits for at a door."""
    turn: Any = field(init=False)
    _line: Line | None = field(init=False, default=None)
    _guard: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.is_sqlite:
            self.reader, self.writer = sqlite.engines(self.url)
            self.hasty = self.writer
            self.turn = sqlite.Turn(self.url)
        else:
            url = self.url.replace("postgresql+psycopg://", "postgresql://")
            self.writer = sa.create_engine(url, pool_size=20, max_overflow=20, hide_parameters=True)
            self.reader = _reader(url)
            self.hasty = _hasty(url)
            self.turn = nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is one file with one writer."""
        return self.url.startswith("sqlite")

    def line(self) -> Line:
        """Where small works wait for a COMMIT that they share."""
        with self._guard:
            if self._line is None:
                self._line = Line(self.hasty, self.turn, hands=1 if self.is_sqlite else 2)
        return self._line

    def dispose(self) -> None:
        """Close every connection."""
        if self._line is not None:
            self._line.stop()
            self._line = None
        for engine in {self.reader, self.writer, self.hasty}:
            engine.dispose()


def _reader(url: str) -> sa.Engine:
    """Each question by itself, nothing to begin or to roll back; it cannot write.

    In a transaction each question would see its own moment, too, so that nothing is lost.
    """
    return sa.create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        connect_args={"options": "-c default_transaction_read_only=on -c jit=off"},
    )


def _hasty(url: str) -> sa.Engine:
    """Connections whose plans are kept, and made anew when the tables may have doubled."""
    engine = sa.create_engine(
        url,
        pool_size=2,
        hide_parameters=True,
        connect_args={
            "prepare_threshold": 0,
            "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
        },
    )

    @sa.event.listens_for(engine, "begin")
    def plan_anew(connection: sa.Connection) -> None:
        """A plan made for an empty table reads the whole of it, however large it has become."""
        number = connection.info["begun"] = connection.info.get("begun", 0) + 1
        if number & (number - 1) == 0:
            connection.exec_driver_sql("DISCARD PLANS")

    return engine


_database: Database | None = None


class _Held:
    """The session that holds somewhere; one that only looks is made at the first question."""

    __slots__ = ("opened",)

    def __init__(self, opened: Session | None = None) -> None:
        self.opened = opened

    def session(self) -> Session:
        """It, made now if nobody asked before."""
        if self.opened is None:
            self.opened = Session(database().reader, expire_on_commit=False)
        return self.opened

    def let_go(self) -> None:
        """Give the connection back; the next question takes one again, and sees what is new."""
        if self.opened is not None:
            self.opened.rollback()


_held: ContextVar[_Held | None] = ContextVar("held", default=None)


def configure(url: str) -> Database:
    """Point this process at a database."""
    global _database
    if _database is not None:
        _database.dispose()
    _database = Database(url)
    return _database


def database() -> Database:
    """The database of this process. Raises ``RuntimeError`` before ``configure``."""
    if _database is None:
        raise RuntimeError("no database: call configure(url) first")
    return _database


def session() -> Session:
    """The session that holds here. Raises ``RuntimeError`` outside of both ways in."""
    held = _held.get()
    if held is None:
        raise RuntimeError("no session: open transaction() or reading() at the edge")
    return held.session()


@contextmanager
def reading() -> Iterator[Session]:
    """Look without changing; connects at the first question."""
    held, token = begin_reading()
    try:
        yield held.session()
    finally:
        end_reading(held, token)


def begin_reading() -> tuple[_Held, Token[_Held | None]]:
    """What ``reading()`` does when it is entered, for a caller that cannot stand around a block."""
    held = _Held()
    return held, _held.set(held)


def end_reading(held: _Held, token: Token[_Held | None]) -> None:
    """What ``reading()`` does when it is left."""
    _held.reset(token)
    if held.opened is not None:
        held.opened.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """Do all of it or nothing: leave to keep, raise to undo."""
    outer = _held.get()
    if outer is not None:
        if outer.opened is not None and outer.opened.info.get("writes"):
            raise RuntimeError("a transaction inside a transaction: open it at the edge, once")
        outer.let_go()
    here = database()
    with here.turn, Session(here.writer, expire_on_commit=False, info={"writes": True}) as opened:
        token = _held.set(_Held(opened))
        try:
            yield opened
            opened.commit()
        except BaseException:
            opened.rollback()
            raise
        finally:
            _held.reset(token)
    if outer is not None:
        outer.let_go()


def commit_together(settle: Settle[In, Out], item: In) -> Out:
    """Let ``settle`` do what an item asks for, with others that wait; return once it is durable.

    It is given all that wait at once, and says of each what became of it, in their order.
    """
    outer = _held.get()
    if outer is not None:
        outer.let_go()
    return database().line().do(settle, item)


def commit_later(settle: Settle[In, Out], item: In, then: Then) -> None:
    """The same without waiting: ``then`` hears what became of it, on a thread of its own."""
    database().line().put(settle, item, then)
