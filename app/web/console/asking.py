"""The page that asks before something happens, with its consequence and a reason to give."""

from dataclasses import dataclass

from app.web.console.forms import Failed
from app.web.console.frame import page
from app.web.texts import gettext as _


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        title: The question.
        lines: What happens then; the first is the most important.
        button: What the button does, with its consequence.
        action: Where the form goes.
        back: Where the way back leads.
        back_words: And how it is called.
        is_final: It cannot be taken back.
    """

    title: str
    lines: tuple[str, ...]
    button: str
    action: str
    back: str
    back_words: str
    is_final: bool = True


def ask(question: Question, failed: Failed | None = None) -> str:
    """Render the question, with a reason that was refused in its place."""
    return page("ask", question=question, failed=failed)


def to_delivery() -> str:
    """Return how the way back to a delivery is called."""
    return _("Back to the delivery")
