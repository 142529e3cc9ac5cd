"""A week in which one human came to two units under two rows, and another shares her address."""

from typing import Any

from checkin import notice
from checkin.models import Attendance, Consent, Grade, Standing
from checkin.passport.codes import code_of
from core import clock
from tests.factories import (
    DURING,
    LONG_AGO,
    OPENING_DAY,
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_activity,
)

AFTERWARDS = clock.at(OPENING_DAY, 20)
TITLES = ("Tọa đàm sách", "Ngày hội đọc", "Lớp sơ cứu")


def came(activity: Any, person: Any, grade: Grade = Grade.STAFF_SCAN) -> Attendance:
    """The person was there, a quarter past the beginning."""
    return Attendance(
        activity_id=activity.id,
        session_id=activity.sessions[0].id,
        participant_id=person.id,
        grade=grade,
        at=DURING,
    )


class Week:
    """Lan came to two units, Hoa shares her address and her telephone and came to a third."""

    def __init__(self, given: Any) -> None:
        self.campaign = a_campaign(2027)
        units = [a_unit(name=name) for name in ("Thư viện tỉnh", "Trường Bình Minh", "Sở Y tế")]
        self.talk, self.fair, self.other = (
            an_activity(plan=a_plan(campaign=self.campaign, unit=unit), title=title)
            for unit, title in zip(
                units, ("Tọa đàm sách", "Ngày hội đọc", "Lớp sơ cứu"), strict=True
            )
        )
        same = {"email": "nha@example.com", "phone": "0912345678"}
        self.lan = a_participant("Trần Thị Lan", unit_text="Tổ 3", **same)
        self.again = a_participant("trần thị lan", email="NHA@example.com")
        self.hoa = a_participant("Trần Thị Hoa", **same)
        self.ahead = an_activity(
            plan=self.talk.plan, title="Bế mạc", starts_at=clock.at(OPENING_DAY.replace(day=7), 8)
        )
        given(self.talk, self.fair, self.other, self.lan, self.again, self.hoa, self.ahead)
        given(
            came(self.talk, self.lan),
            came(self.fair, self.again, Grade.STATIC_SELF_SCAN),
            came(self.other, self.hoa),
            a_registration(activity=self.ahead, participant=self.lan, standing=Standing.WAITING),
            self.agreed(self.lan, notice.SEAT),
            self.agreed(self.lan, notice.REMINDERS),
            self.agreed(self.again, notice.REMINDERS),
        )

    @staticmethod
    def agreed(person: Any, purpose: str) -> Consent:
        consent = notice.consent(purpose, locale="vi", now=LONG_AGO)
        consent.participant_id = person.id
        return consent


def path(person: Any, more: str = "") -> str:
    return f"/passport/{code_of(person)}{more}"
