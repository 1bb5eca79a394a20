"""What Cleo may know about her delivery from Juniper, at noon in Phoenix."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.delivery import DeliveryStatus
from app.domain.events import EventType
from app.domain.tracking import TimelineEntry, TrackingView

NOON = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


def tracking_view(status: str = "created", **facts: object) -> TrackingView:
    plain = TrackingView(
        rev="7",
        timezone="America/Phoenix",
        status=DeliveryStatus(status),
        parcel_count=2,
        window_from=NOON,
        window_until=NOON + timedelta(hours=2),
        store_name="Juniper",
        store_lat=33.3016,
        store_lon=-111.8990,
        lat=33.3190,
        lon=-111.8711,
        instructions="Gate code is on the left",
        leave_at_door=False,
        can_change=True,
        address="•••5 W Chandler Blvd, Chandler",
        timeline=(TimelineEntry(EventType.DELIVERY_CREATED, NOON - timedelta(hours=1)),),
    )
    return replace(plain, **facts)
