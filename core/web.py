"""What every page shares: a reading session, the language, filters, error pages."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, g, jsonify, redirect, render_template, request
from flask_babel import Babel, get_locale, gettext
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from core import clock, database, logs, words
from core.errors import DomainError
from core.i18n import DEFAULT_LOCALE, LOCALES
from core.security import csrf

blueprint = Blueprint("core", __name__)

LOCALE_COOKIE = "locale"


class Application(Flask):
    """Flask whose views are plain functions: it need not look at each call whether one is async."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number that every database can compare; beyond it is a 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**62)


def set_up(app: Flask) -> None:
    """Give the application its language, filters, sessions and error pages."""
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    Babel(
        app,
        default_locale=DEFAULT_LOCALE,
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories="translations",
        locale_selector=chosen_locale,
    )
    app.add_template_filter(clock.local, "local")
    app.add_template_filter(_day, "day")
    app.add_template_filter(_time, "time")
    app.add_template_filter(_hours, "hours")
    app.add_template_filter(_is_all_day, "is_all_day")
    app.add_template_filter(_moment, "moment")
    app.add_template_filter(_number, "number")
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["now"] = lambda: clock.now()
    app.before_request(open_reading)
    app.teardown_request(close_reading)
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(sa.exc.TimeoutError, unavailable)
    app.register_error_handler(DBAPIError, unstorable)
    app.register_error_handler(UnicodeEncodeError, malformed)
    app.register_error_handler(OverflowError, malformed)
    app.register_error_handler(500, failed)


def chosen_locale() -> str:
    """Vietnamese unless the visitor chose otherwise, whatever the browser prefers."""
    chosen = request.cookies.get(LOCALE_COOKIE, DEFAULT_LOCALE)
    return chosen if chosen in LOCALES else DEFAULT_LOCALE


def locale() -> str:
    """The language of this answer."""
    return str(get_locale() or DEFAULT_LOCALE)


def open_reading() -> None:
    """Let the page look at the database; it connects at the first question."""
    g.reading = database.begin_reading()


def close_reading(_error: BaseException | None) -> None:
    """Close what ``open_reading`` opened."""
    begun = g.pop("reading", None)
    if begun is not None:
        database.end_reading(*begun)


@blueprint.post("/locale")
def set_locale() -> BaseResponse:
    """Remember the visitor's language; another site gains nothing by it, and is refused."""
    wanted = request.form.get("locale", DEFAULT_LOCALE)
    response = redirect(local_path(request.form.get("next", "/")))
    response.set_cookie(
        LOCALE_COOKIE,
        wanted if wanted in LOCALES else DEFAULT_LOCALE,
        max_age=365 * 24 * 3600,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


csrf.exempt(set_locale)


@blueprint.get("/healthz")
def healthz() -> BaseResponse:
    """Alive: the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> BaseResponse:
    """Ready: the database answers too."""
    database.session().execute(sa.text("SELECT 1"))
    return jsonify(status="ok")


@blueprint.get("/favicon.ico")
def favicon() -> BaseResponse:
    """The sign of the house, for browsers that ask at the root."""
    return redirect("/static/favicon.svg", 301)


def local_path(target: str) -> str:
    """The target when it is a path of ours, ``/`` when it leads anywhere else."""
    plain = "".join(c for c in target if c > " " and c != "\\")
    return plain if plain.startswith("/") and not plain.startswith("//") else "/"


def wants_json() -> bool:
    """Whether the answer is for a program."""
    return request.path.startswith("/api/")


def refused(error: DomainError) -> tuple[Any, int]:
    """A rule said no: its sentence, on a page or as JSON."""
    text = error.text(locale())
    if wants_json():
        return jsonify(status="error", reason=type(error).__name__, message=text), error.status
    return _page(error.status, text), error.status


def failed(error: HTTPException | Exception) -> Any:
    """A page, or JSON, for every HTTP error."""
    status = error.code or 500 if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    if status < 400:
        return error
    headers = error.get_headers() if isinstance(error, HTTPException) else []
    kept = {k: v for k, v in headers if k in {"Allow", "Retry-After"}}
    if wants_json():
        return jsonify(status="error", reason=words.REASONS.get(status, "error")), status, kept
    return _page(status, ""), status, kept


def unavailable(error: Exception) -> tuple[Any, int, dict[str, str]]:
    """The database cannot be used right now: nothing was written, try again."""
    g.failure = error
    if wants_json():
        return jsonify(status="error", reason="unavailable"), 503, {"Retry-After": "2"}
    return _page(503, ""), 503, {"Retry-After": "5"}


def unstorable(error: DBAPIError) -> Any:
    """Text or a number that no database can keep is the sender's fault; the rest is ours."""
    if isinstance(error, sa.exc.DataError):
        return malformed(error)
    raise error


def malformed(_error: Exception) -> tuple[Any, int]:
    """What was sent cannot be kept by any database: a lone surrogate, a number too large."""
    if wants_json():
        return jsonify(status="error", reason="malformed"), 400
    return _page(400, ""), 400


def _page(status: int, sentence: str) -> str:
    """The page of a fault; without the database still a page, only a plainer one."""
    facts = {"status": status, "sentence": sentence, "reference": logs.reference()}
    try:
        return render_template("errors/page.html", **facts)
    except SQLAlchemyError:
        return render_template("errors/plain.html", **facts)


def _day(value: date | datetime) -> str:
    day = clock.local_day(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def _time(value: datetime) -> str:
    wall = clock.local(value)
    return f"{wall:%H} giờ {wall:%M}" if locale() == "vi" else f"{wall:%H:%M}"


def _is_all_day(span: Any) -> bool:
    return clock.is_whole_days(span.starts_at, span.ends_at)


def _hours(span: Any) -> str:
    """From when to when something that has ``starts_at`` and ``ends_at`` runs on its day."""
    if _is_all_day(span):
        return gettext("all day")
    return f"{_time(span.starts_at)} – {_time(span.ends_at)}"


def _moment(value: datetime) -> str:
    join = "ngày" if locale() == "vi" else "on"
    return f"{_time(value)} {join} {_day(value)}"


def _number(value: int) -> str:
    return words.number(value, locale())
