"""The page on which a person decides: what is kept, changed, left out, put aside."""

import pytest

from accounts.models import AuditEntry, Unit, UnitKind
from events.proposals.models import Proposal, ProposalState
from events.proposals.services import MOST_LETTERS
from tests.events.pages import page
from tests.events.proposals.conftest import PLAN, as_file

LETTER = "Kính gửi ông Nam,\nMời ông đến dự tiệc sinh nhật lúc 18 giờ.\nTrân trọng."


def test_each_part_leads_to_its_sentence(boss, taken_in) -> None:
    text = page(boss.get(taken_in(boss)))

    assert 'data-line="11"' in text
    assert 'id="line-11"' in text
    assert 'href="#line-11"' in text
    assert "Tọa đàm về văn hóa đọc" in text


def test_what_is_decided_is_still_there_on_the_next_look(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    boss.post(f"{address}/parts/activity-0", data={"choice": "keep"})
    boss.post(f"{address}/parts/activity-1", data={"choice": "drop"})
    boss.post(f"{address}/parts/duty-0", data={"choice": "keep"})
    boss.post(f"{address}/parts/duty-0", data={"choice": "open"})

    decided = {key: one["choice"] for key, one in stored(Proposal)[0].decisions.items()}
    assert decided == {"activity-0": "keep", "activity-1": "drop", "duty-0": None}
    assert "2/" in page(boss.get(address))


def test_a_part_is_changed_and_faults_are_named(boss, taken_in, stored) -> None:
    address = f"{taken_in(boss)}/parts/activity-1"
    assert "Tọa đàm về văn hóa đọc" in page(boss.get(address))
    typed = {
        "choice": "edit", "title": "Tọa đàm sách", "kind": "talk", "first_on": "05/10/2027",
        "starts": "14:00", "ends": "13:00", "format": "in_person", "unit": "so",
        "place": "Hội trường",
    }  # fmt: skip

    wrong = boss.post(address, data=typed)
    assert wrong.status_code == 400
    assert "Thời điểm kết thúc phải sau" in page(wrong)
    assert boss.post(address, data={**typed, "ends": "16:00"}).status_code == 302

    kept = stored(Proposal)[0].decisions["activity-1"]
    assert kept["choice"] == "keep"
    assert (kept["values"]["title"], kept["values"]["first_on"]) == ("Tọa đàm sách", "2027-10-05")


@pytest.mark.parametrize(
    "key", ["campaign", "document", "gaps", "duty-0", "reporting-0", "recipients"]
)
def test_every_part_can_be_changed(boss, taken_in, key: str) -> None:
    assert boss.get(f"{taken_in(boss)}/parts/{key}").status_code == 200


def test_a_group_is_shown_as_its_units_and_one_can_be_left_out(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    assert "Trung tâm Thông tin" in page(boss.get(f"{address}/parts/duty-1"))
    typed = {"choice": "edit", "units": ["tt", "vp"], "role": "do", "duty": "Treo băng rôn"}
    boss.post(f"{address}/parts/duty-1", data=typed)

    assert stored(Proposal)[0].decisions["duty-1"]["values"]["units"] == ["tt", "vp"]
    assert boss.post(f"{address}/parts/duty-1", data={**typed, "units": ["x"]}).status_code == 400


def test_the_week_cannot_be_left_out(boss, taken_in) -> None:
    answer = boss.post(f"{taken_in(boss)}/parts/campaign", data={"choice": "drop"})

    assert answer.status_code == 409
    assert "Không thể bỏ" in page(answer)


def test_what_is_doubtful_is_not_kept_unseen(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    boss.post(f"{address}/keep-clear")

    decisions = stored(Proposal)[0].decisions
    assert decisions["activity-0"]["choice"] == "keep"
    assert "duty-2" not in decisions
    refused = boss.post(f"{address}/parts/duty-2", data={"choice": "keep"})
    assert refused.status_code == 422


def test_units_that_are_missing_are_added_below_the_unit_of_the_plan(
    boss, office, taken_in, stored
) -> None:
    address = taken_in(boss)
    name = "Trung tâm Ứng dụng tiến bộ khoa học"
    assert name in page(boss.get(address))
    boss.post(f"{address}/units", data={"name": [name, "Sở Không Có Trong Văn Bản"]})

    added = [unit for unit in stored(Unit) if unit.name == name]
    assert [(u.parent_id, u.kind) for u in added] == [(office.id, UnitKind.CENTRE)]
    assert len(stored(Unit)) == 4
    assert "unit.created" in {entry.action for entry in stored(AuditEntry)}


def test_who_only_organises_cannot_add_units(organiser, taken_in, stored) -> None:
    address = taken_in(organiser)

    assert "Chỉ quản trị viên thêm được đơn vị" in page(organiser.get(address))
    assert organiser.post(f"{address}/units", data={"name": "x"}).status_code == 404
    assert len(stored(Unit)) == 3


def test_a_text_that_is_no_plan_says_so_with_ways_out(boss, taken_in, stored) -> None:
    address = taken_in(boss, LETTER)
    text = page(boss.get(address))
    assert "không phải kế hoạch" in text
    assert "Nhập văn bản khác" in text

    boss.post(f"{address}/treat-as/week")
    assert "Văn bản không nêu ngày bắt đầu" in page(boss.get(address))
    assert stored(Proposal)[0].understood["campaign"] == "week"


def test_a_document_is_put_aside_and_taken_up_again(boss, taken_in, stored) -> None:
    address = taken_in(boss)
    boss.post(f"{address}/parts/activity-0", data={"choice": "keep"})
    boss.post(f"{address}/discard")
    assert stored(Proposal)[0].state is ProposalState.DISCARDED
    assert "Đã gác lại" in page(boss.get("/desk/proposals"))
    assert boss.post(f"{address}/keep-clear").status_code == 409
    boss.post(f"{address}/restore")

    proposal = stored(Proposal)[0]
    assert (proposal.state, len(proposal.decisions)) == (ProposalState.OPEN, 1)


def test_the_list_says_how_the_first_document_comes_about(boss, taken_in) -> None:
    assert "Chưa nhập văn bản nào" in page(boss.get("/desk/proposals"))
    taken_in(boss)
    assert "Chờ xem lại" in page(boss.get("/desk/proposals"))
    assert boss.get("/desk/proposals?page=0").status_code == 404


def test_the_plans_page_leads_to_it(boss) -> None:
    assert 'href="/desk/proposals/new"' in page(boss.get("/desk/plans"))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "Treo băng rôn.\n" * (MOST_LETTERS // 14)}, 413),
        (as_file(b"%PDF-1.7 something"), 422),
        ({**as_file(b""), "text": PLAN}, 422),
        (as_file(b"PK\x03\x04 broken", "x.docx"), 422),
        ({"text": PLAN, "unit": "no-such"}, 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(boss, stored, sent, status) -> None:
    answer = boss.post("/desk/proposals/new", data=sent)

    assert answer.status_code == status
    assert 'class="error-summary"' in page(answer)
    assert stored(Proposal) == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(boss) -> None:
    answer = boss.post(
        "/desk/proposals/new",
        data=b"a" * (3 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 413


def test_foreign_text_is_shown_as_text(boss, taken_in) -> None:
    nasty = PLAN.replace(
        "Tổ chức tọa đàm", "Tổ chức tọa đàm <script>alert(1)</script>\x07\u2028{{7*7}}"
    )
    raw = boss.get(taken_in(boss, nasty)).get_data(as_text=True)

    assert "<script>alert" not in raw
    assert "\x07" not in raw
    assert "{{7*7}}" in raw


def test_decided_at_once_from_a_script_gives_the_page_anew(boss, taken_in) -> None:
    address = taken_in(boss)
    answer = boss.post(
        f"{address}/parts/activity-0", data={"choice": "keep"}, headers={"X-Part": "1"}
    )

    assert answer.status_code == 200
    assert "1/" in page(answer)
