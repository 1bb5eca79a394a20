"""A code with a single bit changed gives nothing to anybody."""

import pytest

from app.domain import base45
from app.domain.errors import DomainError
from app.domain.tokens import KeyRole, parse, verify
from app.handoffs import evidence
from app.handoffs.device_keys import active_key
from app.keys import check_es256
from tests.factories import Mall
from tests.journeys import claimed
from tests.personas import Clerk, Driver, code_of

#: What a changed bit turns a code into: another kind, another signer, or a signature that fails.
REFUSALS = {"bad_signature", "code_damaged", "unknown_desk", "wrong_code_kind", "wrong_role"}


def flipped(text: str, bit: int) -> str:
    """Return a code with one bit of its bytes changed."""
    raw = bytearray(base45.decode(text.removeprefix("MP1:")))
    raw[bit // 8] ^= 1 << bit % 8
    return "MP1:" + base45.encode(bytes(raw))


def refusal(text: str) -> str:
    try:
        scanned = parse(text)
        evidence.read_release(text)
        verify(scanned, active_key, check_es256, KeyRole.DESK)
    except DomainError as error:
        return error.code
    return "believed"


def test_every_single_bit_counts(mall: Mall, dina: Driver, carl: Clerk):
    text = carl.shows(dina, claimed(dina))
    size = len(base45.decode(text.removeprefix("MP1:"))) * 8

    with mall.reading():
        refusals = [refusal(flipped(text, bit)) for bit in range(size)]

    assert set(refusals) <= REFUSALS
    # Behind the key id nothing but the signature can tell.
    assert set(refusals[40:200]) == {"bad_signature"}


@pytest.mark.both_engines
@pytest.mark.parametrize("bit", [60, 110, 180, 260, 330, -9])
def test_changed_code_moves_nothing(mall: Mall, dina: Driver, carl: Clerk, bit: int):
    run_id = claimed(dina)
    text = carl.shows(dina, run_id)
    size = len(base45.decode(text.removeprefix("MP1:"))) * 8

    refused = dina.collect(flipped(text, bit % size))

    assert code_of(refused) in {"bad_signature", "code_damaged"}
    assert [row.status for row in mall.deliveries_of(run_id)] == ["enroute_to_pickup"]
