"""Imports every table once, so that metadata, migrations and tests see the whole schema."""

from app.accounts import models as accounts
from app.blocks import models as blocks
from app.deliveries import models as deliveries
from app.demo import models as demo
from app.eventlog import models as eventlog
from app.handoffs import models as handoffs
from app.jobs import models as jobs
from app.notify import models as notify
from app.persistence.base import Base
from app.promise import models as promise
from app.runs import models as runs
from app.sites import models as sites
from app.sync import models as sync
from app.tracking import models as tracking
from app.webhooks import models as webhooks

__all__ = [
    "Base",
    "accounts",
    "blocks",
    "deliveries",
    "demo",
    "eventlog",
    "handoffs",
    "jobs",
    "notify",
    "promise",
    "runs",
    "sites",
    "sync",
    "tracking",
    "webhooks",
]
