"""What the bench redeems: a made-up week whose doors are open, with many more tickets."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from accounts.models import Unit
from checkin.models import Attendance, Participant, Registration, Scan, ScanStatus, Standing
from checkin.tokens import ticket_secret
from core import clock, database, keys
from core.database import reading, transaction
from core.settings import Settings
from events.models import Activity, ActivityState, Counting, Session

ROOT = Path(__file__).parent.parent
SEED = 7
SECRET = "a-secret-of-the-bench-that-is-long-enough"  # noqa: S105  of a throw-away database


@dataclass(frozen=True)
class World:
    """A database ready to be scanned."""

    url: str
    environment: dict[str, str]
    token: str
    tickets: Path


def made(folder: Path, url: str, tickets: int, *, activities: int = 24, units: int = 8) -> World:
    """Fill an empty database; the rows that are only many go in together."""
    environment = {
        "TUANHOC_INSTANCE": str(folder),
        "TUANHOC_DATABASE_URL": url,
        "TUANHOC_SECRET_KEY": SECRET,
    }
    settings = Settings(
        instance=folder, database_url=url, secret_key=environment["TUANHOC_SECRET_KEY"]
    )
    manifest = folder / "manifest.json"
    _flask(environment, "db", "upgrade")
    _flask(
        environment,
        *("rehearsal", "load", "--seed", str(SEED), "--units", str(units)),
        *("--activities", str(activities), "--people", "400"),
        *("--open-now", "--out", str(manifest)),
    )
    told = json.loads(manifest.read_text())
    keys.configure(settings.secret_key)
    database.configure(url)
    secrets = folder / "tickets.txt"
    secrets.write_text("\n".join(_registered(tickets)) + "\n")
    if not url.startswith("sqlite"):
        _vacuum()
    return World(url, environment, told["device"]["token"], secrets)


def rows(world: World) -> tuple[int, int]:
    """Scans that were answered with ok, and attendances that stand on one."""
    database.configure(world.url)
    with reading() as opened:
        scans = opened.scalar(
            sa.select(sa.func.count(Scan.id)).where(
                Scan.status == ScanStatus.OK, Scan.nonce.like("%-0000-4000-8000-%")
            )
        )
        attended = opened.scalar(
            sa.select(sa.func.count(Attendance.id))
            .join(Scan, Scan.id == Attendance.scan_id)
            .where(Scan.nonce.like("%-0000-4000-8000-%"))
        )
    return scans or 0, attended or 0


def _registered(number: int) -> list[str]:
    now = clock.now()
    with transaction() as opened:
        activities = opened.scalars(
            sa.select(Activity.id)
            .join(Session)
            .where(Activity.state == ActivityState.RELEASED, Activity.counting == Counting.TICKETS)
            .where(Session.starts_at < now, Session.ends_at > now)
            .order_by(Activity.id)
        ).all()
        unit = opened.scalars(sa.select(Unit.id).order_by(Unit.id)).first()
        names = [
            {
                "name": f"Người thử {n}",
                "name_folded": f"nguoi thu {n}",
                "unit_id": unit,
                "created_at": now,
            }
            for n in range(number)
        ]
        people = opened.scalars(
            sa.insert(Participant).returning(Participant.id, sort_by_parameter_order=True), names
        ).all()
        seats = [
            {
                "activity_id": activities[n % len(activities)],
                "participant_id": person,
                "code": f"bench-{n}",
                "short_code": f"BENCH{n}",
                "standing": Standing.CONFIRMED,
                "serial": 0,
                "registered_at": now,
            }
            for n, person in enumerate(people)
        ]
        made = opened.scalars(
            sa.insert(Registration).returning(Registration, sort_by_parameter_order=True), seats
        ).all()
        return [ticket_secret(registration) for registration in made]


def _vacuum() -> None:
    with database.database().writer.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("VACUUM ANALYZE"))


def _flask(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"flask {' '.join(command)}: {done.stderr}")
