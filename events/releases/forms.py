"""What is asked when a version goes out, is looked at, or a plan is called off; shape only."""

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from core.forms import Form
from events.fields import LONG, SHORT, Pick, said


class ReleaseForm(Form):
    """What the unit says about a version, to everyone."""

    note = TextAreaField(
        said("Note on this version"),
        [Optional(), LONG],
        description=said("Everyone reads it above the list of changes; two lines are enough."),
    )


class LayForm(Form):
    """What the unit says to the unit above."""

    word = TextAreaField(said("A word to the unit above"), [Optional(), LONG])


class AnswerForm(Form):
    """Approve, or return with a remark."""

    shown = HiddenField()
    remark = TextAreaField(
        said("Remark"),
        [Optional(), LONG],
        description=said("Needed when the plan is returned: say what is to be done."),
    )


class ReasonForm(Form):
    """Why a plan is called off."""

    why = StringField(said("Reason"), [DataRequired(said("Please give the reason.")), SHORT])
    with_activities = BooleanField(
        said("Call off its activities too"),
        description=said("Everyone registered is told. Unticked, they stay on the programme."),
        default=True,
    )


class RuleForm(Form):
    """Which unit asks to see plans."""

    unit = Pick(said("Unit"), [InputRequired(said("The unit is not chosen."))])
