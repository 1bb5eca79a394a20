"""A store's tablet: enrolled once by a code, used by clerks with codes of their own."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock, keys
from app.accounts import clerks, devices, queries
from app.accounts.devices import ENROLMENT_LIFE
from app.web import seen
from tests import factories
from tests.factories import CARLS_CODE, Mall, command
from tests.office import code_hash
from tests.personas import Clerk, code_of, show_cookie

pytestmark = pytest.mark.both_engines


@pytest.fixture
def code(mall: Mall) -> str:
    """The enrolment code that a manager shows."""
    with mall.writing():
        return devices.make_desk_enrolment(mall.store.desk_id, now=clock.now())


@pytest.fixture
def tablet(mall: Mall) -> FlaskClient:
    return mall.app.test_client()


def enrol(tablet: FlaskClient, code: str):
    key = keys.public_bytes(keys.new_private_key()).hex()
    return tablet.post("/desk/api/enrol", json=command(code=code, public_key=key))


def sign_in(tablet: FlaskClient, code: str = CARLS_CODE):
    return tablet.post("/desk/api/sign-in", json=command(code=code))


def is_open(tablet: FlaskClient) -> bool:
    """Whether somebody is signed in."""
    return tablet.get("/desk/api/state").get_json().get("clerk") is not None


class TestEnrolling:
    def test_code_turns_a_tablet_into_the_desk(self, mall: Mall, tablet: FlaskClient, code: str):
        answer = enrol(tablet, code)

        state = answer.get_json()["state"]
        assert state["desk"]["id"] == mall.store.desk_id
        assert (state["clerk"], state["to_pack"]) == (None, [])
        assert tablet.get("/desk/api/state").status_code == 200

    def test_code_may_be_typed_as_people_type(self, tablet: FlaskClient, code: str):
        typed = f" {code[:5].lower().replace('0', 'o').replace('1', 'l')}-{code[5:]} "

        assert enrol(tablet, typed).status_code == 200

    def test_code_works_once(self, mall: Mall, tablet: FlaskClient, code: str):
        enrol(tablet, code)

        refused = enrol(mall.app.test_client(), code)

        assert (refused.status_code, code_of(refused)) == (410, "enrolment_expired")

    def test_code_runs_out(self, tablet: FlaskClient, code: str):
        with clock.frozen(clock.now() + ENROLMENT_LIFE + timedelta(seconds=1)):
            assert code_of(enrol(tablet, code)) == "enrolment_expired"

    def test_newer_code_ends_the_one_before(self, mall: Mall, tablet: FlaskClient, code: str):
        with mall.writing():
            devices.make_desk_enrolment(mall.store.desk_id, now=clock.now())

        assert code_of(enrol(tablet, code)) == "enrolment_expired"

    @pytest.mark.parametrize("wrong", ["0000000000", "x", "\N{WRAPPED PRESENT}"])
    def test_unknown_code_is_refused(self, tablet: FlaskClient, wrong: str):
        assert code_of(enrol(tablet, wrong)) == "enrolment_unknown"

    def test_point_off_the_curve_is_no_key(self, tablet: FlaskClient, code: str):
        body = command(code=code, public_key="04" + "11" * 64)

        refused = tablet.post("/desk/api/enrol", json=body)

        assert code_of(refused) == "device_key_invalid"

    def test_next_tablet_retires_the_one_before(self, mall: Mall, carl: Clerk, code: str):
        enrol(mall.app.test_client(), code)

        assert carl.client.get("/desk/api/state").status_code == 401
        with mall.reading():
            device = queries.device(carl.kid)
            assert device is not None
            assert device.retired_at is not None

    def test_retired_tablet_is_signed_out(self, mall: Mall, carl: Clerk):
        with mall.writing():
            devices.retire_desk_device(mall.store.desk_id, now=clock.now())

        assert code_of(carl.post("lock")) == "not_signed_in"


class TestClerks:
    @pytest.fixture
    def tablet(self, mall: Mall, code: str) -> FlaskClient:
        """Lumen's tablet, locked; Carl's and Cora's codes are known."""
        with mall.writing():
            for name, digits in (("Carl", CARLS_CODE), ("Cora", "314159")):
                factories.a_clerk(mall.store.store_id, name, digits, hash_code=code_hash(mall))
        client = mall.app.test_client()
        enrol(client, code)
        return client

    def test_own_code_opens_the_desk(self, tablet: FlaskClient):
        answer = sign_in(tablet)

        assert answer.get_json()["state"]["clerk"]["first_name"] == "Carl"
        assert is_open(tablet)

    def test_code_of_another_store_is_wrong(self, mall: Mall, tablet: FlaskClient):
        with mall.writing():
            other = mall.other_store.store_id
            factories.a_clerk(other, "Mallory", "161803", hash_code=code_hash(mall))

        assert code_of(sign_in(tablet, "161803")) == "clerk_code_wrong"

    def test_wrong_codes_of_a_tablet_without_signal_count_too(self, tablet: FlaskClient):
        told = command(count=3)
        for _ in range(2):
            assert tablet.post("/desk/api/wrong-codes", json=told).status_code == 200
        assert sign_in(tablet, "000000").get_json()["tries_left"] == 1

        answer = tablet.post("/desk/api/wrong-codes", json=command(count=5))

        assert answer.get_json()["state"]["sign_in_locked"]
        assert code_of(sign_in(tablet)) == "desk_locked"

    def test_five_wrong_codes_lock_even_the_right_one(self, tablet: FlaskClient):
        codes = [code_of(sign_in(tablet, "999999")) for _ in range(5)]

        assert codes == ["clerk_code_wrong"] * 4 + ["desk_locked"]
        assert code_of(sign_in(tablet)) == "desk_locked"
        assert tablet.get("/desk/api/state").get_json()["sign_in_locked"]

    def test_manager_unlocks(self, mall: Mall, tablet: FlaskClient):
        for _ in range(5):
            sign_in(tablet, "999999")

        with mall.writing():
            clerks.unlock_desk(mall.store.desk_id)

        assert sign_in(tablet).status_code == 200

    def test_right_code_forgets_the_wrong_ones(self, tablet: FlaskClient):
        for code in ("999999",) * 4 + (CARLS_CODE,) + ("999999",) * 4:
            sign_in(tablet, code)

        assert sign_in(tablet).status_code == 200

    def test_next_clerk_ends_the_one_before(self, mall: Mall, tablet: FlaskClient):
        sign_in(tablet)
        copied = tablet.get_cookie("mallrun_clerk", path="/desk")
        desk = tablet.get_cookie("mallrun_desk", path="/desk")
        sign_in(tablet, "314159")
        thief = mall.app.test_client()
        for audience, cookie in (("clerk", copied), ("desk", desk)):
            show_cookie(thief, audience, cookie.value if cookie else "")

        assert tablet.get("/desk/api/state").get_json()["clerk"]["first_name"] == "Cora"
        assert not is_open(thief)

    def test_lock_hides_everything_of_the_store(self, mall: Mall, tablet: FlaskClient):
        mall.places()
        sign_in(tablet)

        state = tablet.post("/desk/api/lock", json=command()).get_json()["state"]

        assert (state["clerk"], state["to_pack"], state["counts"]["to_pack"]) == (None, [], 1)
        assert not is_open(tablet)

    def test_three_idle_minutes_lock(self, tablet: FlaskClient):
        sign_in(tablet)
        start = clock.now()

        with clock.frozen(start + timedelta(minutes=3, seconds=10)):
            assert is_open(tablet)
        with clock.frozen(start + timedelta(minutes=3, seconds=30)):
            assert not is_open(tablet)
            assert code_of(tablet.post("/desk/api/activity")) == "not_signed_in"

    def test_reading_is_no_activity_but_touching_is(self, tablet: FlaskClient):
        sign_in(tablet)
        start = clock.now()
        with clock.frozen(start + timedelta(minutes=2)):
            assert tablet.post("/desk/api/activity").status_code == 204
        with clock.frozen(start + timedelta(minutes=4)):
            assert is_open(tablet)

        with clock.frozen(start + timedelta(minutes=6)):
            assert not is_open(tablet)

    def test_activity_outlives_the_batch_that_writes_it(self, mall: Mall, tablet: FlaskClient):
        sign_in(tablet)
        start = clock.now()
        with clock.frozen(start + timedelta(minutes=2)):
            tablet.post("/desk/api/activity")
        with mall.app.app_context():
            seen.flush()

        with clock.frozen(start + timedelta(minutes=4)):
            assert is_open(tablet)

    def test_removed_clerk_is_out_at_once(self, mall: Mall, tablet: FlaskClient):
        clerk_id = sign_in(tablet).get_json()["result"]["clerk_id"]

        with mall.writing():
            clerks.remove_clerk(clerk_id, now=clock.now())

        assert not is_open(tablet)
        assert code_of(sign_in(tablet)) == "clerk_code_wrong"

    def test_changed_code_ends_the_old_one(self, mall: Mall, tablet: FlaskClient):
        clerk_id = sign_in(tablet).get_json()["result"]["clerk_id"]

        with mall.writing():
            clerks.change_code(clerk_id, "271828", hash_code=code_hash(mall), now=clock.now())

        assert not is_open(tablet)
        assert [code_of(sign_in(tablet, code)) for code in (CARLS_CODE, "271828")] == [
            "clerk_code_wrong",
            None,
        ]


def test_clerks_cookie_works_on_its_own_desk_only(mall: Mall, carl: Clerk, mallory: Clerk):
    mixed = mall.app.test_client()
    show_cookie(mixed, "desk", mallory.cookies["desk"])
    show_cookie(mixed, "clerk", carl.cookies["clerk"])

    state = mixed.get("/desk/api/state").get_json()

    assert (state["store"]["name"], state["clerk"]) == ("Orbit", None)


def test_clerks_cookie_without_a_desk_is_nothing(mall: Mall, carl: Clerk):
    alone = mall.app.test_client()
    show_cookie(alone, "clerk", carl.cookies["clerk"])

    assert alone.get("/desk/api/state").status_code == 401


def test_desk_without_a_clerk_changes_nothing(mall: Mall, carl: Clerk):
    delivery_id = mall.places()
    locked = mall.app.test_client()
    show_cookie(locked, "desk", carl.cookies["desk"])

    refused = locked.post(f"/desk/api/deliveries/{delivery_id}/pack", json=command())

    assert code_of(refused) == "not_signed_in"
    assert mall.delivery(delivery_id).status == "created"
