"""Logs as one JSON object a line: the route's template, never the path, never a name."""

import logging
import time

import structlog
from flask import Flask, Response, g, request


def set_up(app: Flask) -> None:
    """Write one line for each request, without what its path may hold."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        if response.status_code >= 500 or app.debug:
            log.warning(
                "request",
                route=str(request.url_rule or "-"),
                method=request.method,
                status=response.status_code,
                ms=round(1000 * (time.perf_counter() - g.get("started", 0)), 1),
                failure=g.get("failure", ""),
            )
        return response
