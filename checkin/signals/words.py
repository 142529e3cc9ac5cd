"""What is odd and what was found, as sentences to translate."""

from checkin.signals.models import Signal, Verdict
from core.i18n import N_

SIGNALS: dict[Signal, tuple[str, str]] = {
    Signal.ONE_PHONE: (
        N_("Many presses by one device that keeps nothing"),
        N_("Each press came as a new person, from the same connection and the same browser."),
    ),
    Signal.AFTER_END: (
        N_("Many presses in one minute after the end"),
        N_("The activity was over when they came, close together."),
    ),
    Signal.ONE_CODE: (
        N_("One code of the screen used by more people than there is room for"),
        N_("A picture of the screen may have been sent to people who were not there."),
    ),
}
"""Each signal in words, and why it is one."""

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.RIGHT: (N_("Counted in full"), "ok"),
    Verdict.DOUBTFUL: (N_("Counted as less certain"), "wait"),
    Verdict.NOBODY: (N_("Not counted"), "stop"),
}
"""Each verdict in words, with the tone that a badge shows it in."""
