"""A process of its own that ticks or sends until it is killed.

``python -m tests.notifications.sender_process send|tick URL INSTANCE PORT``
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

from notifications import jobs, outbox
from notifications.clock import presence
from notifications.delivery import Sender
from notifications.lease import LeaseLost
from tests.notifications.people import office
from tests.notifications.slots import JOB

LENGTH = timedelta(seconds=1.5)
"""The lease of the clocks here; short, so that a test is."""


def main() -> None:
    part, url, instance, port = sys.argv[1:5]
    outbox.PAUSES[:] = [timedelta(seconds=0.1)]
    app = office(url, Path(instance), port=int(port), mail_timeout=2.0)
    here = presence(app)
    sender = Sender(app, here.owner("sender"))
    while True:
        if part == "send":
            jobs.tick(list(app.extensions["occasions"].values()), here)
            sender.run()
            time.sleep(0.05)
        else:
            try:
                jobs.tick([], here, jobs=[JOB], length=LENGTH)
            except LeaseLost:
                sys.stderr.write("lost\n")
            time.sleep(0.1)


if __name__ == "__main__":
    main()
