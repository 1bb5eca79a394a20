"""Scenes around signed statements: runs that change hands, marks of the office, contradictions."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from app import clock
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.domain import tokens
from app.domain.act import Act
from app.domain.delivery import DeliveryStatus, Mover
from app.domain.events import EventType
from app.eventlog.service import NewEvent, record
from app.handoffs import incidents, settling
from app.handoffs import queries as handoffs
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.persistence.transaction import session
from app.tracking.customer_code import customer_code
from tests.factories import Mall, copy_of, handles_of
from tests.journeys import claimed
from tests.personas import Driver

Parcels = dict[str, int]


def claimed_parcels(driver: Driver, *given: dict[str, Any]) -> tuple[str, Parcels]:
    """Let a driver claim a run; return it and what its deliveries have, `{handle: parcels}`."""
    run_id = claimed(driver, *given)
    return run_id, handles_of(driver.mall.deliveries_of(run_id))


def pass_on(run_id: str, first: Driver, second: Driver) -> None:
    """Let a driver give a run back and another one claim it."""
    answer = first.post(f"runs/{run_id}/release", reason="mistake", note="")
    assert answer.status_code == 200, answer.get_json()
    assert second.claim(run_id).status_code == 200


def mark_lost(mall: Mall, delivery_id: str) -> None:
    """Let the office mark a delivery as lost."""
    with mall.writing():
        row = deliveries.delivery(delivery_id)
        assert row is not None
        act = Act.of_system(clock.now())
        delivery_service.move(row, DeliveryStatus.LOST, Mover.DISPATCHER, now=act.now)
        session().flush()
        record([NewEvent(EventType.DELIVERY_LOST, deliveries.subject(row))], act=act)
        settling.settle_again(row.id, act=act)


def customer_code_of(mall: Mall, delivery_id: str) -> str:
    """Return the code `C` on a delivery's tracking page."""
    with mall.reading():
        row = deliveries.delivery(delivery_id)
        assert row is not None
        return customer_code(row, mall.keys)


def wrong_pin(mall: Mall, delivery_id: str) -> str:
    """Return six digits that are not the delivery's PIN."""
    return f"{(int(mall.pin(delivery_id)) + 1) % 10**6:06d}"


def label_evidence(mall: Mall, row: SimpleNamespace) -> list[dict[str, str]]:
    """Return a scan of the label on each of a delivery's parcels."""
    mac = mall.keys.mac("label")
    numbers = range(1, row.parcel_count + 1)
    texts = [tokens.encode_label(row.handle, number, row.parcel_count, mac) for number in numbers]
    return [{"kind": "label", "text": text} for text in texts]


def incidents_of(mall: Mall, delivery_id: str) -> list[SimpleNamespace]:
    """Return a delivery's open incidents."""
    with mall.reading():
        return [copy_of(row) for row in incidents.open_incidents([delivery_id])]


def open_kinds(mall: Mall, delivery_id: str) -> dict[str, bool]:
    """Return `{kind: a person has to decide}` of a delivery's open incidents."""
    return {row.kind: row.is_waiting for row in incidents_of(mall, delivery_id)}


def driver_in_charge(mall: Mall, delivery_id: str) -> str | None:
    """Return the driver of the run that a delivery is in."""
    run_id = mall.delivery(delivery_id).run_id
    return mall.run(run_id).driver_id if run_id else None


def delivery_named(mall: Mall, handle: str) -> SimpleNamespace:
    """Return a copy of the delivery with a handle."""
    with mall.reading():
        return copy_of(deliveries.deliveries_by_handle([handle])[handle])


def result_of(mall: Mall, event_id: str) -> SimpleNamespace:
    """Return what became of a statement, as the server keeps it."""
    with mall.reading():
        return copy_of(handoffs.statement_result(event_id))


def run_jobs(mall: Mall, at: datetime) -> None:
    """Run every job that is due at an instant."""
    with clock.frozen(at), mall.app.app_context():
        while worker.run_due(HANDLERS):
            pass
