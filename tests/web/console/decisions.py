"""Incidents of one delivery, and a dispatcher's answers to them.

A delivery here is a namespace with `id` and `mall`.
"""

from types import SimpleNamespace

from werkzeug.test import TestResponse

from app.handoffs import incidents
from tests.factories import Mall
from tests.office import Office

WHY = "Dan read the label out on the phone"


def open_kinds(mall: Mall, delivery_id: str) -> list[str]:
    with mall.reading():
        return [row.kind for row in incidents.open_incidents([delivery_id])]


def the_incident(mall: Mall, delivery_id: str) -> SimpleNamespace:
    with mall.reading():
        (row,) = incidents.incidents_of(delivery_id)
        return SimpleNamespace(id=row.id, decision=row.decision, decided_by=row.decided_by)


def decide(office: Office, row: SimpleNamespace, verb: str, **form: str) -> TestResponse:
    """Answer the one incident of a delivery."""
    incident = the_incident(row.mall, row.id)
    return office.post(f"deliveries/{row.id}/incidents/{incident.id}/{verb}", **form)
