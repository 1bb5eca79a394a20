"""The simulator: a test delivery goes through any outcome in seconds."""

from typing import Final

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import is_test, my_merchant
from app.api.v1.once import in_transaction
from app.api.v1.operation import Operation, operation
from app.api.v1.shapes import SimulationOut
from app.deliveries import ordering
from app.demo import walking
from app.domain.api_key import Scope
from app.domain.delivery import ENDED, WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError

GROUP = "Test mode"


_SIMULATE: Final = Operation(
    method="POST",
    path="/deliveries/{delivery_id}/simulate",
    name="simulateDelivery",
    summary="Walk a test delivery to an outcome",
    description="A simulated driver takes every step that a real one takes, with codes and "
    "proof, and you get every event of it.",
    group=GROUP,
    scope=Scope.DELIVERIES_WRITE,
    body=bodies.Simulate,
    answer=SimulationOut,
    status=202,
    codes=("delivery_closed", "delivery_not_cancellable", "test_mode_only"),
)


@operation(_SIMULATE)
def simulate_delivery(delivery_id: str, body: bodies.Simulate) -> SimulationOut:
    merchant_id, now = my_merchant(), clock.now()

    def effect() -> None:
        row = ordering.own_delivery(delivery_id, merchant_id)
        if not is_test():
            raise DomainError("test_mode_only")
        status = DeliveryStatus(row.status)
        if status in ENDED:
            raise DomainError("delivery_closed")
        if body.outcome is DeliveryStatus.CANCELLED and status not in WITH_STORE:
            raise DomainError("delivery_not_cancellable")
        walking.ask_for_step(row.id, body.outcome.value, after_s=0, pace_s=body.pace_s, now=now)

    in_transaction(effect)
    return SimulationOut(delivery_id=delivery_id, outcome=body.outcome, pace_s=body.pace_s)
