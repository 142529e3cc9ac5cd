"""For everyone: whether a printed report is the current version."""

from flask import Blueprint, abort, render_template

from reports import queries, snapshots

blueprint = Blueprint("reports", __name__)


@blueprint.get("/verify/<code>")
def verify(code: str) -> str:
    """Is this report the current version? Totals and versions, no person."""
    snapshot = queries.by_code(code.strip().upper())
    if snapshot is None:
        abort(404)
    latest = snapshots.latest(snapshot.unit, snapshot.campaign)
    return render_template(
        "reports/verify.html",
        snapshot=snapshot,
        latest=latest,
        facts=snapshots.contents(snapshot),
        is_current=latest is snapshot,
    )
