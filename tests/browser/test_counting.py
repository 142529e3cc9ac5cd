"""Counting heads without a connection, and sheets of paper that were photographed."""

import io
import subprocess

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import expect

from accounts.models import Role
from checkin.models import Attendance, Grade, Group, Tally
from checkin.paper.models import PaperSheet
from events.models import Counting
from tests.browser.axe import faults
from tests.factories import DURING, a_plan, an_account, an_activity

pytestmark = pytest.mark.browser

SIGNED = {2, 5, 9}


@pytest.fixture
def steward(given, at):
    at(DURING)
    plan = a_plan()
    account = an_account((Role.ORGANISER, plan.unit))
    given(account)
    account.plan = plan
    return account


def test_heads_are_counted_without_a_connection_and_arrive_once(
    page_at, sign_in_as, steward, given, stored
):
    activity = given(an_activity(plan=steward.plan, counting=Counting.TALLY))
    page = page_at(360)
    sign_in_as(page.context, steward)
    page.goto(f"/desk/activities/{activity.id}/tally")
    state, whole = page.locator("[data-tally-state]"), page.locator("[data-tally-whole]")
    expect(state).to_have_attribute("data-state", "saved")
    assert faults(page) == []
    press = page.locator("[name=press][value=learner]")

    page.context.set_offline(True)
    for number in range(1, 7):
        press.click()
        expect(whole).to_have_text(str(number))
    page.get_by_text("Thu hồi lần bấm cuối").click()
    expect(whole).to_have_text("5")
    expect(state).to_contain_text("Mất kết nối")
    assert stored(Tally) == []
    page.context.set_offline(False)

    expect(state).to_have_attribute("data-state", "saved", timeout=8000)
    assert [t.change for t in stored(Tally)] == [1] * 6 + [-1]
    assert {t.group for t in stored(Tally)} == {Group.LEARNER}
    page.reload()
    expect(whole).to_have_text("5")


def test_a_photographed_sheet_proposes_the_rows_that_were_signed(
    page_at, sign_in_as, steward, given, stored, tmp_path
):
    given(an_activity(plan=steward.plan, counting=Counting.SELF_SCAN))
    page = page_at(1280)
    sign_in_as(page.context, steward)
    page.goto("/desk/sign-in-sheets")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tạo tệp PDF").click()
    photograph = _photographed(download.value.path(), tmp_path)

    page.goto("/door/paper")
    page.set_input_files("#paper-file", photograph)
    rows = page.locator("[data-paper-rows] input")
    expect(rows.first).to_be_visible(timeout=15_000)
    assert {n for n, row in enumerate(rows.all(), 1) if row.is_checked()} == SIGNED
    page.get_by_role("button", name="Ghi nhận").click()

    expect(page.locator("#paper-answer")).to_contain_text("3 người đã ghi nhận")
    assert {a.grade for a in stored(Attendance)} == {Grade.PAPER}
    (sheet,) = stored(PaperSheet)
    passes = {f"paper {sheet.id}-{number}" for number in SIGNED}
    assert {a.pass_id for a in stored(Attendance)} == passes


def _photographed(pdf, tmp_path):
    """The first page, signed in some rows, taken aslant, blurred and grainy in poor light."""
    made = subprocess.run(
        ["pdftoppm", "-png", "-r", "200", "-f", "1", "-l", "1", pdf], check=True,
        capture_output=True,
    ).stdout  # fmt: skip
    paper = Image.open(io.BytesIO(made)).convert("RGB")
    pen = ImageDraw.Draw(paper)
    for code in zxingcpp.read_barcodes(paper):
        if int(code.text[-5:-2]) in SIGNED:
            corner, right = code.position.top_left, code.position.top_right
            module = (right.x - corner.x) / 21
            waves = [
                (corner.x - (60 - 2 * step) * module, corner.y + (8 + 5 * (step % 2)) * module)
                for step in range(16)
            ]
            pen.line(waves, fill=(30, 40, 120), width=4)
    wide, high = paper.size
    aslant = (-60, -90, 20, high + 60, wide + 90, high + 20, wide - 30, -40)
    seen = paper.transform(paper.size, Image.Transform.QUAD, aslant, Image.Resampling.BILINEAR)
    askew = seen.rotate(
        4, expand=True, fillcolor=(120, 110, 100), resample=Image.Resampling.BICUBIC
    )
    grain = Image.effect_noise(askew.size, 28).convert("RGB")
    photo = Image.blend(askew.filter(ImageFilter.GaussianBlur(0.9)), grain, 0.15)
    photo.point(lambda value: int(value * 0.8 + 10)).save(tmp_path / "photo.jpg", quality=60)
    return tmp_path / "photo.jpg"
