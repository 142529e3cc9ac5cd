"""Logs as one JSON object a line: the route's template, never the path, never a name.

Paths, forms and the messages of most errors hold codes, names and addresses of
people. A fault is told by its kind and by the lines of our code it went through.
"""

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, got_request_exception, request

from core.held import once_told
from core.settings import Settings

_ABOUT_CODE = (AttributeError, ImportError, NameError, NotImplementedError, SyntaxError)
"""Faults whose messages speak of code, not of people."""

Fault = tuple[type[BaseException], BaseException, TracebackType | None]


class _Stderr:
    """Writes a line to whatever standard error is now."""

    def msg(self, line: str) -> None:
        """One line, at once."""
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = msg


def set_up(app: Flask, settings: Settings) -> None:
    """Write a line for each request that failed, or for each one when the setting says so."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Stderr(),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()
    app.log_exception = _silent  # type: ignore[method-assign,assignment]
    got_request_exception.connect(_remember, app)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        if settings.access_log or response.status_code >= 500:
            once_told(response, partial(_tell, log, _asked(response.status_code)))
        return response


def reference() -> str:
    """The word that stands on the page of a fault and in the log beside it."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    word: str = g.reference
    return word


def speak_json() -> None:
    """Let every library of this process write lines like ours, without its messages' arguments."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def told(error: BaseException) -> dict[str, Any]:
    """A fault without people: its kind, and where in the code it went through."""
    kinds = [type(e).__name__ for e in _chain(error)]
    facts: dict[str, Any] = {"failure": " from ".join(kinds), "trace": _trace(error)}
    if isinstance(error, _ABOUT_CODE):
        facts["says"] = str(error)
    return facts


def _asked(status: int) -> dict[str, Any]:
    """What is known of a request before its answer: of a fault also where it happened."""
    facts: dict[str, Any] = {
        "route": str(request.url_rule or "-"),
        "method": request.method,
        "started": g.get("started", time.perf_counter()),
    }
    if status >= 500:
        error = g.get("failure")
        facts |= {"reference": reference(), **(told(error) if error is not None else {})}
    return facts


def _tell(log: Any, asked: dict[str, Any], response: Response) -> None:
    """The line of a request whose answer is known."""
    level = log.error if response.status_code >= 500 else log.info
    ms = round(1000 * (time.perf_counter() - asked["started"]), 1)
    facts = {name: value for name, value in asked.items() if name != "started"}
    level("request", **facts, status=response.status_code, ms=ms)


def _remember(_app: Flask, exception: BaseException, **_: Any) -> None:
    g.failure = exception


def _silent(_info: Any) -> None:
    """Flask's own line holds the path; the line of the request says the rest."""


def _chain(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) and cause not in found:
        found.append(cause)
    return found


def _trace(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class _Line(logging.Formatter):
    """A library's record as one of our lines."""

    def format(self, record: logging.LogRecord) -> str:
        """The words of the programmer, not the values put into them."""
        line: dict[str, Any] = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)
