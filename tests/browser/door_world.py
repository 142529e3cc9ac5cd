"""A door of the provincial library, its steward, and tickets."""

import re

from playwright.sync_api import expect

from accounts.models import Role
from tests.factories import (
    DURING,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)

RAW = """() => new Promise((go) => {
    const asking = indexedDB.open("tuanhoc-door");
    asking.onsuccess = async () => {
        const stores = [...asking.result.objectStoreNames];
        const all = (name) => new Promise((got) => {
            const rows = asking.result.transaction(name).objectStore(name).getAll();
            rows.onsuccess = () => got(rows.result);
        });
        const found = await Promise.all(stores.map(async (name) => [name, await all(name)]));
        go(Object.fromEntries(found));
    };
})"""
"""Everything that is on the device, as whoever finds it would read it."""


def a_steward(given, at):
    """Somebody at the door of an ``activity`` of a ``unit`` that is on."""
    at(DURING)
    unit = a_unit(name="Thư viện tỉnh")
    activity = an_activity(plan=a_plan(unit=unit), place="Sảnh tầng 1", title="Ngày hội sách")
    account = an_account((Role.STEWARD, unit))
    given(activity, account)
    account.activity, account.unit = activity, unit
    return account


def a_ticket(given, steward, name):
    """A seat at the steward's activity."""
    return given(a_registration(activity=steward.activity, participant=a_participant(name)))


def opened(context, live_server, path="/door/"):
    """The scanner's page, once it is online and in step."""
    page = context.new_page()
    page.goto(f"{live_server}{path}")
    expect(page.locator("#door-chip")).to_have_attribute("data-state", "online")
    expect(page.locator("#door-synced")).to_have_text(re.compile("vừa xong|just now"))
    return page


def typed(page, code):
    """Type a code as a hand scanner does, wherever the focus is."""
    page.keyboard.type(f"{code}\n")
