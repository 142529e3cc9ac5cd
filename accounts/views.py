"""Signing in and out."""

from flask import Blueprint, render_template

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
def sign_in() -> str:
    """Ask who it is."""
    return render_template("accounts/sign_in.html")
