"""Whether the process lives and can work, for load balancers and operators."""

import sqlite3

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.persistence.engine import sqlite_warning
from app.persistence.transaction import session
from app.web.auth.identity import declare_guard
from app.web.limits import address, limited

health = Blueprint("health", __name__)
health.record_once(lambda state: declare_guard(state.app, "health", "public"))


@health.get("/healthz")
@limited("page", by=address)
def healthz() -> ResponseReturnValue:
    settings = current_app.extensions["mallrun_settings"]
    answer: dict[str, object] = {"ok": True}
    if settings.is_embedded:
        answer |= {"sqlite": sqlite3.sqlite_version, "warning": sqlite_warning()}
    return answer


@health.get("/readyz")
@limited("page", by=address)
def readyz() -> ResponseReturnValue:
    session().execute(text("select 1"))
    return {"ok": True}
