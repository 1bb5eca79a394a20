"""Words in the reader's language: Flask-Babel's functions with types.

Placeholders are `{name}`, filled by the caller, as in the front end's texts.
"""

from gettext import NullTranslations

from babel import Locale
from flask_babel import get_locale, get_translations

#: Flask-Babel has them too, but by the locale's name, which it puts together for every text.
_read: dict[Locale, NullTranslations] = {}


def gettext(text: str) -> str:
    """Translate a text; import it as `_`, so that the collector finds it."""
    return _translations().gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a counted text, with the number where it says `%(num)d`."""
    return _translations().ngettext(one, many, n) % {"num": n}


def _translations() -> NullTranslations:
    locale = get_locale()
    if locale is None:
        return get_translations()
    if locale not in _read:
        _read[locale] = get_translations()
    return _read[locale]


def N_(text: str) -> str:  # noqa: N802 - The collector's own name.
    """Mark a text of a table for translation; `gettext` it where it is used."""
    return text
