"""The reader's language and region."""

from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from flask import Flask, Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.extensions import babel

LANGUAGES: Final = ("en", "es")
COOKIE: Final = "mallrun_language"
_YEAR_S: Final = 31_536_000


def register_language(app: Flask) -> None:
    """Choose the language per request: `?lang=`, then the cookie, then the browser's wish."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=lambda: _parsed(chosen_locale()))
    app.after_request(_remember)
    app.add_template_global(html_lang, "html_lang")


def chosen_locale() -> str:
    """Return the locale of this request, such as `es_US`."""
    wanted = request.args.get("lang") or request.cookies.get(COOKIE)
    return _locale(
        wanted if wanted in LANGUAGES else None, request.headers.get("Accept-Language", "")
    )


def chosen_language() -> str:
    """Return the language of this request without its region, such as `es`."""
    return chosen_locale().partition("_")[0]


def html_lang() -> str:
    """Return the locale as HTML says it, such as `es-US`."""
    return chosen_locale().replace("_", "-")


@lru_cache(maxsize=500)
def _locale(wanted: str | None, accepted: str) -> str:
    # Kept, because it is asked for with every text and every amount, and browsers wish for few.
    wishes = parse_accept_header(accepted, LanguageAccept)
    language = wanted or wishes.best_match(LANGUAGES, default="en")
    return f"{language}_{_region(language, wishes)}"


@lru_cache(maxsize=500)
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


def _region(language: str, wishes: LanguageAccept) -> str:
    """Return the region the browser names with a language; it decides miles or kilometres."""
    for tag, _quality in wishes:
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        if locale.language == language and locale.territory:
            return locale.territory
    return "US"


def _remember(response: Response) -> Response:
    wanted = request.args.get("lang")
    # What caches keep for everybody must not hand one reader's choice to the next.
    if wanted in LANGUAGES and not response.cache_control.public:
        response.set_cookie(COOKIE, wanted, max_age=_YEAR_S, samesite="Lax", httponly=True)
    return response
