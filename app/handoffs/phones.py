"""Ending a driver's lost phone."""

from app.accounts import devices
from app.accounts import queries as accounts
from app.accounts.sessions import end_sessions
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.eventlog.service import NewEvent, record
from app.runs import queries as runs


def retire_phone(driver_id: str, *, reason: str, act: Act) -> None:
    """End a driver's phone: its key signs no more, its sign-ins end and its sockets close.

    What is still on it can arrive later; it counts only when a person lets it. Each delivery of the
    run in hand gets the event, because evidence about it may be on that phone.

    Raises:
        DomainError: `no_phone`.
    """
    phone = accounts.active_phone(driver_id)
    if phone is None:
        raise DomainError("no_phone")
    devices.retire_phone(driver_id, now=act.now)
    end_sessions(now=act.now, person_id=driver_id, audience="driver")
    run = runs.held_run(driver_id)
    if run is None:
        return
    facts, personal = {"driver": driver_id, "device": phone.kid}, {"reason": reason}
    record(
        [
            NewEvent(
                EventType.PHONE_RETIRED,
                deliveries.subject(row, driver_id=driver_id),
                facts,
                personal,
            )
            for row in deliveries.deliveries_of_run(run.id)
        ],
        act=act,
    )
