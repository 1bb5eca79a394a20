"""Settings: read once from the environment, frozen, passed down; nothing else reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from app.domain import mail
from app.domain.mail import Mailbox, MailServer

PREFIX: Final = "MALL_"
#: With the 30 seconds of caches on the way it stays within the minute that a promise allows for.
PROMISE_CACHE_MOST_S: Final = 20


class SettingsError(ValueError):
    """A setting is unknown, malformed or contradicts another one; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one process runs.

    `docs/operator.md` lists every setting; a test holds the list to these fields.
    """

    #: Folder for the embedded database, keys and photos.
    instance_dir: Path
    database_url: str
    #: Origin at which people reach the product, without a trailing slash.
    public_url: str
    listen_host: str
    listen_port: int
    #: Empty in embedded mode.
    redis_url: str
    #: File with the master key (32 bytes or more). Embedded mode makes one on its first start.
    master_key_file: Path
    makes_master_key: bool
    #: Number of proxies in front whose X-Forwarded-For is believed.
    proxy_count: int
    #: Multiplies every rate limit; tests of races raise it.
    rate_limit_scale: int
    tls_certificate: Path | None
    tls_key: Path | None
    #: Certificate of a local authority that the start page offers to phones; empty for a public
    #: certificate.
    tls_ca: Path | None
    #: Seconds from an offer to its answer, in which drivers are ranked by fit; 0: the first tap
    #: wins at once.
    offer_window_s: int
    #: Seconds for which a promise answer is kept in memory, at most 20; 0: each is computed anew.
    promise_cache_s: int
    #: `osrm` or `valhalla`; empty for the built-in estimate of road times.
    road_engine: str
    #: Where it answers, without a trailing slash; empty without an engine.
    road_url: str
    #: The mail server, and whom mails come from; None without: then nobody is mailed.
    mail_server: MailServer | None
    mail_from: Mailbox | None

    @property
    def is_embedded(self) -> bool:
        """SQLite in one process. Used by wiring only."""
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        """Whether people reach the product over https; cookies are then marked secure."""
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> list[str]:
        """Origins whose pages may open sockets: the public one, and on loopback its other name."""
        names = {"//127.0.0.1:": "//localhost:", "//localhost:": "//127.0.0.1:"}
        others = [self.public_url.replace(a, b) for a, b in names.items() if a in self.public_url]
        return [self.public_url, *others]

    @property
    def photo_dir(self) -> Path:
        """Folder of photos and portraits."""
        return self.instance_dir / "photos"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Build settings from `MALL_*` variables.

        Raises:
            SettingsError: For an unknown `MALL_*` name, a malformed value or a half-configured
                feature.
        """
        given = {
            name[len(PREFIX) :]: value for name, value in environ.items() if name.startswith(PREFIX)
        }
        unknown = sorted(set(given) - KNOWN)
        if unknown:
            known = ", ".join(PREFIX + name for name in sorted(KNOWN))
            message = f"unknown setting {PREFIX}{unknown[0]}; known are {known}"
            raise SettingsError(message)
        instance = Path(given.get("INSTANCE_DIR", "instance")).resolve()
        database_url = given.get("DATABASE_URL", f"sqlite:///{instance / 'mallrun.sqlite3'}")
        host, port = _host_and_port(given.get("LISTEN", "127.0.0.1:8765"))
        certificate, key = given.get("TLS_CERTIFICATE"), given.get("TLS_KEY")
        if bool(certificate) != bool(key):
            message = "MALL_TLS_CERTIFICATE and MALL_TLS_KEY belong together: set both or none"
            raise SettingsError(message)
        public_url = given.get(
            "PUBLIC_URL", f"http{'s' if certificate else ''}://{host}:{port}"
        ).rstrip("/")
        _check_origin(public_url)
        road_engine, road_url = _road_engine(given.get("ROAD_TIMES", ""))
        mail_server, mail_from = _mail(given.get("SMTP_URL", ""), given.get("MAIL_FROM", ""))
        embedded = database_url.startswith("sqlite")
        if not embedded and "MASTER_KEY_FILE" not in given:
            message = (
                "a shared database needs MALL_MASTER_KEY_FILE, the same file for every process"
            )
            raise SettingsError(message)
        return cls(
            instance_dir=instance,
            database_url=_with_driver(database_url),
            public_url=public_url,
            listen_host=host,
            listen_port=port,
            redis_url=given.get("REDIS_URL", ""),
            master_key_file=Path(given.get("MASTER_KEY_FILE", str(instance / "master.key"))),
            makes_master_key=embedded,
            proxy_count=_whole_number(given, "PROXY_COUNT", 0),
            rate_limit_scale=_whole_number(given, "RATE_LIMIT_SCALE", 1),
            tls_certificate=Path(certificate) if certificate else None,
            tls_key=Path(key) if key else None,
            tls_ca=Path(given["TLS_CA"]) if given.get("TLS_CA") else None,
            offer_window_s=_whole_number(given, "OFFER_WINDOW_S", 8),
            promise_cache_s=_whole_number(given, "PROMISE_CACHE_S", 5, most=PROMISE_CACHE_MOST_S),
            road_engine=road_engine,
            road_url=road_url,
            mail_server=mail_server,
            mail_from=mail_from,
        )


KNOWN: Final = frozenset(
    {
        "INSTANCE_DIR",
        "DATABASE_URL",
        "PUBLIC_URL",
        "LISTEN",
        "REDIS_URL",
        "MASTER_KEY_FILE",
        "PROXY_COUNT",
        "RATE_LIMIT_SCALE",
        "TLS_CERTIFICATE",
        "TLS_KEY",
        "TLS_CA",
        "OFFER_WINDOW_S",
        "PROMISE_CACHE_S",
        "ROAD_TIMES",
        "SMTP_URL",
        "MAIL_FROM",
    }
)


def _host_and_port(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) < 65536:
        message = f"MALL_LISTEN must look like 127.0.0.1:8765, not {value!r}"
        raise SettingsError(message)
    return host, int(port)


def _check_origin(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        message = f"MALL_PUBLIC_URL must be an origin such as https://mall.example, not {url!r}"
        raise SettingsError(message)


def _road_engine(value: str) -> tuple[str, str]:
    """Return engine and address of `osrm+http://host:5000`, both empty for nothing."""
    if not value:
        return "", ""
    engine, _, url = value.partition("+")
    parts = urlsplit(url)
    if engine not in {"osrm", "valhalla"} or parts.scheme not in {"http", "https"}:
        message = (
            "MALL_ROAD_TIMES must look like osrm+http://osrm:5000 or valhalla+http://valhalla:8002,"
            f" not {value!r}"
        )
        raise SettingsError(message)
    return engine, url.rstrip("/")


def _mail(url: str, sender: str) -> tuple[MailServer | None, Mailbox | None]:
    """Return where mails go and whom they come from, None and None for nothing."""
    if bool(url) != bool(sender):
        message = "MALL_SMTP_URL and MALL_MAIL_FROM belong together: set both or none"
        raise SettingsError(message)
    if not url:
        return None, None
    server, box = mail.mail_server(url), mail.mailbox(sender)
    if server is None:
        # The value is not repeated: it holds a password.
        message = (
            "MALL_SMTP_URL must look like smtp://user:password@mail.example:587 or"
            " smtps://user:password@mail.example, with %40 for an @ in a name or a password"
        )
        raise SettingsError(message)
    if box is None:
        message = f"MALL_MAIL_FROM must look like Mallrun <no-reply@mall.example>, not {sender!r}"
        raise SettingsError(message)
    return server, box


def _with_driver(url: str) -> str:
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url[len(scheme) :]
    return url


def _whole_number(
    given: Mapping[str, str], name: str, default: int, *, most: int | None = None
) -> int:
    value = given.get(name, str(default))
    if not value.isdecimal():
        message = f"{PREFIX}{name} must be a whole number, not {value!r}"
        raise SettingsError(message)
    if most is not None and int(value) > most:
        message = f"{PREFIX}{name} must be {most} at most, not {value}"
        raise SettingsError(message)
    return int(value)
