"""What every answer carries and every unsafe request must pass, whatever the audience."""

import gzip
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.config import Settings
from app.domain.errors import DomainError

#: Nothing from elsewhere, nothing inline; WebAssembly for the scanner, blobs for photos before they
#: are sent.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'{sockets}; worker-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_COMPRESSIBLE: Final = frozenset(
    {"text/html", "application/json", "application/problem+json", "image/svg+xml"}
)
_COMPRESS_FROM_BYTES: Final = 1_000


class SessionsOfNoCache(SecureCookieSessionInterface):
    """Flask's sessions, kept out of answers that caches keep for everybody.

    Such an answer carries nobody's cookie and does not vary by it, or no cache would keep it.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session's cookie; without one there is no signature to get ready for."""
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session's cookie and `Vary: Cookie`, if the answer is one person's."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def register_security(app: Flask, settings: Settings) -> None:
    """Guard unsafe requests against other sites and set the headers of every answer."""
    origin = settings.public_url
    host = urlsplit(origin).netloc
    # Older Safari does not count ws: to the same host as 'self'.
    policy = POLICY.format(sockets=f" ws{'s' if settings.is_https else ''}://{host}")

    def refuse_other_sites() -> None:
        if request.method not in _SAFE and not is_same_origin():
            raise DomainError("cross_site")

    def refuse_nul() -> None:
        # No honest request has one, and PostgreSQL's texts cannot hold it. JSON is checked by its
        # own types.
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        values = [request.path, *request.args.values(), *(request.form.values() if is_form else ())]
        if any("\0" in value for value in values):
            raise DomainError("bad_request")

    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers["Permissions-Policy"] = (
            "camera=(self), geolocation=(self), screen-wake-lock=(self), microphone=()"
        )
        headers.setdefault("Cache-Control", "no-store")
        if request.path != "/" and not request.path.startswith("/static/"):
            headers["X-Robots-Tag"] = "noindex"
        if settings.is_https and settings.tls_ca is None:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return _compressed(response)

    app.before_request(refuse_other_sites)
    app.before_request(refuse_nul)
    app.after_request(set_headers)


def is_same_origin() -> bool:
    """Tell whether an unsafe request comes from our own pages.

    Browsers say where a request comes from: `Sec-Fetch-Site`, or else `Origin`. A request with
    neither is no browser's, so no other site can have caused it with somebody's cookies.

    Source: the algorithm of Go's `http.CrossOriginProtection` (Go 1.25).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _compressed(response: Response) -> Response:
    if (
        response.mimetype not in _COMPRESSIBLE
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or "gzip" not in request.accept_encodings
    ):
        return response
    body = response.get_data()
    response.vary.add("Accept-Encoding")
    if len(body) >= _COMPRESS_FROM_BYTES:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
