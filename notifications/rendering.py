"""From a message in the outbox to the letter that goes out."""

import hashlib
import hmac
import re
from contextlib import AbstractContextManager, nullcontext
from email.utils import parseaddr
from typing import Any

from flask import Flask, has_request_context, render_template
from flask_babel import force_locale

from core.i18n import translate
from core.keys import derived
from core.settings import Settings
from notifications.choices.links import code_of
from notifications.models import Message
from notifications.occasions import Occasion
from notifications.writing import Mail

SENDER_NAME = "Lifelong Learning Week"
"""Whose letters these are, as a msgid."""


def compose(app: Flask, occasion: Occasion, message: Message, *, locale: str | None = None) -> Mail:
    """The letter as it reads now, in the language of its recipient.

    Outside of a request Flask-Babel would keep the language for the whole
    application, so each letter gets a request context of its own; a page that
    shows a letter keeps the one it has.
    """
    settings: Settings = app.extensions["settings"]
    locale = locale or message.locale
    with _request(app, settings), force_locale(locale):
        made = occasion.compose(message.subject, locale)
        links = _links(occasion, message, settings)
        facts = {
            **made.facts,
            "public_url": settings.public_url,
            "choices_url": links.get("", ""),
            "is_answered": bool(made.reply_to),
        }
        return Mail(
            message_id=message.message_id or message_id(message, settings),
            recipient=message.recipient,
            subject=" ".join(_part(occasion, "subject.txt", facts).split()),
            text=_spaced(_part(occasion, "text.txt", facts)),
            html=_part(occasion, "html.html", facts),
            language=locale,
            attachments=made.attachments,
            invitation=made.invitation,
            reply_to=made.reply_to,
            headers={name: value for name, value in links.items() if name},
        )


def message_id(message: Message, settings: Settings) -> str:
    """The same for every attempt, so that a receiver can drop a copy."""
    key = "\n".join(
        [message.occasion, message.subject, message.recipient, str(message.revision)]
    ).encode()
    name = hmac.digest(derived("message-id"), key, hashlib.sha256).hex()
    domain = parseaddr(settings.mail_sender)[1].partition("@")[2]
    return f"<{name}@{domain or 'localhost'}>"


def _links(occasion: Occasion, message: Message, settings: Settings) -> dict[str, str]:
    """Where its recipient chooses, under no name, and the headers of RFC 8058."""
    if message.id is None:
        return {}
    address = f"{settings.public_url}/letters/{code_of(message.id)}"
    if not occasion.kind.may_be_refused:
        return {"": address}
    return {
        "": address,
        "List-Unsubscribe": f"<{address}/stop>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def sender_name(locale: str = "vi") -> str:
    """The name beside the sender's address."""
    return translate(SENDER_NAME, locale)


def _request(app: Flask, settings: Settings) -> AbstractContextManager[Any]:
    if has_request_context():
        return nullcontext()
    return app.test_request_context(base_url=settings.public_url)


def _part(occasion: Occasion, name: str, facts: dict[str, Any]) -> str:
    return render_template(f"emails/{occasion.name}/{name}", **facts)


def _spaced(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
