"""What is printed can be asked about: ``/verify/<code>``, for everyone.

Each kind of paper has codes of a shape of its own. A feature says which and how its page is
written; ``app.py`` hands the kinds over. Whatever is not known is answered in one way.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.codes import shown, typed
from core.limits import slow_down_here
from core.misses import missed, stop_guessing
from core.privacy import private

blueprint = Blueprint("verify", __name__)


@dataclass(frozen=True)
class Kind:
    """One kind of paper: the letters its codes begin with, how long they are, its page."""

    prefix: str
    length: int
    page: Callable[[str], str | None]
    """Given the code without hyphens; nothing when there is no such paper."""

    def reads(self, code: str) -> bool:
        """Whether it is a code of this kind, by its shape."""
        return len(code) == self.length and code.startswith(self.prefix)


KINDS: list[Kind] = []
"""Every kind of paper of this installation."""


@blueprint.get("/verify/")
def type_code() -> str:
    """Where the code of a paper is typed."""
    return render_template("verify/type_code.html", unknown=False)


@blueprint.post("/verify/")
def typed_code() -> Response:
    """Lead on to what the code stands for."""
    slow_down_here("verification", 30)
    code = shown(typed(request.form.get("code", "")[:80]))
    target = url_for("verify.show", code=code) if code else url_for("verify.type_code")
    return redirect(target, 303)


@blueprint.get("/verify/<code>")
def show(code: str) -> Response:
    """Say what a paper stands for, and whether it still holds."""
    stop_guessing()
    plain = typed(code[:80])
    kind = next((kind for kind in KINDS if kind.reads(plain)), None)
    page = kind.page(plain) if kind else None
    if page is None:
        missed()
        page = render_template("verify/type_code.html", unknown=True)
        return private(make_response(page, 404))
    return private(make_response(page))
