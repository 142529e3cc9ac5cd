"""A process that brings forth others, each of which is one of the commands of ``flask``.

``python -m tests.notifications.workers.mother``: for each line on its input, the settings and
the words of a command as JSON, it makes a process and prints its number. They share what was
loaded before, so that one more costs milliseconds.
"""

import json
import os
import signal
import sys

from flask.cli import ScriptInfo, cli

import notifications.workers.worker
from app import create_app

LOADED = (create_app, notifications.workers.worker)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        settings, words, log = json.loads(line)
        child = os.fork()
        if child == 0:
            become(settings, words, log)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def become(settings: dict[str, str], words: list[str], log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(file, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(settings)
    cli.main(args=words, obj=ScriptInfo(create_app=create_app))
    os._exit(0)


if __name__ == "__main__":
    main()
