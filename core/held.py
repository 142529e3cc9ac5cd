"""Answers that tell what is durable: held open until the COMMIT that many of them share.

A thread that waits for the disk costs more than what it waits for: thirty of them fight for the
interpreter. Where the server can hold a question open, the thread is free again as soon as the
item stands in line, and the line gives the answer. Elsewhere the thread waits.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, current_app, request

from core.database import commit_later, commit_together
from core.together import In, Out, Settle

_log = logging.getLogger(__name__)

HOLD = "tuanhoc.hold"
"""Where a server that can hold a question open puts what answers it: status, headers, body."""
HELD: tuple[bytes, ...] = ()
"""What such a server is given instead of a body when the answer comes later."""

Fill = Callable[[Response, Out], None]
"""Puts into an answer what became of an item; without a request, so it asks none."""


def once_durable(settle: Settle[In, Out], item: In, fill: Fill[Out]) -> Response:
    """The answer that ``fill`` makes of an item once ``settle`` has seen to it and it is durable.

    What the database says against it is answered as if a view had met with it.
    """
    if HOLD in request.environ:
        return _Held(settle, item, fill)
    response = Response()
    fill(response, commit_together(settle, item))
    return response


def once_told(response: Response, tell: Callable[[Response], None]) -> None:
    """Look at an answer when it is known: at once, or after the COMMIT that it waits for."""
    if isinstance(response, _Held):
        response.told.append(tell)
    else:
        tell(response)


class _Held(Response):
    """An answer of which the headers are known and the rest is not."""

    def __init__(self, settle: Settle[In, Out], item: In, fill: Fill[Out]) -> None:
        super().__init__()
        self.told: list[Callable[[Response], None]] = []
        self._settle, self._item, self._fill = settle, item, fill
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> Iterable[bytes]:
        """Stand in line; the line answers."""

        def answer(outcome: Any, error: BaseException | None) -> None:
            try:
                response = self._filled(environ, outcome, error)
            except Exception:  # noqa: BLE001  whoever asked must be answered
                _log.exception("not even the refusal could be made")
                response = Response(status=500)
            headers = response.headers.to_wsgi_list()
            environ[HOLD](response.status_code, headers, response.get_data())

        commit_later(self._settle, self._item, answer)
        return HELD

    def _filled(
        self, environ: dict[str, Any], outcome: Any, error: BaseException | None
    ) -> Response:
        try:
            if error is not None:
                raise error
            self._fill(self, outcome)
        except Exception as fault:  # noqa: BLE001  whoever asked must be answered
            return self._refused(environ, fault)
        for tell in self.told:
            tell(self)
        return self

    def _refused(self, environ: dict[str, Any], fault: Exception) -> Response:
        """What the application says to a fault, in the request that met with it."""
        with self._app.request_context(environ):
            try:
                said = self._app.handle_user_exception(fault)
            except Exception as unknown:  # noqa: BLE001  Flask's own last answer
                return self._app.handle_exception(unknown)
            return self._app.finalize_request(said, from_error_handler=True)
