"""The extensions, made once and bound to an application by `create_app`."""

from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

from app.persistence.base import Base

# `Any` where a package ships no types: the few modules that use it are small.

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)
login_manager: Any = LoginManager()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
babel: Any = Babel()
socketio: Any = SocketIO()
