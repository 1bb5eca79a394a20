"""Whatever comes in as a body: taken, or refused in words, never an error of ours."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.wiring import MAX_BODY_BYTES
from tests.factories import Mall, command
from tests.personas import Clerk, Driver, a_picture, code_of
from tests.web import bodies

pytestmark = pytest.mark.both_engines

UNICODE = "Zo\xeb \N{RIGHT-TO-LEFT OVERRIDE} \u674e \N{WRAPPED PRESENT} <img onerror=alert(1)>"
HOSTILE = {
    "unicode": UNICODE,
    "long": "x" * 10_000,
    "nul": "a\0b",
    "half a pair": "a\ud800b",
    "controls": "a\x1b[2J\x07",
    "empty": "",
    "number": 7,
    "nothing": None,
    "nested": {"a": [1]},
}
#: No person could mean these.
NEVER_TAKEN = {"long", "nul", "half a pair", "number", "nested"}
INSTANTS = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-22T10:00:00",
    "2200-01-01T00:00:00Z",
    "yesterday",
    "",
]


@pytest.fixture
def senders(dina: Driver, carl: Clerk) -> dict[str, FlaskClient]:
    return {"driver": dina.client, "desk": carl.client}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eevil\u202c", "evil"),
        ("\u05d3\u05e0\u05d4", "\u05d3\u05e0\u05d4"),
        ("\U0001f469\u200d\U0001f680 Zo\xeb", "\U0001f469\u200d\U0001f680"),
        ("\u2066Ann\u2069", "Ann"),
    ],
)
def test_name_turns_no_words_beside_it(carl: Clerk, typed: str, kept: str):
    fields = bodies.placing() | {"recipient_name": typed}

    placed = carl.post("deliveries", **fields)

    (entry,) = placed.get_json()["state"]["to_pack"]
    assert entry["recipient_first_name"] == kept


def test_name_of_nothing_visible_is_refused(carl: Clerk):
    fields = bodies.placing() | {"recipient_name": "\u202e \u2066"}

    refused = carl.post("deliveries", **fields)

    assert (refused.status_code, code_of(refused)) == (422, "invalid_input")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_by_its_place_or_taken(senders: dict[str, FlaskClient], name: str):
    for who, path, fields in bodies.all_bodies():
        for place in bodies.texts_in(fields):
            body = command(**bodies.replaced(fields, place, HOSTILE[name]))

            answer = send(senders[who], path, body)

            assert answer.status_code < 500, (path, place)
            is_code_text = place[-1] in {"text", "token"} and name != "long"
            if name in NEVER_TAKEN and not is_code_text:
                assert answer.status_code in {400, 422}, (path, place, answer.text)
            if code_of(answer) == "invalid_input":
                names_place(answer.get_json(), place)


def names_place(problem: dict[str, Any], place: tuple[str | int, ...]) -> None:
    """Hold a refusal to saying where the mistake is."""
    found = [error["loc"] for error in problem["errors"]]
    assert any(loc.split(".")[0] == str(place[0]) for loc in found), (found, place)


def send(client: FlaskClient, path: str, body: object):
    """Post JSON as bytes, so that half a surrogate pair reaches the server as an escape."""
    return client.post(path, data=json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("instant", INSTANTS)
def test_impossible_instants_are_refused(senders: dict[str, FlaskClient], instant: str):
    for who, path, fields in bodies.all_bodies():
        answer = send(senders[who], path, command(**fields) | {"occurred_at": instant})

        assert answer.status_code in {422, 401}, (path, answer.text)


@pytest.mark.parametrize("field", ["ready_at", "window_from", "window_until"])
@pytest.mark.parametrize("instant", INSTANTS)
def test_delivery_at_an_impossible_time_is_refused(carl: Clerk, field: str, instant: str):
    refused = carl.post("deliveries", **bodies.placing() | {field: instant})

    assert code_of(refused) == "invalid_input"
    assert refused.get_json()["errors"][0]["loc"] == field


def test_unknown_fields_are_refused(senders: dict[str, FlaskClient]):
    for who, path, fields in bodies.all_bodies():
        for extra in ("status", "driver_id", "price", "id", "__class__"):
            answer = send(senders[who], path, command(**fields) | {extra: "x"})

            assert code_of(answer) == "invalid_input", (path, answer.text)


def test_missing_fields_are_refused(senders: dict[str, FlaskClient]):
    for who, path, fields in bodies.all_bodies():
        whole = command(**fields)
        for name in whole:
            rest = {key: value for key, value in whole.items() if key != name}

            assert code_of(send(senders[who], path, rest)) == "invalid_input", (path, name)


@pytest.mark.parametrize("body", ["", "{", "[1", "null", "[]", '"x"', "\xff", "[" * 5000])
def test_what_is_no_json_object_is_refused(senders: dict[str, FlaskClient], body: str):
    for who, path, _fields in bodies.all_bodies():
        answer = senders[who].post(
            path, data=body.encode("latin-1"), content_type="application/json"
        )

        assert answer.status_code in {400, 422}, (path, answer.text)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "a/b/c"])
def test_other_content_types_are_refused(senders: dict[str, FlaskClient], kind: str):
    for who, path, fields in bodies.all_bodies():
        text = json.dumps(command(**fields))

        answer = senders[who].post(path, data=text, content_type=kind)

        assert code_of(answer) == "unsupported_media_type", path


def test_oversized_body_is_refused(carl: Clerk):
    answer = carl.client.post(
        "/desk/api/deliveries",
        data=b" " * (MAX_BODY_BYTES + 1),
        content_type="application/json",
    )

    assert (answer.status_code, code_of(answer)) == (413, "payload_too_large")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_name_the_right_one(senders: dict[str, FlaskClient], method: str):
    for who, path, _fields in bodies.all_bodies():
        answer = getattr(senders[who], method)(path)

        assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
        assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("command_id", ["", "1", "0" * 36, "A" * 36, 7, None])
def test_command_id_is_a_uuid7(carl: Clerk, command_id: object):
    refused = send(carl.client, "/desk/api/lock", command() | {"command_id": command_id})

    assert code_of(refused) == "invalid_input"


@pytest.mark.parametrize(
    "path",
    [
        "/driver/api/runs/%00/claim",
        "/driver/api/runs/a%00b/claim",
        "/driver/api/runs/%ff%fe/claim",
        f"/driver/api/runs/{'x' * 3000}/claim",
        "/driver/api/runs/..%2f..%2fetc/claim",
        "/driver/api/stops/%F0%9F%8E%81/arrive",
    ],
)
def test_strange_ids_in_addresses_are_no_error_of_ours(dina: Driver, path: str):
    answer = send(dina.client, path, command(position=None) if "arrive" in path else command())

    assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lat", 91),
        ("lon", -181),
        ("lat", "33.3"),
        ("lat", float("nan")),
        ("lat", float("inf")),
        ("parcel_count", 0),
        ("parcel_count", 21),
        ("parcel_count", 2.5),
        ("parcel_count", True),
        ("value_minor", -1),
        ("value_minor", 10**30),
        ("proof", "trust"),
        ("phone", "call me"),
        ("recipient_name", "   "),
        ("postal_code", "\0\0\0"),
        ("postal_code", "8"),
    ],
)
def test_delivery_with_a_wrong_value_is_refused(carl: Clerk, field: str, value: object):
    refused = carl.post("deliveries", **bodies.placing() | {field: value})

    assert code_of(refused) == "invalid_input"
    assert [error["loc"] for error in refused.get_json()["errors"]] == [field]


def test_unicode_of_a_customer_comes_back_as_it_was(mall: Mall, carl: Clerk):
    fields = bodies.placing() | {"recipient_name": UNICODE, "instructions": f"{UNICODE}\n2"}

    answer = carl.post("deliveries", **fields)

    delivery_id = answer.get_json()["result"]["delivery_id"]
    page = mall.app.test_client().get(f"{mall.link(delivery_id)}/state").get_json()
    assert page["instructions"] == f"{UNICODE}\n2"


def test_delivery_outside_the_reach_is_refused(carl: Clerk):
    refused = carl.post("deliveries", **bodies.placing() | {"lat": 33.9})

    assert code_of(refused) == "address_outside"


def test_window_that_ends_before_it_begins_is_refused(carl: Clerk):
    fields = bodies.placing()

    refused = carl.post("deliveries", **fields | {"window_until": fields["window_from"]})

    assert code_of(refused) == "window_past"


def test_photo_form_is_explained_in_the_readers_language(dina: Driver):
    form = {"photo": (a_picture(), "door.jpg"), "command_id": "1", "occurred_at": "yesterday"}

    answer = dina.client.post(
        "/driver/api/photos", data=form, headers={"Accept-Language": "es-MX"}
    ).get_json()

    assert {each["loc"]: each["msg"] for each in answer["errors"]} == {
        "command_id": "Esto no se permite aquí.",
        "occurred_at": "No podemos aceptar este valor.",
        "delivery_id": "Complete este campo.",
    }
