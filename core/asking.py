"""How granian puts a question to the application: as WSGI, with the right to answer it later."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from granian.wsgi import Response, ResponseIterWrap

from core.held import HELD, HOLD

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_ENVIRONMENT = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


def asked(
    application: Application, _options: dict[str, Any], _log_format: str | None = None
) -> Callable[[Any, dict[str, Any]], int]:
    """What granian calls with each question, in the place of its own wrapper of a WSGI callable.

    The environment of the process, with its secrets, is no part of a question.
    """
    return partial(_ask, application)


def _ask(application: Application, protocol: Any, scope: dict[str, Any]) -> int:
    started: Any = Response()
    body = application({**_ENVIRONMENT, **scope, HOLD: protocol.response_bytes}, started)
    if isinstance(body, list):
        protocol.response_bytes(started.status, started.headers, b"".join(body))
    elif body is not HELD:
        protocol.response_iter(started.status, started.headers, ResponseIterWrap(body))
    return int(started.status)
