"""Fields that clean what people type: one normal form, no control characters."""

from collections.abc import MutableMapping
from typing import Any

from flask import request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, ValidationError

from core.text import is_clean, nfc

LOST = "\ufffd"
"""What Werkzeug puts in place of bytes that are no text, a lone surrogate's among them."""


class Sentences:
    """WTForms' own sentences from our catalogue; the library knows no Vietnamese."""

    def gettext(self, sentence: str) -> str:
        """One sentence, its places left for WTForms to fill."""
        return gettext(sentence)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The sentence for a number of things."""
        worded: str = get_domain().get_translations().ungettext(one, many, number)
        return worded


class Form(FlaskForm):
    """A form of ours: every text arrives in composed form, with outer blanks removed."""

    class Meta(FlaskForm.Meta):
        """Clean every field before it is checked."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A form is read from a form, never from JSON."""
            is_given = formdata is None or isinstance(formdata, MultiDict)
            if request.is_json and not is_given:
                return None
            return super().wrap_formdata(form, formdata)  # type: ignore[no-untyped-call]

        def get_translations(self, form: Any) -> Sentences:
            """Word what WTForms says itself."""
            return Sentences()

        def bind_field(
            self, form: Any, unbound_field: Any, options: MutableMapping[str, Any]
        ) -> Any:
            """Put the cleaning filter before the field's own."""
            filters = [cleaned, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, **{**options, "filters": filters})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse text that no database can keep, then the fields' own checks."""
        extra = {name: list(checks) for name, checks in (extra_validators or {}).items()}
        for name in self._fields:
            extra.setdefault(name, []).append(_storable)
        passed = bool(super().validate(extra_validators=extra))
        for field in self:
            if isinstance(field.errors, list | tuple):
                field.errors = [str(sentence) for sentence in field.errors]
        return passed


def cleaned(value: Any) -> Any:
    """Text in composed form; anything else as it is."""
    return nfc(value) if isinstance(value, str) and is_clean(value) else value


def _storable(_form: Any, field: Field) -> None:
    values = field.data if isinstance(field.data, list) else [field.data]
    if any(isinstance(v, str) and (not is_clean(v) or LOST in v) for v in values):
        raise ValidationError(gettext("This has characters that cannot be kept."))
