"""Scanners that come back from an outage at once: 200 scans in each thing they hand in."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench import load, world
from checkin.models import Attendance, Scan
from core import database
from core.database import reading

BATCH = "/api/v1/checkin/batch"
SCANS, TICKETS, CLIENTS = 200, 20_000, 4
GOAL = 10_000
"""Scans a second that it should be."""


def measured(folder: Path, url: str, say: Callable[[str], None]) -> bool:
    """Hand every ticket in once, then everything once more; whether each was counted once."""
    ready = world.made(folder, url, TICKETS)
    bodies = _bodies(ready.tickets.read_text().splitlines())
    say(f"\nAfter an outage, {url.partition(':')[0]}: {SCANS} scans a batch, {CLIENTS} scanners")
    with load.serving(*load.ours(ready.environment)):
        for what in ("new scans", "the same again"):
            seconds = _handed_in(bodies, ready.token)
            rate = TICKETS / seconds
            say(f"  {what:16} {rate:8,.0f} scans/s  {seconds:6.2f} s  (goal {GOAL:,})")
    with reading() as opened:
        scans = opened.scalar(sa.select(sa.func.count(Scan.id)).where(Scan.made_at.is_not(None)))
        counted = opened.scalar(
            sa.select(sa.func.count(Attendance.id))
            .join(Scan, Scan.id == Attendance.scan_id)
            .where(Scan.made_at.is_not(None))
        )
    database.database().dispose()
    whole = scans == counted == TICKETS
    say(f"  rows afterwards: {scans} scans, {counted} attendances, for {TICKETS} tickets handed in")
    return whole


def _bodies(secrets: list[str]) -> list[bytes]:
    now = datetime.now(UTC)
    made = (now - timedelta(seconds=30)).isoformat()
    return [
        json.dumps(
            {
                "sent_at": now.isoformat(),
                "scans": [
                    {"secret": secret, "nonce": str(uuid.uuid4()), "datetime": made}
                    for secret in secrets[first : first + SCANS]
                ],
            }
        ).encode()
        for first in range(0, len(secrets), SCANS)
    ]


def _handed_in(bodies: list[bytes], token: str) -> float:
    """Seconds until all are answered."""
    threads = [
        threading.Thread(target=_hand_in, args=(bodies[n::CLIENTS], token)) for n in range(CLIENTS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def _hand_in(bodies: list[bytes], token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", load.PORT, timeout=60)
    headers = {"Authorization": f"Device {token}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", BATCH, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{BATCH}: {answer.status} {told[:200]!r}")
    connection.close()
