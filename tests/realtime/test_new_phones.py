"""Another phone of a driver counts from now on: who has to know hears of it at once."""

from tests.devices import enrol
from tests.journeys import claimed
from tests.personas import Clerk, Driver
from tests.realtime.conftest import Connect
from tests.realtime.test_sockets import heard, ticket


def test_old_phone_and_the_expecting_desk_hear_of_it(
    dina: Driver, carl: Clerk, mallory: Clerk, connect: Connect
):
    claimed(dina)
    sockets = [connect(ticket(each.state())) for each in (dina, carl, mallory)]

    assert enrol(dina).status_code == 200

    assert [heard(each) for each in sockets] == [["changed phone"], ["changed phone"], []]


def test_refused_phone_is_told_to_nobody(dina: Driver, connect: Connect):
    socket = connect(ticket(dina.state()))

    assert enrol(dina, forged=True).status_code == 422

    assert heard(socket) == []
