"""Words in the reader's language: Flask-Babel's functions with types.

Placeholders are `{name}`, filled by the caller, as in the front end's texts.
"""

from flask_babel import gettext as _gettext  # pyright: ignore[reportUnknownVariableType]
from flask_babel import ngettext as _ngettext  # pyright: ignore[reportUnknownVariableType]


def gettext(text: str) -> str:
    """Translate a text; import it as `_`, so that the collector finds it."""
    return _gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a counted text."""
    return _ngettext(one, many, n)


def N_(text: str) -> str:  # noqa: N802 - The collector's own name.
    """Mark a text of a table for translation; `gettext` it where it is used."""
    return text
