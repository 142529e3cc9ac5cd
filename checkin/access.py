"""How a program asks: what it sent is checked, its device recognised, the answer written."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _
from pydantic import ValidationError
from pydantic_core import to_json
from spectree import SecurityScheme, SpecTree
from spectree.models import InType, SecureType, SecuritySchemeData
from spectree.plugins.flask_plugin import FlaskPlugin

from checkin.devices import Recognised, recogniser
from checkin.schemas import Refused, Strict
from core import clock
from core.security import csrf

S = TypeVar("S", bound=Strict)

SCAN_LIMIT = 256 * 1024
"""Bytes of one question, with many lists in it."""
BATCH_LIMIT = 2 * 1024 * 1024
"""Bytes of a whole batch."""


class DescribeOnly(FlaskPlugin):
    """Spectree writes the description; the views check and word by themselves, once."""

    def validate(self, func: Callable[..., Any], *_options: Any, **places: Any) -> Any:
        """Answer as the view does."""
        return func(**places)


spec = SpecTree(
    backend=DescribeOnly,
    mode="strict",
    title="Check-in",
    version="1",
    openapi_version="3.1.0",
    validation_error_status=400,
    validation_error_model=Refused,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(
            name="device",
            data=SecuritySchemeData(
                type=SecureType.API_KEY,
                field_in=InType.HEADER,
                name="Authorization",
                description="`Device <token>`, from pairing or from `devices/initialize`.",
            ),
        )
    ],
)


class Malformed(Exception):
    """What was sent is not what the operation takes."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        self.faults = faults
        super().__init__()


class Unauthenticated(Exception):
    """No valid device token came with the request."""


def api_blueprint(name: str, module: str) -> Blueprint:
    """A part of the interface: no session, no cookie, no template on its way."""
    blueprint = Blueprint(name, module, url_prefix="/api")
    csrf.exempt(blueprint)
    blueprint.register_error_handler(Malformed, _malformed)
    blueprint.register_error_handler(Unauthenticated, _unauthenticated)
    return blueprint


def _malformed(error: Malformed) -> Response:
    """Which field, and what is wrong with it."""
    return answered(400, {"status": "error", "reason": "malformed", "faults": error.faults})


def _unauthenticated(_error: Unauthenticated) -> Response:
    """Unknown, expired and revoked tokens are answered the same."""
    refusal = answered(401, {"status": "error", "reason": "unauthenticated"})
    refusal.headers["WWW-Authenticate"] = "Device"
    return refusal


def device() -> Recognised:
    """The device that asks. Raises ``Unauthenticated``."""
    scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
    named = scheme.lower() == "device" and token
    found = recogniser.recognise(token, clock.now()) if named else None
    if found is None:
        raise Unauthenticated
    return found


def body(model: type[S]) -> S:
    """The body, of the form that is asked for. Raises ``Malformed``."""
    try:
        return model.model_validate_json(sent(SCAN_LIMIT))
    except ValidationError as error:
        raise Malformed(faults(error)) from None


def query(model: type[S]) -> S:
    """What stands behind the question mark; a field that takes many may stand there often."""
    many = {name for name, field in model.model_fields.items() if "list" in str(field.annotation)}
    values = request.args.to_dict(flat=False)
    given = {name: value if name in many else value[-1] for name, value in values.items()}
    try:
        return model.model_validate(given, strict=False)
    except ValidationError as error:
        raise Malformed(faults(error)) from None


def sent(limit: int) -> bytes:
    """The body; one sent in pieces has no length to refuse it by before it is read."""
    request.max_content_length = limit
    whole = request.get_data(cache=False)
    if request.content_length is None and len(whole) >= limit:
        abort(413)
    return whole


def faults(error: ValidationError) -> list[dict[str, str]]:
    """Each field that is wrong, in the words of whoever asks."""
    texts = {
        "missing": _("This is missing."),
        "extra_forbidden": _("There is no such field."),
        "json_invalid": _("This is not JSON."),
        "string_too_long": _("This is too long."),
        "too_long": _("These are too many."),
    }
    wrong = _("This is not of the form that is asked for.")
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        {"field": _place(fault["loc"]), "text": texts.get(fault["type"], wrong)}
        for fault in found[:20]
    ]


def _place(parts: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in parts)[:200].encode("utf-8", "replace").decode()


def answered(status: int, told: dict[str, Any]) -> Response:
    """The answer as JSON."""
    response = Response()
    tell(response, status, told)
    return response


def tell(response: Response, status: int, told: dict[str, Any]) -> None:
    """Put it into an answer that is there already."""
    response.status_code = status
    response.mimetype = "application/json"
    response.set_data(to_json(told))
