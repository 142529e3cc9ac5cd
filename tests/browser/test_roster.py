"""A browser opens what was sealed for a ticket, with nothing but the ticket."""

import pytest

from checkin.roster import sealing
from core import keys
from tests.conftest import SECRET

pytestmark = pytest.mark.browser

OPEN = """
async ([secret, sealed]) => {
  const { known, unseal } = await import("/static/js/door-sealing.js");
  const ticket = await known(secret);
  return [ticket.id, await unseal(ticket, sealed)];
}
"""


def test_a_ticket_opens_its_entry_in_a_browser_and_no_other(page_at):
    keys.configure(SECRET)
    content = {"activity": "le-khai-mac", "state": "confirmed", "name": "Trần Đức Ân"}
    name, sealed = sealing.seal("T1.1.1-2-0.ABC", content)
    page = page_at(360)
    page.goto("/")

    assert page.evaluate(OPEN, ["T1.1.1-2-0.ABC", sealed]) == [name, content]
    assert page.evaluate(OPEN, ["T1.1.1-3-0.ABC", sealed])[1] is None
    changed = ("B" if sealed[30] == "A" else "A").join([sealed[:30], sealed[31:]])
    assert page.evaluate(OPEN, ["T1.1.1-2-0.ABC", changed])[1] is None
