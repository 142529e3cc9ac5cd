"""What a certificate prints, and what the page that verifies it says."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from checkin import notice
from checkin.models import Participant
from checkin.passport import queries
from checkin.passport.models import Certificate
from core import clock
from core.codes import shown
from core.database import session
from core.i18n import N_, translate
from core.pdf import pdf
from core.qr import svg
from core.words import number


class Holds(StrEnum):
    """Whether what a certificate says is so."""

    YES = "yes"
    CHANGED = "changed"
    """An attendance that it names is not counted any more."""
    NAMELESS = "nameless"
    """The name was erased as it is for everyone, some time after the week."""
    REVOKED = "revoked"
    ERASED = "erased"
    """The person asked that nothing more is known of them."""


@dataclass(frozen=True)
class Visited:
    """One line of a certificate."""

    title: str
    unit: str
    day: date
    counted: bool


@dataclass(frozen=True)
class Verified:
    """What is said of a certificate to who has its code."""

    certificate: Certificate
    holds: Holds
    name: str
    """In full only as long as the person agrees to it."""
    is_full_name: bool
    visits: list[Visited]


def verified(code: str) -> Verified | None:
    """A certificate by its code without hyphens; nothing when there never was one."""
    certificate = session().scalar(queries.by_code(code))
    if certificate is None:
        return None
    person = certificate.participant
    is_full = shows_name(person)
    visits = visits_of(certificate)
    return Verified(
        certificate,
        _holds(certificate, visits),
        (person.name or "") if is_full else initials(person.name or ""),
        is_full,
        visits,
    )


def visits_of(certificate: Certificate) -> list[Visited]:
    """The lines of a certificate, each with whether it is still counted."""
    lines: list[dict[str, Any]] = certificate.facts["visits"]
    counted = queries.still_counted([line["attendance"] for line in lines])
    return [
        Visited(
            line["title"],
            line["unit"],
            date.fromisoformat(line["day"]),
            line["attendance"] in counted,
        )
        for line in lines
    ]


def shows_name(person: Participant) -> bool:
    """Whether the person agrees that their full name is shown."""
    people = queries.rows_of(person)
    return notice.SHOWN_NAME in (consent.purpose for consent in queries.consents(people))


def initials(name: str) -> str:
    """The first letters of a name: enough to compare with a paper, not to know a stranger."""
    return " ".join(f"{word[0].upper()}." for word in name.split())


def printed(certificate: Certificate, public_url: str, locale: str) -> bytes:
    """The certificate as a page to print."""
    person, campaign = certificate.participant, certificate.campaign
    code = shown(certificate.code)
    address = f"{public_url}/verify/{code}"
    visits = visits_of(certificate)
    words = {
        key: translate(sentence, locale, **facts)
        for key, (sentence, facts) in _sentences(len(visits), code, certificate, locale).items()
    }
    facts = {
        **words,
        "locale": locale,
        "week": campaign.title,
        "name": person.name or "",
        "from": person.unit.name if person.unit else person.unit_text,
        "visits": [
            {"title": visit.title, "unit": visit.unit, "day": f"{visit.day:%d/%m/%Y}"}
            for visit in visits
        ],
        "address": address,
        "qr": svg(address),
    }
    return pdf("certificate.typ", facts, made_at=certificate.issued_at)


def _sentences(
    visits: int, code: str, certificate: Certificate, locale: str
) -> dict[str, tuple[str, dict[str, Any]]]:
    """The words of the page, each with what fills it."""
    issued = f"{clock.local_day(certificate.issued_at):%d/%m/%Y}"
    return {
        "heading": (N_("Certificate of attendance"), {}),
        "certifies": (N_("This confirms that"), {}),
        "attended": (
            N_("was recorded as attending, %(count)s times in all:")
            if visits > 1
            else N_("was recorded as attending once:"),
            {"count": number(visits, locale)},
        ),
        "head_day": (N_("Day"), {}),
        "head_title": (N_("Activity"), {}),
        "head_unit": (N_("Held by"), {}),
        "issued": (N_("Issued on %(day)s by the programme's system."), {"day": issued}),
        "verify": (N_("Whoever doubts it may verify it with this code:"), {}),
        "code": (N_("Code: %(code)s"), {"code": code}),
        "foot": (
            N_(
                "Made from the records of attendance of the organising units. Valid without a "
                "signature or a seal for as long as the page of verification confirms it."
            ),
            {},
        ),
    }


def _holds(certificate: Certificate, visits: list[Visited]) -> Holds:
    if not certificate.facts["visits"]:
        return Holds.ERASED
    if certificate.revoked_at is not None:
        return Holds.REVOKED
    if not certificate.participant.name:
        return Holds.NAMELESS
    return Holds.YES if all(visit.counted for visit in visits) else Holds.CHANGED
