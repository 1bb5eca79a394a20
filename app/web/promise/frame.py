"""The blueprint for shops' pages: open to everybody and to every origin, without any cookie."""

from typing import Annotated, Final

from flask import Blueprint, Response, request
from pydantic import AfterValidator, StringConstraints

from app.web.auth.identity import declare_guard
from app.web.language import LANGUAGES

shops = Blueprint("shops", __name__)
shops.record_once(lambda state: declare_guard(state.app, "shops", "public"))

#: What pages of other origins may read; the checkout is a page of ours and no data for others.
_OPEN: Final = ("/promise", "/promise.js", "/promise/products")
_ZIP_DIGITS: Final = 5


def _postal_code(text: str) -> str:
    """Return a postal code as addresses have it: upper case, of ZIP+4 the first five digits."""
    plain = " ".join(text.upper().split())
    zip_code, dash, more = plain.partition("-")
    is_zip4 = dash and zip_code.isdecimal() and len(zip_code) == _ZIP_DIGITS and more.isdecimal()
    return zip_code if is_zip4 else plain


#: Whatever it looks like: a store that is not there is not there.
StoreId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
PostalCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9 \-]{1,11}$"),
    AfterValidator(_postal_code),
]
#: The shop's own number of an order, as it becomes part of ours.
ShopRef = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._\-]{0,40}$")]


def language() -> str:
    """Return the language asked for; the address alone decides, so that caches may keep answers."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


@shops.after_request
def open_to_all(response: Response) -> Response:
    """Let pages of every origin read the answer, refusals too."""
    if request.path in _OPEN:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
