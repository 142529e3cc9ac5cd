"""What every answer carries and every posted form must show."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from core.settings import Settings

csrf = CSRFProtect()
V = TypeVar("V", bound=Callable[..., Any])

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def _headers(policy: str, camera: str) -> list[tuple[str, str]]:
    return [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", f"camera={camera}, microphone=(), geolocation=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]


_ELSEWHERE = _headers(_POLICY, camera="()")
_AT_DOOR = _headers(
    f"{_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'", camera="(self)"
)
BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a request; more is refused before it is read."""


class SessionsOnDemand(SecureCookieSessionInterface):
    """Flask's signed cookie; who brings none, such as a scanner, costs no signing machinery."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """An empty session, unless the cookie says more."""
        if "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to keep of a session that nobody looked at or filled."""
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


def set_up(app: Flask, settings: Settings) -> None:
    """Limits, cookies, headers and the check for foreign forms."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.session_interface = SessionsOnDemand()
    app.before_request(allow_files)
    csrf.init_app(app)
    app.before_request(refuse_foreign_posts)
    app.after_request(add_headers)


def takes_files(limit: int) -> Callable[[V], V]:
    """Let a view read a larger request, up to so many bytes: it takes files."""

    def mark(view: V) -> V:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def allow_files() -> None:
    """Raise the limit where the view says so, before anybody reads the form."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "body_limit", None)
    if limit is not None:
        request.max_content_length = limit


def refuse_foreign_posts() -> None:
    """Second layer against forged requests: the browser's own word, when it gives one."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "")
    if site == "cross-site" or (
        origin not in {"", "null"} and urlsplit(origin).netloc != request.host
    ):
        abort(403)


def add_headers(response: Response) -> Response:
    """A strict policy everywhere; the camera on the door alone."""
    headers = response.headers
    said = {name.lower() for name, _value in headers}
    wanted = _AT_DOOR if request.path.startswith("/door") else _ELSEWHERE
    headers.extend([pair for pair in wanted if pair[0].lower() not in said])
    if "cache-control" not in said and request.endpoint != "static":
        headers["Cache-Control"] = "no-store" if _is_staff_page() else "no-cache"
    return response


def _is_staff_page() -> bool:
    return request.path.startswith(("/desk", "/office", "/door", "/tickets", "/api"))
