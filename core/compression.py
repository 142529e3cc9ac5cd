"""Pages and sheets travel compressed, so that a phone's page stays under 100 kB.

Answers to programs, calendars, pictures and fonts are left as they are. A random
length goes into each page: what an attacker makes the page repeat can then not
be measured against its secrets (the BREACH attack).
"""

import gzip
import secrets
from functools import lru_cache
from io import BytesIO

from flask import Flask, Response, request

COMPRESSED = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/wasm",
        "image/svg+xml",
    }
)
WORTH_IT = 1024
"""Bytes below which nothing is gained."""


def set_up(app: Flask) -> None:
    """Compress what browsers ask for compressed."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer with its body as gzip, when the browser takes that and it is worth it."""
    if request.method not in {"GET", "HEAD"} or response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if not _can_be(response):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_IT:
        return response
    response.set_data(_sheet(body) if request.endpoint == "static" else _page(body))
    response.headers["Content-Encoding"] = "gzip"
    tag, _weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response


def _can_be(response: Response) -> bool:
    return (
        response.status_code not in {204, 206, 304}
        and (response.is_sequence or response.direct_passthrough)
        and "Content-Encoding" not in response.headers
        and request.method == "GET"
        and request.accept_encodings["gzip"] > 0
    )


def _page(body: bytes) -> bytes:
    """A page, its length blurred by a file name of random length in the header."""
    packed = BytesIO()
    name = secrets.token_urlsafe(secrets.randbelow(96) + 1)
    with gzip.GzipFile(name, "wb", compresslevel=5, fileobj=packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()


@lru_cache(maxsize=64)
def _sheet(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
