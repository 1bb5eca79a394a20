"""Release codes inside statements that do not hold: refused, kept as evidence, nothing moved."""

from dataclasses import dataclass
from typing import Any

import pytest

from app import keys
from tests import personas
from tests.devices import Signer, phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.handoffs.test_flipped_bits import flipped
from tests.personas import Clerk, Driver
from tests.scenes import claimed_parcels, delivery_named, pass_on

pytestmark = pytest.mark.both_engines


@dataclass(frozen=True, slots=True)
class Counter:
    """Dina is to collect one delivery from Carl."""

    mall: Mall
    run_id: str
    handle: str
    phone: Signer

    def refusal_of(self, text: str, phone: Signer | None = None) -> tuple[str, str]:
        """State a collection on a code; require that it moves nothing, and return why."""
        phone = phone or self.phone
        (result,) = phone.results(picked_up(phone, text, {self.handle: 2}))
        row = delivery_named(self.mall, self.handle)
        assert row.status == "enroute_to_pickup"
        assert self.mall.holders(row.id) == {("store", self.mall.store.store_id)}
        assert self.mall.events(row.id)[-1] == "statement.recorded"
        assert result["level"] is None
        return result["outcome"], result["code"]


@pytest.fixture
def counter(mall: Mall, dina: Driver) -> Counter:
    run_id, (handle,) = claimed_parcels(dina)
    return Counter(mall, run_id, handle, phone_of(dina))


def test_code_for_another_driver(counter: Counter, dina: Driver, dan: Driver, carl: Clerk):
    text = carl.shows(dina, counter.run_id)
    pass_on(counter.run_id, dina, dan)

    assert counter.refusal_of(text, phone_of(dan)) == ("rejected", "not_addressee")


def test_code_that_counted_for_one_driver_does_not_count_for_another(
    counter: Counter, dina: Driver, dan: Driver, carl: Clerk
):
    text = carl.shows(dina, counter.run_id)
    pass_on(counter.run_id, dina, dan)
    counter.phone.results(picked_up(counter.phone, text, {counter.handle: 2}))

    other = phone_of(dan)
    (result,) = other.results(picked_up(other, text, {counter.handle: 2}))

    assert (result["outcome"], result["code"]) == ("rejected", "not_addressee")
    row = delivery_named(counter.mall, counter.handle)
    assert counter.mall.holders(row.id) == {("driver", dina.person_id)}


def test_code_signed_by_a_phone(counter: Counter, dina: Driver, carl: Clerk):
    release = carl.release(dina, {counter.handle: 2}, kid=dina.kid)

    assert counter.refusal_of(carl.sign(release, dina.key)) == ("rejected", "wrong_role")


def test_code_signed_with_a_key_that_nobody_has(counter: Counter, dina: Driver, carl: Clerk):
    release = carl.release(dina, {counter.handle: 2})

    text = carl.sign(release, keys.new_private_key())

    assert counter.refusal_of(text) == ("rejected", "bad_signature")


def test_code_of_a_tablet_that_was_never_enrolled(counter: Counter, dina: Driver, carl: Clerk):
    release = carl.release(dina, {counter.handle: 2}, kid=7)

    assert counter.refusal_of(carl.sign(release)) == ("rejected", "unknown_desk")


def test_code_of_another_stores_tablet(counter: Counter, dina: Driver, mallory: Clerk):
    text = mallory.sign(mallory.release(dina, {counter.handle: 2}))

    assert counter.refusal_of(text) == ("rejected", "other_store")


def test_code_for_another_delivery(counter: Counter, mall: Mall, dina: Driver, carl: Clerk):
    other = mall.delivery(mall.places())

    text = carl.sign(carl.release(dina, handles_of([other])))

    assert counter.refusal_of(text) == ("rejected", "other_delivery")


@pytest.mark.parametrize("bit", [3, 12, 60, 110, 180, 260, 330, 500])
def test_code_with_one_bit_changed(counter: Counter, dina: Driver, carl: Clerk, bit: int):
    text = flipped(carl.shows(dina, counter.run_id), bit)

    outcome, code = counter.refusal_of(text)

    assert outcome == "rejected"
    assert code in {"bad_signature", "code_damaged", "unknown_desk", "wrong_code_kind"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://example.com/", "code_not_ours"),
        ("MP1:", "code_damaged"),
        ("MP1::::", "code_damaged"),
        ("MP1:" + "0" * 596, "code_damaged"),
    ],
)
def test_text_that_is_no_code_of_ours(counter: Counter, text: str, code: str):
    assert counter.refusal_of(text) == ("rejected", code)


class TestOneUpload:
    """Each item is answered for by itself; the limits are about the whole."""

    def corrections(self, counter: Counter, count: int) -> list[dict[str, Any]]:
        return [counter.phone.state("correction", {counter.handle: 2}) for _ in range(count)]

    def test_a_hundred_at_most(self, counter: Counter):
        sent = self.corrections(counter, 101)

        refused = counter.phone.upload(*sent)
        taken = counter.phone.results(*sent[:100])

        assert (refused.status_code, personas.code_of(refused)) == (422, "invalid_input")
        assert [each["outcome"] for each in taken] == ["applied"] * 100

    def test_more_than_half_a_megabyte_is_sent_in_parts(self, counter: Counter):
        long = {"evidence": [{"kind": "label", "text": "\N{PACKAGE}" * 500}] * 8}
        sent = [counter.phone.state("correction", {counter.handle: 2}, **long) for _ in range(30)]

        refused = counter.phone.upload(*sent)

        assert (refused.status_code, personas.code_of(refused)) == (413, "payload_too_large")
        assert [each["outcome"] for each in counter.phone.results(*sent[:10])] == ["applied"] * 10

    def test_bad_item_leaves_the_others_alone(self, counter: Counter):
        first, second = self.corrections(counter, 2)

        found = counter.phone.results(first, {"envelope": "x", "beside": {}}, second)

        assert [each["outcome"] for each in found] == ["applied", "rejected", "applied"]

    def test_answer_carries_the_fresh_state(self, counter: Counter, dina: Driver, carl: Clerk):
        sent = picked_up(counter.phone, carl.shows(dina, counter.run_id), {counter.handle: 2})

        body = counter.phone.upload(sent).get_json()

        assert body["state"]["run"]["stops"] == dina.state()["run"]["stops"]
        assert [stop["status"] for stop in body["state"]["run"]["stops"]] == ["done", "ahead"]

    def test_nothing_is_taken_from_somebody_signed_out(self, counter: Counter, mall: Mall):
        sent = self.corrections(counter, 1)
        client = mall.app.test_client()

        answer = client.post("/driver/api/handoffs", json={"statements": sent})

        assert (answer.status_code, personas.code_of(answer)) == (401, "not_signed_in")
        assert counter.phone.results()[0]["outcome"] == "applied"
