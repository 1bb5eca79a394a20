"""A step that an app has kept counts only for the person who took it."""

from tests import factories
from tests.factories import Mall
from tests.personas import Driver, code_of


def test_step_of_a_driver_is_not_taken_from_another(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()

    def claim(sender: str) -> str | None:
        answer = dina.client.post(
            f"/driver/api/runs/{run_id}/claim",
            json=factories.command(),
            headers={"Mallrun-Sender": sender},
        )
        return code_of(answer)

    assert claim(dan.person_id) == "not_signed_in"
    assert mall.run(run_id).status == "offered"
    assert claim(dina.person_id) is None
