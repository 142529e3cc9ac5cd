"""What the server closes a browser opens, and what a browser closes the server opens."""

import pytest

from checkin.queues import sealing as queues
from checkin.roster import sealing as roster
from core.boxes import read

pytestmark = pytest.mark.browser

OPEN = """async ([secret, sealed]) => {
    const { known, unseal } = await import("/static/js/door-sealing.js");
    const ticket = await known(secret);
    return [ticket.id, await unseal(ticket, sealed)];
}"""
CLOSE = """async (records) => {
    const { closed } = await import("/static/js/door-closing.js");
    return await Promise.all(records.map(closed));
}"""


@pytest.fixture
def page(page_at):
    page = page_at(360)
    page.goto("/door/")
    return page


def test_a_ticket_opens_its_entry_in_a_browser_and_no_other(page):
    content = {"activity": "le-khai-mac", "state": "confirmed", "name": "Nguyễn Thị Ặ"}
    name, sealed = roster.seal("T1.1.1-2-0.ABC", content)
    assert page.evaluate(OPEN, ["T1.1.1-2-0.ABC", sealed]) == [name, content]
    other = "T1.1.1-3-0.ABC"
    assert page.evaluate(OPEN, [other, sealed]) == [roster.entry_id(other), None]
    for place in (0, 40, len(sealed) - 2):
        changed = sealed[:place] + ("B" if sealed[place] == "A" else "A") + sealed[place + 1 :]
        assert page.evaluate(OPEN, ["T1.1.1-2-0.ABC", changed]) == [name, None]


def test_what_a_browser_closes_opens_at_the_server_alone(page):
    seen = {"nonce": "1", "type": "walk_in", "datetime": "2026-10-05T01:15:00Z"}
    names = ["Phạm Văn Tới", "Công Tằng Tôn Nữ " * 20, "Phạm Văn Tới"]
    kept = page.evaluate(CLOSE, [{**seen, "name": name} for name in names])
    sealed = [record.pop("sealed") for record in kept]
    assert kept == [seen] * 3
    assert [queues.unseal(one) for one in sealed] == [{"name": name} for name in names]
    assert len({read(one)[queues.POINT :] for one in sealed}) == 3
    assert len(sealed[0]) == len(sealed[2]) < len(sealed[1])
