"""A process that brings forth others, each of which ticks or sends until it is killed.

``python -m tests.notifications.sender_process URL INSTANCE PORT``; for each line on its
input, ``send`` or ``tick``, it makes a process and prints its number. They share what was
loaded before, so that one more costs milliseconds.
"""

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from notifications import breaker, jobs, outbox
from notifications.clock import presence
from notifications.delivery import Sender
from notifications.lease import LeaseLost
from notifications.mailer import Mailer
from tests.notifications.people import AGAIN, ONCE, office, welcoming
from tests.notifications.slots import JOB

AFTER_THE_DOT = 0.6
"""Seconds that a server may take for its answer here."""
LENGTH = timedelta(seconds=1.5)
"""The lease of the clocks here; short, so that a test is."""


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            work(line.strip(), *sys.argv[1:4])
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def work(part: str, url: str, instance: str, port: str) -> None:
    outbox.PAUSES[:] = breaker.PAUSES[:] = [timedelta(seconds=0.1)]
    app = office(url, Path(instance), port=int(port), mail_timeout=2.0)
    welcoming(app, ONCE, AGAIN)
    here = presence(app)
    mailer = Mailer(app, name="Tuần lễ", after_the_dot=AFTER_THE_DOT)
    sender = Sender(app, here.owner("sender"), to=mailer)
    while True:
        if part == "send":
            jobs.tick(list(app.extensions["occasions"].values()), here)
            sender.run()
            time.sleep(0.05)
        else:
            try:
                jobs.tick([], here, jobs=[JOB], length=LENGTH)
            except (LeaseLost, DBAPIError):
                sys.stderr.write("lost\n")
            time.sleep(0.1)


if __name__ == "__main__":
    main()
