"""A PostgreSQL with the tables of procrastinate beside ours."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core import engine_tables
from core.database import database
from notifications import handover
from notifications.workers import engine
from notifications.workers.engine import Deferring


@pytest.fixture
def workers_url(database_url: str) -> str:
    """Its address."""
    if database().is_sqlite:
        pytest.skip("workers need PostgreSQL")
    with database().writer.begin() as connection:
        engine_tables.bring_up(connection)
        for table in ("jobs", "workers", "periodic_defers"):
            connection.execute(sa.text(f"TRUNCATE procrastinate_{table} CASCADE"))
    return database_url


@pytest.fixture
def deferring(workers_url: str) -> Iterator[Deferring]:
    """Letters that are written here have a job deferred."""
    made = Deferring(engine.make(workers_url))
    handover.configure(made)
    yield made
    handover.configure(None)
