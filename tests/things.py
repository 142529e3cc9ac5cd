"""The objects of one unit, for whoever asks what may be done with them."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from accounts.models import Account, Role, Succession, SuccessionKind, Unit
from accounts.tree.models import ChangeKind, PlannedChange
from checkin.hall.models import Screen
from checkin.models import Attendance, Device, Grade, Registration
from checkin.passport.models import Certificate, PassportLetter
from checkin.points.models import Point
from core import files
from core.database import transaction
from core.jobs import Job, JobState
from core.spreadsheets.preview import Preview
from events.cloning.models import Cloning, Shift
from events.duties.models import Handout, Inspection, Photo
from events.models import (
    Activity,
    Assignment,
    Campaign,
    CampaignKind,
    Counting,
    DutyRole,
    Evidence,
    Format,
    Plan,
    Venue,
)
from events.proposals import document as documents
from events.proposals import reading
from events.proposals.models import Proposal
from events.releases.models import Release, Review, ReviewRule
from notifications.choices.models import Suppression
from notifications.models import Message
from notifications.reminders.models import ReminderRule
from reports.models import Snapshot
from reports.snapshots import make_snapshot
from tests.factories import (
    DURING,
    LONG_AGO,
    a_campaign,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)

T = TypeVar("T")


class Things:
    """The objects of one unit, each made when it is first asked for."""

    def __init__(
        self, unit: Unit, campaign: Campaign, earlier: Campaign, keep: Callable[..., Any]
    ) -> None:
        self.unit = unit
        self.campaign = campaign
        self._earlier = earlier
        self._keep = keep

    def _kept(self, row: T) -> T:
        self._keep(row)
        return row

    @cached_property
    def account(self) -> Account:
        """A person with two roles on the unit."""
        return self._kept(an_account((Role.ORGANISER, self.unit), (Role.STEWARD, self.unit)))

    @cached_property
    def planned_change(self) -> PlannedChange:
        """The unit goes into another one next year."""
        facts = {"kind": ChangeKind.MERGE, "happens_on": date(2029, 1, 1), "planned_at": LONG_AGO}
        return self._kept(
            PlannedChange(unit_id=self.unit.id, other_id=self._kept(a_unit()).id, **facts)
        )

    @cached_property
    def succession(self) -> Succession:
        """What the unit was split from."""
        facts = {"kind": SuccessionKind.SPLIT, "happened_on": date(2025, 7, 1)}
        earlier = self._kept(a_unit(parent=self.unit))
        return self._kept(Succession(earlier_id=earlier.id, later_id=self.unit.id, **facts))

    @cached_property
    def plan(self) -> Plan:
        return self._kept(a_plan(campaign=self.campaign, unit=self.unit))

    @cached_property
    def earlier_plan(self) -> Plan:
        """The plan of the year before."""
        return self._kept(a_plan(campaign=self._earlier, unit=self.unit))

    @cached_property
    def released(self) -> Release:
        """The first version of the plan."""
        moment = {"released_at": LONG_AGO, "useful_until": LONG_AGO}
        return self._kept(Release(plan_id=self.plan.id, number=1, facts={}, changes=[], **moment))

    @cached_property
    def watched_plan(self) -> Plan:
        """The plan of a unit below, which the unit asks to see before it is released."""
        self._kept(ReviewRule(unit_id=self.unit.id, since=LONG_AGO))
        return self._kept(a_plan(campaign=self.campaign, unit=a_unit(parent=self.unit)))

    @cached_property
    def movement(self) -> Campaign:
        """A movement for which the unit has issued its plan; each unit has one of its own year."""
        found = a_campaign(2100 + self.unit.id % 7000, kind=CampaignKind.MOVEMENT)
        return self._kept(a_plan(campaign=found, unit=self.unit)).campaign

    @cached_property
    def review(self) -> Review:
        """What was laid before the unit."""
        facts = {"unit_id": self.unit.id, "seen": {}, "asked_at": LONG_AGO, "useful_until": DURING}
        return self._kept(Review(plan_id=self.watched_plan.id, **facts))

    @cached_property
    def cloning(self) -> Cloning:
        """The earlier plan laid beside the new one."""
        facts = {"parts": ["activities"], "shift": Shift.RUN, "changes": {}, "outcome": {}}
        return self._kept(
            Cloning(
                source_id=self.earlier_plan.campaign_id,
                target_id=self.campaign.id,
                unit_id=self.unit.id,
                created_at=LONG_AGO,
                **facts,
            )
        )

    @cached_property
    def duty(self) -> Assignment:
        facts = {"role": DutyRole.LEAD, "duty": "Treo băng rôn"}
        told = {"told_at": LONG_AGO}
        return self._kept(Assignment(plan_id=self.plan.id, unit_id=self.unit.id, **facts, **told))

    @cached_property
    def handout(self) -> Handout:
        """The link of the unit to its duties, and a duty."""
        assert self.duty
        facts = {"serial": 0, "told_at": LONG_AGO}
        return self._kept(Handout(plan_id=self.plan.id, unit_id=self.unit.id, **facts))

    @cached_property
    def photo(self) -> Photo:
        """A photo of the duty, which may be shown in public, with its files."""
        assert self.handout
        shown = self._kept(Evidence(assignment_id=self.duty.id, note="Ảnh", added_at=LONG_AGO))
        code = f"PHOTO{self.unit.id}"
        facts = {"width": 1, "height": 1, "digest": "", "fingerprint": "0" * 32}
        for size in ("", "-small"):
            files.put(f"photos/ph/{code.lower()}{size}.jpg", b"jpeg")
        return self._kept(Photo(evidence_id=shown.id, code=code, public_since=LONG_AGO, **facts))

    @cached_property
    def inspection(self) -> Inspection:
        return self._kept(
            Inspection(
                campaign_id=self.campaign.id,
                unit_id=self.unit.id,
                inspected_on=LONG_AGO.date(),
                inspectors="Đoàn kiểm tra",
                finding="Đã treo đủ băng rôn",
                written_at=LONG_AGO,
            )
        )

    @cached_property
    def proposal(self) -> Proposal:
        """A plan document of the unit, taken in and not looked over yet."""
        text = "KẾ HOẠCH\nTổ chức Tuần lễ\nI. NỘI DUNG\n- Treo băng rôn."
        understood = reading.read(documents.from_text(text)).to_json()
        return self._kept(
            Proposal(
                unit_id=self.unit.id,
                source_name="",
                text=text,
                understood={**understood, "campaign": "week", "title": "Kế hoạch"},
                decisions={},
                made={},
                created_at=LONG_AGO,
                changed_at=LONG_AGO,
            )
        )

    @cached_property
    def venue(self) -> Venue:
        return self._kept(Venue(name="Hội trường", unit_id=self.unit.id))

    @cached_property
    def activity(self) -> Activity:
        """An activity of the plan, released, with seats."""
        return self._kept(an_activity(plan=self.plan))

    @cached_property
    def evidence(self) -> Evidence:
        found = Evidence(activity_id=self.activity.id, note="Ảnh", added_at=LONG_AGO)
        return self._kept(found)

    @cached_property
    def registration(self) -> Registration:
        return self._kept(a_registration(activity=self.activity))

    @cached_property
    def poster(self) -> Activity:
        """An activity that people scan themselves."""
        return self._kept(an_activity(plan=self.plan, counting=Counting.SELF_SCAN))

    @cached_property
    def screen(self) -> Screen:
        """What shows the code in its hall."""
        facts = {"created_at": LONG_AGO, "expires_at": DURING}
        return self._kept(
            Screen(activity_id=self.poster.id, pairing_hash=f"{self.unit.id}", **facts)
        )

    @cached_property
    def tallied(self) -> Activity:
        """An activity whose heads are counted, here and at other places."""
        facts = {"counting": Counting.TALLY, "format": Format.HYBRID}
        return self._kept(an_activity(plan=self.plan, **facts))

    @cached_property
    def phone(self) -> Screen:
        """What counts heads there without an account."""
        facts = {"created_at": LONG_AGO, "expires_at": DURING, "only_counts": True}
        return self._kept(
            Screen(activity_id=self.tallied.id, pairing_hash=f"phone {self.unit.id}", **facts)
        )

    @cached_property
    def point(self) -> Point:
        """Another place of it."""
        facts = {"activity_id": self.tallied.id, "created_at": LONG_AGO}
        return self._kept(Point(name="Điểm cầu", **facts))

    @cached_property
    def self_scan(self) -> Attendance:
        return self._kept(
            Attendance(
                activity_id=self.poster.id,
                session_id=self.poster.sessions[0].id,
                pass_id=f"pass-{self.unit.id}",
                grade=Grade.STATIC_SELF_SCAN,
                at=DURING,
            )
        )

    @cached_property
    def new_address(self) -> PassportLetter:
        """An address that somebody gave for their page and has not confirmed."""
        person = self.registration.participant_id
        facts = {"asked_at": DURING, "email": "moi@example.com"}
        return self._kept(PassportLetter(participant_id=person, **facts))

    @cached_property
    def certificate(self) -> Certificate:
        """What somebody who registered attended, on paper."""
        day = {"attendance": 0, "title": "Hội thảo", "unit": "Sở", "day": "2027-10-01"}
        return self._kept(
            Certificate(
                code=f"CERT{self.unit.id}",
                participant=self.registration.participant,
                campaign_id=self.campaign.id,
                facts={"visits": [day]},
                issued_at=LONG_AGO,
            )
        )

    @cached_property
    def device(self) -> Device:
        return self._kept(
            Device(
                name="Máy quét",
                token_hash=f"hash-{self.unit.id}",
                unit_id=self.unit.id,
                created_at=LONG_AGO,
                expires_at=DURING,
            )
        )

    @cached_property
    def snapshot(self) -> Snapshot:
        """The report of the unit, frozen."""
        with transaction() as opened:
            unit, campaign = opened.merge(self.unit), opened.merge(self.campaign)
            return make_snapshot(unit, campaign, actor=None, now=LONG_AGO).snapshot

    @cached_property
    def table_import(self) -> Job:
        """A table that somebody of the unit brought in and has looked at."""
        preview = Preview([], [], [])
        outcome = {"kept": False, "counts": preview.counts(), "fingerprint": "", "notes": [],
                   "ignored": [], "said": ""}  # fmt: skip
        return self._kept(self._job(outcome=outcome, result=preview.packed(), file=b"x"))

    @cached_property
    def kept_import(self) -> Job:
        """The same, kept, with something to hand over."""
        counts = Preview([], [], []).counts()
        return self._kept(self._job(outcome={"kept": True, "counts": counts}, result=b"x"))

    @cached_property
    def sheet_file(self) -> Job:
        """A long list to sign that is ready."""
        moments = {"asked_at": LONG_AGO, "finished_at": LONG_AGO}
        return self._kept(
            Job(
                kind="sign_in_sheets", state=JobState.DONE, asked_by=1, result=b"x",
                outcome={"rows": 1}, facts={"sheets": [], "paths": [self.unit.path]}, **moments,
            )
        )  # fmt: skip

    def _job(self, **facts: Any) -> Job:
        asked = {"sheet": "venues", "paths": [self.unit.path], "locale": "vi"}
        return Job(
            kind="sheet_preview", state=JobState.DONE, asked_by=1, asked_at=LONG_AGO,
            finished_at=LONG_AGO, facts=asked, **facts,
        )  # fmt: skip

    @cached_property
    def reminder(self) -> ReminderRule:
        """A reminder about the activity that was not switched on yet."""
        facts = {"anchor": "start", "days": -1, "at_minute": 600, "audience": "host_unit"}
        words = {"title_vi": "Ngày mai", "text_vi": "{activity}"}
        return self._kept(
            ReminderRule(
                unit_id=self.unit.id, sort="activity", subject_id=self.activity.id, version=1,
                created_at=LONG_AGO, changed_at=LONG_AGO, **facts, **words,
            )
        )  # fmt: skip

    @cached_property
    def suppression(self) -> Suppression:
        return self._kept(
            Suppression(
                address_key=f"key-{self.unit.id}",
                address="gone@example.com",
                unit_id=self.unit.id,
                answer="550 no such person",
                since=LONG_AGO,
            )
        )

    @cached_property
    def message(self) -> Message:
        return self._kept(
            Message(
                occasion="report_due",
                subject=f"unit:{self.unit.id}",
                recipient="office@example.com",
                unit_id=self.unit.id,
                due_at=LONG_AGO,
                useful_until=DURING,
                created_at=LONG_AGO,
                next_attempt_at=LONG_AGO,
            )
        )
