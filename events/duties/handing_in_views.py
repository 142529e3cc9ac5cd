"""Evidence that somebody hands in on a page: by the unit's link or at the desk."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort

from core import clock
from core.codes import new_code
from core.database import transaction
from events.duties import errors, keeping, services
from events.duties.forms import ShowForm
from events.duties.models import Photo
from events.duties.photos import Picture, taken_in
from events.models import Assignment

Find = Callable[[], Assignment]
WriteDown = Callable[[str, Assignment], Any]


def hand_in(form: ShowForm, find: Find, write_down: WriteDown) -> None:
    """Keep what the form shows beside the duty, its photo as files.

    The duty is found inside the transaction. Raises what photos and rules refuse.
    """
    sent = form.sent_photo
    if sent is None and not (form.link.data or form.number.data is not None):
        raise errors.NothingHandedIn
    if sent is None:
        with transaction():
            _keep_words(form, find, write_down)
        return
    find()
    picture, code = taken_in(sent), new_code(24)
    keeping.put(code, picture)
    kept = None
    try:
        with transaction():
            kept = _keep_photo(form, find, write_down, picture, code)
    finally:
        if kept != code:
            keeping.drop([code])


def shown(photo: Photo | None, *, small: bool) -> Response:
    """The photo as a picture that no cache keeps."""
    content = keeping.get(photo, small=small) if photo else None
    if content is None:
        abort(404)
    answer = Response(content, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _keep_words(form: ShowForm, find: Find, write_down: WriteDown) -> None:
    duty = find()
    services.add_evidence(
        duty,
        note=form.note.data or "",
        link=form.link.data or "",
        count=form.number.data,
        measure=form.measure.data or "",
        now=clock.now(),
    )
    write_down("duty.shown", duty)


def _keep_photo(
    form: ShowForm, find: Find, write_down: WriteDown, picture: Picture, code: str
) -> str:
    """The code of the photo that is kept: a new one, or that of the same file sent before."""
    duty = find()
    photo = services.add_photo(
        duty, picture, code=code, note=form.note.data or "",
        public=bool(form.public.data), now=clock.now(),
    )  # fmt: skip
    if photo.code == code:
        write_down("duty.shown", duty)
        if form.link.data or form.number.data is not None:
            _keep_words(form, lambda: duty, lambda *_: None)
    return photo.code
