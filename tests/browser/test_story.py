"""The whole story in real browsers: planned, registered, reminded, admitted, reported."""

import re
from email.message import Message
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from docx import Document
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from accounts import passwords
from accounts.models import Role
from app import create_app
from checkin.models import Attendance
from core import clock
from core.settings import Settings
from tests.browser.camera import browser_with_camera, film
from tests.conftest import SECRET
from tests.factories import DURING, LONG_AGO, OPENING_DAY, a_plan, a_unit, an_account
from tests.notifications.smtp_server import Server

pytestmark = pytest.mark.browser

PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def post_office():
    with Server() as listening:
        yield listening


@pytest.fixture
def app(database_url: str, post_office: Server, tmp_path: Path) -> Flask:
    """The application as an office sets it up: with a mail server."""
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=database_url,
        secret_key=SECRET,
        mail_server="127.0.0.1",
        mail_port=post_office.port,
        mail_use_tls=False,
    )
    made = create_app(settings)
    made.config["TESTING"] = True
    return made


@pytest.fixture
def library(given):
    """A unit with its plan of the week, an organiser, a steward and a clerk."""
    unit = a_unit(name="Thư viện tỉnh", code="thu-vien", symbol="TVT", head_title="GIÁM ĐỐC")
    people = [
        an_account(
            (role, unit),
            email=f"{role.value}@example.com",
            password_hash=passwords.hashed(PASSWORD),
        )
        for role in (Role.ORGANISER, Role.STEWARD, Role.REPORTER)
    ]
    given(a_plan(unit=unit), *people)
    return unit


def test_from_the_plan_to_the_report(
    app, live_server, playwright, page_at, library, post_office, at, tmp_path, stored
) -> None:
    at(LONG_AGO)
    path = organiser_releases(page_at(1280))
    ticket = participant_registers(page_at(360, 740), path)
    letter = mail_arrives(app, post_office)
    assert ticket in words_of(letter)
    secret = qr_on(page_at(360, 740), ticket)

    at(DURING)
    played = film(tmp_path / "ticket.mjpeg", [(secret, 1.5), (None, 4)])
    with browser_with_camera(playwright, played) as browser:
        context = browser.new_context(viewport={"width": 390, "height": 760}, base_url=live_server)
        steward_admits(context.new_page())

    assert len(stored(Attendance)) == 1
    at(clock.at(OPENING_DAY.replace(day=8), 9))
    words = clerk_exports(page_at(1280))
    assert "1 lượt" in words
    assert "1 người" in words


def organiser_releases(page: Page) -> str:
    """Plan an activity at the desk and release it; gives its public address."""
    sign_in(page, "organiser")
    page.goto("/desk/activities/new")
    page.get_by_label("Tên hoạt động").fill("Ngày hội đọc sách")
    page.locator("[name=kind]").select_option("books")
    page.locator("[name=first_on]").fill("01/10/2027")
    page.locator("[name=starts]").fill("08:00")
    page.locator("[name=ends]").fill("10:00")
    page.locator("[name=place]").fill("Sảnh tầng 1")
    page.locator("[name=seats]").fill("20")
    page.get_by_role("button", name="Lưu bản thảo").click()
    expect(page.locator("h1")).to_have_text("Ngày hội đọc sách")
    page.locator("summary", has_text="Phát hành").click()
    page.get_by_role("button", name="Đưa vào chương trình").click()
    expect(page.get_by_text("Đã phát hành").first).to_be_visible()
    return page.url.replace("/desk/", "/")


def participant_registers(page: Page, path: str) -> str:
    """Find the activity on the programme and take a seat; gives the ticket's path."""
    page.goto("/")
    page.get_by_role("link", name="Ngày hội đọc sách").click()
    expect(page).to_have_url(re.compile(re.escape(path.rsplit("/", 1)[1])))
    page.get_by_label("Họ và tên").fill("Trần Thị Thử")
    page.locator("[name=email]").fill("thu@example.com")
    page.get_by_role("button", name="Đăng ký giữ chỗ").click()
    expect(page).to_have_url(re.compile("/tickets/"))
    return "/tickets/" + page.url.rsplit("/", 1)[1]


def mail_arrives(app: Flask, post_office: Server) -> Message:
    """One round of the clock and the senders; gives the letter that was taken."""
    result = app.test_cli_runner().invoke(args=["notifications", "tick"])
    assert result.exit_code == 0, result.output
    assert [taken.recipient for taken in post_office.taken] == ["thu@example.com"]
    letter = post_office.taken[0].message
    assert any(part.get_content_type() == "text/calendar" for part in letter.walk())
    return letter


def words_of(letter: Message) -> str:
    """The plain text of a letter."""
    part = next(p for p in letter.walk() if p.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True)).decode()


def qr_on(page: Page, ticket: str) -> str:
    """What another program reads from the ticket as it is on the screen."""
    page.goto(ticket)
    picture = Image.open(BytesIO(page.screenshot()))
    [found] = zxingcpp.read_barcodes(picture)
    return str(found.text)


def steward_admits(page: Page) -> None:
    """The camera sees the ticket, then sees it again."""
    sign_in(page, "steward")
    page.goto("/door/")
    answer = page.locator("#door-answer")
    expect(answer).to_have_attribute("data-reason", "ok", timeout=15_000)
    expect(answer).to_contain_text("Trần Thị Thử")
    expect(answer).to_have_attribute("data-reason", "already_redeemed", timeout=15_000)
    expect(answer).to_contain_text("08 giờ 15")
    expect(answer).to_contain_text("Sảnh tầng 1")


def clerk_exports(page: Page) -> str:
    """Freeze the figures and take the document; gives its words."""
    sign_in(page, "reporter")
    page.goto("/office/")
    page.get_by_role("link", name=re.compile("Thư viện tỉnh")).first.click()
    page.get_by_role("button", name="Chốt số liệu").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("DOCX")).click()
    document = Document(str(download.value.path()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def sign_in(page: Page, name: str) -> None:
    """By e-mail and password, as people do."""
    page.goto("/sign-in")
    page.locator("[name=email]").fill(f"{name}@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
