"""For everyone: whether a printed report is the current version."""

from flask import render_template

from core.codes import shown
from core.verifying import Kind
from reports import queries, snapshots


def verified(code: str) -> str | None:
    """Is this report the current version? Totals and versions, no person."""
    snapshot = queries.by_code(shown(code))
    if snapshot is None:
        return None
    latest = snapshots.latest(snapshot.unit, snapshot.campaign)
    return render_template(
        "reports/verify.html",
        snapshot=snapshot,
        latest=latest,
        facts=snapshots.contents(snapshot),
        is_current=latest is snapshot,
    )


KIND = Kind(prefix="", length=12, page=verified)
