"""The outbox page: what is due, sent, stuck, and why."""

from typing import cast

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from notifications import mailer

blueprint = Blueprint("notifications", __name__)


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Tell Flask-Mail of the settings when the feature is put into the application."""
    mailer.set_up(cast(Flask, state.app), state.app.extensions["settings"])
