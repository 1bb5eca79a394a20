"""The extensions, made once and bound to an application by `create_app`."""

from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine

from app.persistence.base import Base

# `Any` where a package ships no types: the few modules that use it are small.


class OneDatabase(Session):
    """A session of a product with one database: nothing is asked where it is kept."""

    _engine: Engine | None = None

    def get_bind(
        self,
        mapper: object = None,
        clause: object = None,
        bind: Engine | Connection | None = None,
        **kwargs: object,
    ) -> Engine | Connection:
        """Return the engine; Flask-SQLAlchemy looks it up anew for each statement."""
        if bind is not None:
            return super().get_bind(mapper, clause, bind, **kwargs)
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": OneDatabase})
migrate = Migrate(render_as_batch=True, compare_type=True)
login_manager: Any = LoginManager()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
babel: Any = Babel()
socketio: Any = SocketIO()
