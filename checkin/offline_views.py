"""What a page needs once the network is gone: its files, listed for a service worker."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, url_for

LOOKS = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/print.css",
    "favicon.svg",
    "js/kept.js",
    "js/within.js",
    "vendor/be-vietnam-pro-*/*-[47]00-normal.woff2",
)
"""What every page of ours looks like."""


def worker(
    name: str, patterns: Sequence[str], scope: str, kept: Sequence[str] = (), pages: str = "$^"
) -> Response:
    """The service worker of a name, for pages below ``scope``.

    ``kept`` are addresses that it fetches at once beside its files; ``pages`` is the expression
    for the paths of pages that it keeps when they are opened. With other files, or other content
    of them, it is another worker.
    """
    root = Path(current_app.static_folder or "")
    wanted = (*LOOKS, *patterns)
    files, version = _shell(root, wanted, _stamp(root, wanted))
    whole = [*kept, *(url_for("static", filename=file) for file in files)]
    told = {"NAME": name, "KEPT": whole, "PAGES": pages, "VERSION": version}
    said = current_app.json.dumps
    head = "".join(f"const {key} = {said(value)};\n" for key, value in told.items())
    source = (root / "js" / "kept-worker.js").read_text(encoding="utf-8")
    answer = Response(head + source, mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = scope
    return answer


def _stamp(root: Path, patterns: Sequence[str]) -> float:
    """Becomes another when a file does."""
    return max(path.stat().st_mtime for path in _files(root, patterns))


@lru_cache(maxsize=8)
def _shell(root: Path, patterns: tuple[str, ...], _stamp: float) -> tuple[list[str], str]:
    files = _files(root, patterns)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return [path.relative_to(root).as_posix() for path in files], digest.hexdigest()[:16]


def _files(root: Path, patterns: Sequence[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file())
