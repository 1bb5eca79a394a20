"""What a store asks of its handovers: below it the parcels move, and somebody looks."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from app.handoffs import incidents
from app.handoffs.models import StatementBeside
from app.sites import queries as sites
from tests.devices import Signer, phone_of, picked_up, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

CODE, WRONG = "730164", "111111"


@pytest.fixture
def marta(mall: Mall) -> Office:
    return signed_in(mall, "Marta Mann", "manager", mall.store.store_id)


def wants(office: Office, mall: Mall, level: str = "E2", limit: str = "", code: str = ""):
    form = {"minimum_level": level, "limit": limit, "manager_code": code}
    return office.post(f"stores/{mall.store.store_id}/policy", **form)


def kinds(mall: Mall, delivery_id: str) -> list[str]:
    with mall.reading():
        return [row.kind for row in incidents.open_incidents([delivery_id])]


def with_code(code: str) -> dict[str, Any]:
    return {"beside": {"manager_code": code}}


class TestLeastLevel:
    @pytest.mark.parametrize(("level", "is_pending"), [("E0", False), ("E2", False), ("E3", True)])
    def test_below_it_the_delivery_is_marked_and_goes_on(
        self, mall: Mall, dina: Driver, carl: Clerk, marta: Office, level: str, *, is_pending: bool
    ):
        assert wants(marta, mall, level).status_code == 303
        (row,) = mall.deliveries_of(claimed(dina))
        phone = phone_of(dina)

        phone.results(picked_up(phone, carl.shows(dina, row.run_id), handles_of([row])))

        after = mall.delivery(row.id)
        assert (after.status, after.is_verification_pending) == ("enroute_to_dropoff", is_pending)

    def test_word_is_enough_where_the_store_says_so(self, mall: Mall, dina: Driver, marta: Office):
        wants(marta, mall, "E0")
        (row,) = mall.deliveries_of(claimed(dina))

        dina.collect("Tablet is broken", "assertion")

        assert not mall.delivery(row.id).is_verification_pending

    def test_other_stores_ask_what_they_asked(self, mall: Mall, dina: Driver, marta: Office):
        wants(marta, mall, "E0")
        mall.places(mall.other_store)
        (run_id,) = mall.forms_runs()
        dina.claim(run_id)

        dina.collect("Tablet is broken", "assertion")

        row = mall.only_delivery(run_id)
        assert row.is_verification_pending


class TestManagersCode:
    @pytest.fixture
    def dear(self, mall: Mall, dina: Driver, marta: Office) -> SimpleNamespace:
        """Return a delivery worth more than the store's limit."""
        assert wants(marta, mall, limit="200", code=CODE).status_code == 303
        (row,) = mall.deliveries_of(claimed(dina, {"value_minor": 20_001}))
        return row

    def collect(self, dina: Driver, carl: Clerk, row: SimpleNamespace, **given: Any):
        phone = phone_of(dina)
        text = carl.shows(dina, row.run_id)
        return phone.results(picked_up(phone, text, handles_of([row]), **given))[0]

    def test_apps_are_told_to_ask(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        (pickup,) = dina.stops("pickup")
        (arriving,) = carl.state()["arriving"]

        assert pickup["deliveries"][0]["needs_manager_code"]
        assert arriving["deliveries"][0]["needs_manager_code"]
        assert carl.state()["to_pack"][0]["needs_manager_code"]
        assert CODE not in str(dina.state()) + str(carl.state())
        assert mall.delivery(dear.id).value_minor == 20_001

    def test_right_code_is_enough(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        result = self.collect(dina, carl, dear, **with_code(CODE))

        assert (result["outcome"], result["flags"]) == ("applied", [])
        assert not mall.delivery(dear.id).is_verification_pending
        assert kinds(mall, dear.id) == []

    @pytest.mark.parametrize("given", [{}, with_code(WRONG), with_code("x"), with_code("7301641")])
    def test_without_it_the_parcels_move_and_somebody_looks(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace, given: dict[str, Any]
    ):
        result = self.collect(dina, carl, dear, **given)

        assert result["outcome"] == "applied"
        assert result["flags"] == (["manager_code_wrong"] if given else [])
        after = mall.delivery(dear.id)
        assert (after.status, after.is_verification_pending) == ("enroute_to_dropoff", True)
        assert kinds(mall, dear.id) == ["manager_code"]

    @pytest.mark.parametrize("tablet_first", [False, True])
    def test_code_told_on_the_tablet_counts_whichever_comes_first(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace, *, tablet_first: bool
    ):
        nonce = bytes(8)
        phone, tablet = phone_of(dina), tablet_of(carl)
        parcels = handles_of([dear])
        picked_up(phone, carl.shows(dina, dear.run_id, nonce=nonce), parcels)
        released(tablet, [nonce], parcels, **with_code(CODE))

        for device in (tablet, phone) if tablet_first else (phone, tablet):
            device.results()

        assert not mall.delivery(dear.id).is_verification_pending
        assert kinds(mall, dear.id) == []

    def test_unsigned_command_brings_no_code(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        dina.collect(carl.shows(dina, dear.run_id))

        assert mall.delivery(dear.id).is_verification_pending
        assert kinds(mall, dear.id) == ["manager_code"]

    def test_five_wrong_codes_lock_it_until_a_new_one_is_set(
        self, mall: Mall, dina: Driver, carl: Clerk, marta: Office, dear: SimpleNamespace
    ):
        phone, tablet = phone_of(dina), tablet_of(carl)
        self.guess(tablet, dear, 5)
        picked_up(phone, carl.shows(dina, dear.run_id), handles_of([dear]), **with_code(CODE))

        (result,) = phone.results()

        assert result["flags"] == ["manager_code_wrong"]
        page = marta.get(f"stores/{mall.store.store_id}").text
        assert "none is believed until you set a new one" in page
        wants(marta, mall, limit="200", code=CODE)
        tablet.results(released(tablet, [bytes(8)], handles_of([dear]), **with_code(CODE)))
        assert not mall.delivery(dear.id).is_verification_pending

    def guess(self, tablet: Signer, row: SimpleNamespace, times: int) -> None:
        for _ in range(times):
            tablet.results(released(tablet, [bytes(8)], handles_of([row]), **with_code(WRONG)))

    def test_right_code_clears_the_wrong_ones(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        tablet = tablet_of(carl)
        self.guess(tablet, dear, 4)
        tablet.results(released(tablet, [bytes(8)], handles_of([dear]), **with_code(CODE)))
        self.guess(tablet, dear, 4)

        with mall.reading():
            store = sites.store(mall.store.store_id)
            assert store is not None
            assert store.manager_code_tries == 4
        assert dina.person_id

    def test_code_is_kept_nowhere(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        self.collect(dina, carl, dear, **with_code(CODE))

        with mall.reading() as session:
            kept = session.scalars(
                select(StatementBeside).where(StatementBeside.name == "manager_code")
            ).all()
            store = sites.store(mall.store.store_id)
            assert store is not None
            assert all(CODE not in row.value and row.salt == "" for row in kept)
            assert kept
            assert CODE not in (store.manager_code_hash or "")

    def test_cheap_goods_are_not_asked_about(
        self, mall: Mall, dina: Driver, carl: Clerk, marta: Office
    ):
        wants(marta, mall, limit="200", code=CODE)
        (row,) = mall.deliveries_of(claimed(dina, {"value_minor": 20_000}))

        result = self.collect(dina, carl, row, **with_code(WRONG))

        assert result["flags"] == []
        assert not dina.stops("pickup")
        assert not mall.delivery(row.id).is_verification_pending

    def test_step_that_had_to_wait_is_judged_by_its_code(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        phone = phone_of(dina)
        first = phone.state("correction", handles_of([dear]), refers_to=REFERRED)
        second = picked_up(
            phone, carl.shows(dina, dear.run_id), handles_of([dear]), **with_code(CODE)
        )

        (held,) = phone.results(second)
        phone.results(first)

        assert held["outcome"] == "held"
        assert not mall.delivery(dear.id).is_verification_pending

    def test_decision_of_a_dispatcher_stays(
        self, mall: Mall, dina: Driver, carl: Clerk, dear: SimpleNamespace
    ):
        desmond = signed_in(mall, "Desmond Day", "dispatcher")
        self.collect(dina, carl, dear)
        with mall.reading():
            (incident,) = incidents.open_incidents([dear.id])
            address = f"deliveries/{dear.id}/incidents/{incident.id}/close"

        desmond.post(address, reason="The manager knows the driver")
        tablet = tablet_of(carl)
        tablet.results(released(tablet, [bytes(8)], handles_of([dear])))

        assert kinds(mall, dear.id) == []


class TestForm:
    def test_page_shows_what_was_saved_and_never_the_code(self, mall: Mall, marta: Office):
        answer = wants(marta, mall, "E3", "249,90", CODE)

        page = marta.client.get(answer.location).text
        assert "Saved. It holds for handovers from now on." in page
        assert '<option value="E3" selected>' in page
        assert 'value="249.90"' in page
        assert CODE not in page

    def test_limit_without_any_code_is_explained_in_place(self, mall: Mall, marta: Office):
        answer = wants(marta, mall, limit="250")

        assert answer.status_code == 422
        assert "A limit needs a manager&#39;s code" in answer.text
        assert 'value="250"' in answer.text

    def test_code_stays_when_none_is_entered_and_the_limit_can_go(self, mall: Mall, marta: Office):
        wants(marta, mall, limit="250", code=CODE)

        assert wants(marta, mall, limit="300").status_code == 303
        assert wants(marta, mall).status_code == 303
        with mall.reading():
            store = sites.store(mall.store.store_id)
            assert store is not None
            assert (store.manager_code_above_minor, store.manager_code_hash is None) == (
                None,
                False,
            )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("level", "E4"),
            ("level", ""),
            ("limit", "-1"),
            ("limit", "1e5"),
            ("limit", "12.5"),
            ("limit", "99999999"),
            ("code", "12345"),
            ("code", "1234567"),
            ("code", "१२३४५६"),
        ],
    )
    def test_nonsense_is_explained_in_place(
        self, mall: Mall, marta: Office, field: str, value: str
    ):
        assert wants(marta, mall, **{field: value}).status_code == 422

    def test_other_stores_are_not_hers_to_set(self, mall: Mall, marta: Office):
        form = {"minimum_level": "E0", "limit": "", "manager_code": ""}

        answer = marta.post(f"stores/{mall.other_store.store_id}/policy", **form)

        assert answer.status_code == 404


REFERRED = "0193a000-0000-7000-8000-000000000000"
