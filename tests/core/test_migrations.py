"""The way up: a copy first, nothing lost, nothing half done, never down."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import migrations
from core.database import Base, Database
from core.migrations import DatabaseIsNewer, RowsWentMissing, Standing

NOW = datetime(2027, 9, 1, tzinfo=UTC)
HEAD = migrations.scripts().get_current_head()

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None
{explained}

def upgrade() -> None:
    {body}
"""


@pytest.fixture
def database(database_url: str):
    """A database without a single table, on either engine."""
    here = Database(database_url)
    with here.writer.begin() as connection:
        if not here.is_sqlite:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        else:
            Base.metadata.drop_all(connection)
    yield here
    with here.writer.begin() as connection:
        if not here.is_sqlite:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            Base.metadata.create_all(connection)
    here.dispose()


def upgraded(here: Database, tmp_path: Path, folder: Path = migrations.FOLDER):
    return migrations.upgrade(here, backups=tmp_path / "backups", now=NOW, folder=folder)


def with_next(tmp_path: Path, body: str, explained: str = "") -> Path:
    """All migrations of ours and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = REBUILD.format(head=HEAD, body=body, explained=explained)
    (folder / "versions" / "next_one.py").write_text(text)
    return folder


def two_units(here: Database) -> None:
    unit = Base.metadata.tables["unit"]
    facts = {"name": "Sở", "short_name": "Sở", "kind": "department", "place": "", "symbol": "",
             "head_title": "", "position": 0}  # fmt: skip
    with here.writer.begin() as connection:
        connection.execute(unit.insert().values(id=1, code="a", path="/1/", **facts))
        connection.execute(unit.insert().values(id=2, code="b", path="/1/2/", parent_id=1, **facts))


def units(here: Database) -> int:
    with here.reader.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM unit"))


def test_upgrade_makes_an_empty_database_what_the_models_say(database, tmp_path) -> None:
    assert migrations.standing(database) is Standing.EMPTY

    done = upgraded(database, tmp_path)

    assert done.after == HEAD
    assert migrations.standing(database) is Standing.CURRENT
    with database.reader.connect() as connection:
        assert migrations.differences(connection) == []


def test_migrations_are_numbered_and_have_one_head() -> None:
    scripts = migrations.scripts()
    revisions = sorted(script.revision for script in scripts.walk_revisions())

    assert len(scripts.get_heads()) == 1
    assert revisions == [f"{n + 1:04}" for n in range(len(revisions))]


def test_upgrade_does_nothing_the_second_time(database, tmp_path) -> None:
    upgraded(database, tmp_path)

    done = upgraded(database, tmp_path)

    assert not done.changed
    assert done.copy is None


def test_upgrade_keeps_rows_and_a_copy_of_how_it_was(database, tmp_path) -> None:
    upgraded(database, tmp_path)
    two_units(database)
    body = (
        'with op.batch_alter_table("unit", recreate="auto") as batch:\n'
        '        batch.add_column(sa.Column("motto", sa.Text(), nullable=True))\n'
        '        batch.alter_column("symbol", nullable=True)'
    )

    done = upgraded(database, tmp_path, with_next(tmp_path, body))

    assert done.after == "next"
    assert units(database) == 2
    if database.is_sqlite:
        before = Database(f"sqlite:///{done.copy}")
        assert units(before) == 2
        assert migrations.standing(before) is Standing.CURRENT
        before.dispose()


def test_upgrade_that_loses_rows_is_undone(database, tmp_path) -> None:
    upgraded(database, tmp_path)
    two_units(database)
    folder = with_next(tmp_path, 'op.execute("DELETE FROM unit WHERE id = 2")')

    with pytest.raises(RowsWentMissing, match="unit: 2 rows before, 1 after"):
        upgraded(database, tmp_path, folder)

    assert units(database) == 2
    assert migrations.standing(database, folder) is Standing.BEHIND


def test_upgrade_may_lose_rows_that_it_explains(database, tmp_path) -> None:
    upgraded(database, tmp_path)
    two_units(database)
    folder = with_next(
        tmp_path, 'op.execute("DELETE FROM unit WHERE id = 2")', 'CHANGES_ROWS_OF = {"unit"}'
    )

    upgraded(database, tmp_path, folder)

    assert units(database) == 1


def test_upgrade_refuses_rows_that_point_nowhere(database, tmp_path) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL refuses such a row itself")
    upgraded(database, tmp_path)
    two_units(database)
    folder = with_next(tmp_path, 'op.execute("UPDATE unit SET parent_id = 77 WHERE id = 2")')

    with pytest.raises(RowsWentMissing, match="unit: row 2 points to a missing unit"):
        upgraded(database, tmp_path, folder)


def test_upgrade_refuses_a_database_that_is_newer(database, tmp_path) -> None:
    upgraded(database, tmp_path)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseIsNewer, match="install the later version"):
        upgraded(database, tmp_path)


def test_only_the_last_copies_are_kept(database, tmp_path) -> None:
    if not database.is_sqlite:
        pytest.skip("SQLite only: PostgreSQL is copied by pg_dump")
    upgraded(database, tmp_path)

    for hour in range(migrations.KEPT_COPIES + 3):
        migrations.keep_copy(database, tmp_path / "backups", NOW.replace(hour=hour))

    kept = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(kept) == migrations.KEPT_COPIES
    assert re.search("-07", kept[-1])
