"""The commands a newcomer types, and what they say."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from app import create_app
from core import database, migrations
from core.settings import Settings, WrongSettings, load, unknown
from core.translations import merged
from tests.conftest import SECRET

ROOT = Path(__file__).parent.parent


@pytest.fixture
def runner(tmp_path: Path):
    """Commands on an installation of their own, still without tables."""
    app = create_app(Settings(instance=tmp_path, secret_key=SECRET))
    yield app.test_cli_runner()
    database.database().dispose()


def test_make_alone_prints_every_target() -> None:
    said = subprocess.run(["make", "-C", ROOT, "-s"], capture_output=True, text=True, check=True)
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M)

    assert {"run", "test", "setup", "rehearsal", "bench"} <= set(targets)
    assert [f"make {name}" for name in targets if f"make {name} " not in said.stdout] == []


def test_ci_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text().rstrip().endswith("exec make test")


def test_db_upgrade_then_check_then_doctor(runner) -> None:
    first = runner.invoke(args=["db", "upgrade"])
    again = runner.invoke(args=["db", "upgrade"])
    check = runner.invoke(args=["db", "check"])
    doctor = runner.invoke(args=["doctor"])

    assert first.exit_code == 0
    assert first.output.startswith("Upgraded the database from nothing to ")
    assert again.output.startswith("The database is up to date")
    assert (check.exit_code, check.output) == (0, "The tables are what the models say\n")
    assert doctor.exit_code == 0
    assert doctor.output.endswith("Không có lỗi nào cản trở công việc.\n")


@pytest.mark.parametrize(
    "command",
    [
        "db upgrade",
        "serve",
        "notifications tick",
        "notifications clock",
        "notifications work",
        "notifications status",
        "reports export --year 2027 --unit x --format csv --output x.csv",
        "rehearsal example-weeks",
    ],
)
def test_every_command_refuses_a_database_that_is_newer(runner, command) -> None:
    runner.invoke(args=["db", "upgrade"])
    with database.database().writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    done = runner.invoke(args=command.split())

    assert (done.exit_code, done.stderr) == (1, f"Error: {migrations.DatabaseIsNewer()}\n")


def test_db_check_names_what_differs(runner) -> None:
    runner.invoke(args=["db", "upgrade"])
    with database.database().writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE unit ADD COLUMN motto TEXT")

    done = runner.invoke(args=["db", "check"])

    assert (done.exit_code, done.stderr) == (1, "Error: remove_column unit motto\n")


def test_doctor_fails_when_something_stops_the_work(runner) -> None:
    done = runner.invoke(args=["doctor", "--json", "--language", "en"])

    told = json.loads(done.output)
    assert done.exit_code == 1
    assert told["ok"] is False
    wrong = [f["sentence"] for f in told["findings"] if f["grade"] == "wrong"]
    assert [s.rpartition("/")[2] for s in wrong] == ["tuanhoc.sqlite3 has no tables yet."]


@pytest.mark.parametrize(
    ("address", "grade"),
    [
        ("http://127.0.0.1:8000", "advice"),
        ("http://192.168.1.5:8000", "advice"),
        ("https://tuanle.example.vn", "fine"),
    ],
)
def test_doctor_leads_to_https(tmp_path, address, grade) -> None:
    app = create_app(
        Settings(instance=tmp_path, secret_key=SECRET, public_url=address, trusted_proxies=1)
    )

    done = app.test_cli_runner().invoke(args=["doctor", "--json", "--language", "en"])
    database.database().dispose()

    found = [f for f in json.loads(done.output)["findings"] if f["about"] == "Address"]
    assert [f["grade"] for f in found] == [grade]
    assert ("docs/https.md" in found[0]["advice"]) is (grade == "advice")


def test_settings_that_mean_nothing_are_pointed_out() -> None:
    assert unknown({"TUANHOC_MAIL_SEVER": "x", "TUANHOC_MAIL_SERVER": "y", "HOME": "/"}) == [
        "TUANHOC_MAIL_SEVER"
    ]


def test_host_and_port_are_honoured(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "9001")
    monkeypatch.setenv("TUANHOC_INSTANCE", str(tmp_path))

    settings = load()

    assert (settings.host, settings.port) == ("0.0.0.0", 9001)
    assert settings.public_url == "http://0.0.0.0:9001"


def test_every_process_reads_the_same_key(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TUANHOC_INSTANCE", str(tmp_path))

    assert load().secret_key == load().secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_database_in_memory_is_refused(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("TUANHOC_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TUANHOC_DATABASE_URL", "sqlite:///:memory:")

    with pytest.raises(WrongSettings, match="TUANHOC_DATABASE_URL: must name a file"):
        load()


def test_merged_catalogues_name_what_is_empty_or_contradicts(tmp_path) -> None:
    (tmp_path / "a.po").write_text('msgid "Seat"\nmsgstr "Chỗ"\n\nmsgid "Empty"\nmsgstr ""\n')
    (tmp_path / "b.po").write_text('msgid "Seat"\nmsgstr "Ghế"\n')

    _, faults = merged(tmp_path, "vi")

    assert faults == ["a.po: not translated: 'Empty'", "b.po: another wording exists: 'Seat'"]


def test_migrations_folder_is_the_one_that_commands_use() -> None:
    assert migrations.FOLDER == ROOT / "migrations"
