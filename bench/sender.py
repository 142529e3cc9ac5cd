"""One sender in a process of its own: ``python -m bench.sender FOLDER URL PORT``.

Says when it is ready, sends all that is due once it is told to, and prints how many letters and the
seconds of processor that they took.
"""

import sys
import time
from pathlib import Path

from app import create_app
from bench import world
from core.settings import Settings
from notifications.clock import presence
from notifications.delivery import Sender


def main(folder: str, url: str, port: str) -> None:
    """Wait for a line, then send."""
    app = create_app(
        Settings(
            instance=Path(folder),
            database_url=url,
            secret_key=world.SECRET,
            mail_server="127.0.0.1",
            mail_port=int(port),
            mail_use_tls=False,
        )
    )
    here = presence(app)
    sender = Sender(app, here.owner("bench"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    spent = time.process_time()
    sys.stdout.write(f"{sender.run().sent} {time.process_time() - spent}\n")
    here.leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
