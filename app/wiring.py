"""Puts an application together: configuration, database, guards, pages, sockets, commands."""

import logging
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, tables
from app.accounts.sessions import on_session_end
from app.config import Settings
from app.domain.push import SERVICES
from app.eventlog import relay
from app.extensions import db, limiter, migrate, socketio
from app.handoffs.blobs import FolderBlobs
from app.jobs.pushes import PushService
from app.keys import load_keys
from app.notify.post import Post
from app.persistence import engine
from app.realtime import publish
from app.realtime.connections import register_sockets
from app.runs import roads
from app.tracking.latest import InMemoryPositions, LatestPositions, RedisPositions
from app.web import assets, blueprints, language, problems, security
from app.web.auth import identity
from app.web.json_answers import FastJson
from app.web.promise.recent import RecentAnswers
from app.web.rules import LateRule
from app.webhooks.outgoing import Sender

#: A photo is the largest thing anybody sends.
MAX_BODY_BYTES = 13 * 1024 * 1024


#: Named so that the import, which completes the schema, is not taken for a left-over.
SCHEMA = tables.Base.metadata


def wire(settings: Settings) -> Flask:
    """Wire an application; starts nothing and opens no port.

    Raises:
        KeyFileError: When the master key is missing or open to others.
    """
    app = Flask("app", static_folder=None, template_folder="../templates")
    app.url_rule_class = LateRule
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    _configure(app, settings)
    db.init_app(app)
    with app.app_context():
        engine.prepare(db.engine)
        roads.serve(db.engine, roads.road_times(settings.road_engine, settings.road_url))
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    limiter.init_app(app)
    language.register_language(app)
    identity.register_identity(app)
    problems.register_problems(app)
    security.register_security(app, settings)
    assets.register_assets(app)
    blueprints.register_blueprints(app)
    _wire_realtime(app, settings)
    cli.register_commands(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    keys = load_keys(settings.master_key_file, make_missing=settings.makes_master_key)
    app.config.update(  # pyright: ignore[reportUnknownMemberType] - Flask leaves the values untyped.
        SECRET_KEY=keys.derive("flask"),
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine.engine_options(settings.database_url),
        RATE_LIMIT_SCALE=settings.rate_limit_scale,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_HEADERS_ENABLED=True,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.json = FastJson(app)
    app.session_interface = security.SessionsOfNoCache()
    app.extensions["mallrun_settings"] = settings
    app.extensions["mallrun_local_ca"] = settings.tls_ca
    app.extensions["mallrun_keys"] = keys
    app.extensions["mallrun_blobs"] = FolderBlobs(settings.photo_dir)
    app.extensions["mallrun_positions"] = _positions(settings)
    app.extensions["mallrun_webhooks"] = Sender()
    app.extensions["mallrun_mail"] = _post(settings)
    app.extensions["mallrun_push"] = PushService(Sender(), SERVICES, _contact(settings))
    app.extensions["mallrun_recent_promises"] = RecentAnswers(settings.promise_cache_s)
    if settings.proxy_count:
        hops = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _post(settings: Settings) -> Post | None:
    if settings.mail_server is None or settings.mail_from is None:
        return None
    return Post(settings.mail_server, settings.mail_from)


def _contact(settings: Settings) -> str:
    """Return where a message service complains about us."""
    if settings.mail_from is not None:
        return f"mailto:{settings.mail_from.address}"
    return settings.public_url.replace("http://", "https://", 1)


def _positions(settings: Settings) -> LatestPositions:
    if not settings.redis_url:
        return InMemoryPositions()
    from redis import Redis  # noqa: PLC0415 - optional: embedded mode runs without the package.

    connect: Any = getattr(Redis, "from_url")  # noqa: B009 - Its keywords are untyped.
    return RedisPositions(connect(settings.redis_url, decode_responses=True, socket_timeout=1))


def _wire_realtime(app: Flask, settings: Settings) -> None:
    # Websocket only: several workers then need no sticky sessions; pages poll their state when it
    # fails.
    options: dict[str, Any] = {
        "transports": ["websocket"],
        "cors_allowed_origins": settings.origins,
        "max_http_buffer_size": 64 * 1024,
        "ping_interval": 25,
        "ping_timeout": 20,
        "manage_session": False,
        "http_compression": False,
    }
    if settings.redis_url:
        options["message_queue"] = settings.redis_url
    else:
        # Said outright: the extension would keep the manager of an application wired before.
        options["client_manager"] = None
    socketio.init_app(app, **options)
    register_sockets()
    relay.listen(publish.changed)
    on_session_end(publish.ended)
