"""A small week with everything that a report prints, for the tests of documents."""

from datetime import date

from accounts.models import Role, Unit, UnitKind
from checkin.models import Attendance, Grade, Group, Tally
from core import clock
from core.database import transaction
from events.models import (
    Activity,
    ActivityKind,
    Campaign,
    Counting,
    Deadline,
    DeadlineKind,
    Evidence,
    Format,
)
from reports import declarations, snapshots
from reports.frozen import Frozen, frozen
from tests.factories import (
    a_campaign,
    a_participant,
    a_plan,
    a_unit,
    an_account,
    an_activity,
)

CUT_OFF = clock.at(date(2027, 10, 8), 8)


class Week:
    """A department that reports to another, with one centre below it."""

    def __init__(self, given) -> None:
        self.given = given
        self.province = a_unit(
            code="ubnd",
            kind=UnitKind.PROVINCE,
            name="Ủy ban nhân dân Thành phố Hồ Chí Minh",
            email="ubnd@example.com",
        )
        self.education = a_unit(
            code="so-gddt",
            parent=self.province,
            name="Sở Giáo dục và Đào tạo",
            email="gddt@example.com",
        )
        self.unit = a_unit(
            code="so-khcn",
            parent=self.province,
            name="Sở Khoa học và Công nghệ",
            short_name="Sở KH&CN",
            place="Thành phố Hồ Chí Minh",
            symbol="SKHCN",
            head_title="GIÁM ĐỐC",
            headcount=100,
            reports_to=self.education,
            email="khcn@example.com",
        )
        self.centre = a_unit(
            code="tttt",
            parent=self.unit,
            name="Trung tâm Thông tin",
            reports_to=self.unit,
            headcount=10,
        )
        self.campaign: Campaign = a_campaign(2027, theme="Phát triển văn hóa đọc")
        self.campaign.deadlines = [
            Deadline(kind=DeadlineKind.UNIT_REPORT, due_at=clock.at(date(2027, 10, 10), 17)),
            Deadline(kind=DeadlineKind.DEPARTMENT_REPORT, due_at=clock.at(date(2027, 10, 15), 17)),
        ]
        self.plan = a_plan(
            campaign=self.campaign,
            unit=self.unit,
            document_symbol="4013/KH-SKHCN",
            issued_on=date(2027, 9, 30),
        )
        self.reporter = an_account((Role.REPORTER, self.unit))
        given(self.province, self.education, self.unit, self.centre, self.plan, self.reporter)

    def activity(self, slug: str, unit: Unit | None = None, **facts) -> Activity:
        activity: Activity = an_activity(plan=self.plan, unit=unit or self.unit, slug=slug, **facts)
        self.given(activity)
        return activity

    def attended(self, activity: Activity, *names: str | None, **facts) -> None:
        for name in names:
            who = a_participant(name, group=Group.STAFF)
            self.given(who)
            self.given(
                Attendance(
                    activity_id=activity.id,
                    session_id=activity.sessions[0].id,
                    participant_id=who.id,
                    grade=Grade.STAFF_SCAN,
                    at=activity.starts_at,
                )
            )

    def filled(self) -> "Week":
        """Held, counted and declared."""
        opening = self.activity("le-phat-dong", kind=ActivityKind.OPENING, format=Format.HYBRID)
        banner = self.activity("bang-ron", kind=ActivityKind.BANNER, counting=Counting.EVIDENCE)
        fair = self.activity("hoi-sach", self.centre, kind=ActivityKind.BOOKS)
        self.attended(opening, "Trần Lan", "Lê Minh", None)
        self.given(
            Tally(
                activity_id=fair.id,
                session_id=fair.sessions[0].id,
                group=Group.RESIDENT,
                count=1124,
                at=fair.ends_at,
            ),
            Evidence(activity_id=banner.id, note="Ảnh", count=12, added_at=banner.starts_at),
        )
        self.declare("B1", 12, source="Ảnh")
        self.declare("B1", 3, unit=self.centre)
        self.declare("F3", 90)
        self.declare("F3", 20, unit=self.centre)
        return self

    def declare(self, code: str, value: int, *, unit: Unit | None = None, **facts) -> None:
        facts = {"source": "", "reason": "", "now": CUT_OFF, **facts}
        with transaction():
            declarations.declare(
                unit or self.unit, self.campaign, code, value=value, actor=self.reporter, **facts
            )

    def write(self, section: str, text: str) -> None:
        with transaction():
            declarations.write(
                self.unit, self.campaign, section, text, actor=self.reporter, now=CUT_OFF
            )

    def snapshot(self, unit_code: str = "so-khcn", now=CUT_OFF) -> snapshots.Made:
        with transaction():
            unit, campaign = snapshots.get_subject(2027, unit_code)
            return snapshots.make_snapshot(unit, campaign, actor=None, now=now)

    def frozen(self) -> Frozen:
        return frozen(self.snapshot().snapshot, "https://tuanle.example.vn")
