"""Envelopes that prove nothing: refused one by one, while the genuine ones around them count."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from app import keys
from app.handoffs import queries
from tests.devices import Sent, Signer, committed, phone_of, picked_up, tablet_of
from tests.factories import Mall
from tests.personas import Clerk, Driver, base64url
from tests.scenes import claimed_parcels

pytestmark = pytest.mark.both_engines

Forge = Callable[[Signer, str], str]


@pytest.fixture
def genuine(dina: Driver, carl: Clerk, phone: Signer) -> Sent:
    """A collection by the tablet's code, as Dina's phone signed it."""
    run_id, parcels = claimed_parcels(dina)
    return picked_up(phone, carl.shows(dina, run_id), parcels)


def parts_of(text: str) -> tuple[dict[str, Any], str, str]:
    """Return an envelope's header, the JSON of its payload, and its signature as written."""
    header, payload, signature = text.split(".")
    return json.loads(decoded(header)), decoded(payload), signature


def decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def signed(phone: Signer, header: dict[str, Any], payload: str) -> str:
    """Return an envelope of any form that the phone did sign."""
    message = f"{base64url(json.dumps(header).encode())}.{base64url(payload.encode())}"
    return f"{message}.{base64url(keys.sign_es256(phone.key, message.encode()))}"


def with_header(**changes: Any) -> Forge:
    def forge(phone: Signer, text: str) -> str:
        header, payload, _ = parts_of(text)
        return signed(phone, header | changes, payload)

    return forge


def with_payload(before: str, after: str) -> Forge:
    def forge(phone: Signer, text: str) -> str:
        header, payload, _ = parts_of(text)
        assert before in payload
        return signed(phone, header, payload.replace(before, after, 1))

    return forge


def by_mac(algorithm: str, digest: str) -> Forge:
    """Return an envelope whose MAC has the public key, which everybody has, as its secret."""

    def forge(phone: Signer, text: str) -> str:
        header, payload, _ = parts_of(text)
        head = base64url(json.dumps(header | {"alg": algorithm}).encode())
        message = f"{head}.{base64url(payload.encode())}"
        mac = hmac.new(keys.public_bytes(phone.key), message.encode(), digest).digest()
        return f"{message}.{base64url(mac)}"

    return forge


def without_signature(_phone: Signer, text: str) -> str:
    header, payload, _ = parts_of(text)
    head = base64url(json.dumps(header | {"alg": "none"}).encode())
    return f"{head}.{base64url(payload.encode())}."


def another_spelling(_phone: Signer, text: str) -> str:
    """Return the same bytes with an unused bit of the last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]


UNREADABLE: dict[str, Forge] = {
    "alg none": without_signature,
    "alg none, signed": with_header(alg="none"),
    "HS256, public key as secret": by_mac("HS256", "sha256"),
    "HS512, public key as secret": by_mac("HS512", "sha512"),
    "unknown crit": with_header(crit=["exp"]),
    "empty crit": with_header(crit=[]),
    "key inside": with_header(jwk={"kty": "EC"}),
    "path as kid": with_header(kid="../../keys"),
    "another kid": with_header(kid="00000001"),
    "another type": with_header(typ="JWT"),
    "member twice": with_payload('"v":1', '"v":1,"v":1'),
    "inner member twice": with_payload('"offset_ms":0', '"offset_ms":0,"offset_ms":1'),
    "unknown member": with_payload('"v":1', '"v":1,"x":1'),
    "fraction": with_payload('"seq":1', '"seq":1.0'),
    "version two": with_payload('"v":1', '"v":2'),
    "another spelling": another_spelling,
    "padding": lambda _phone, text: text + "=",
    "two signatures": lambda _phone, text: f"{text}.{text.rpartition('.')[2]}",
    "nothing": lambda _phone, _text: "",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_other_form_is_not_read(phone: Signer, genuine: Sent, name: str):
    forged = genuine | {"envelope": UNREADABLE[name](phone, genuine["envelope"])}

    refused, taken = phone.results(forged, genuine)

    assert refused["outcome"] == "rejected"
    assert (refused["event_id"], refused["code"]) == (None, "envelope_unreadable")
    assert taken["outcome"] == "applied"


def other_signature(phone: Signer, text: str) -> str:
    header, payload, _ = parts_of(text)
    return signed(phone, header, payload.replace('"auth":"offline"', '"auth":"online"'))


def test_content_under_another_contents_signature_is_forged(phone: Signer, genuine: Sent):
    changed = other_signature(phone, genuine["envelope"]).rpartition(".")[0]
    envelope = f"{changed}.{parts_of(genuine['envelope'])[2]}"

    refused, taken = phone.results({"envelope": envelope, "beside": {}}, genuine)

    assert (refused["outcome"], refused["code"]) == ("rejected", "envelope_forged")
    assert taken["outcome"] == "applied"


def test_statement_signed_with_another_key_is_forged(phone: Signer, genuine: Sent):
    thief = Signer(phone.kid, keys.new_private_key(), phone.actor_id, phone.client, phone.path)
    header, payload, _ = parts_of(genuine["envelope"])

    (refused,) = phone.results({"envelope": signed(thief, header, payload), "beside": {}})

    assert (refused["outcome"], refused["code"]) == ("rejected", "envelope_forged")


def test_device_of_somebody_else_does_not_speak_here(
    mall: Mall, phone: Signer, genuine: Sent, dan: Driver, carl: Clerk
):
    for other in (phone_of(dan), tablet_of(carl)):
        (refused,) = other.results(genuine)
        assert (refused["outcome"], refused["code"]) == ("rejected", "unknown_device")

    with mall.reading():
        assert queries.statement(refused["event_id"]) is None
    assert phone.results(genuine)[0]["outcome"] == "applied"


def test_device_that_was_never_enrolled_is_unknown(dina: Driver):
    stranger = Signer(7, keys.new_private_key(), dina.person_id, dina.client, phone_of(dina).path)
    stranger.state("handoff.failed", {"00112233aabbccdd": 1}, reason="refused")

    assert stranger.results()[0]["code"] == "unknown_device"


@pytest.mark.parametrize(
    ("salt", "value"), [("11" * 16, "000000"), ("22" * 16, "000001")], ids=["salt", "value"]
)
def test_value_beside_that_was_not_committed_to_is_refused(
    mall: Mall, dina: Driver, phone: Signer, salt: str, value: str
):
    _, parcels = claimed_parcels(dina, {"proof": "pin"})
    sent = phone.state(
        "handoff.delivered",
        parcels,
        evidence=[{"kind": "pin"}],
        commitments={"pin": committed("11" * 16, "000001")},
    )

    (refused,) = phone.results(sent | {"beside": {"pin": {"salt": salt, "value": value}}})

    assert (refused["outcome"], refused["code"]) == ("rejected", "envelope_unreadable")
    with mall.reading():
        assert queries.statement(refused["event_id"]) is None


def test_event_id_with_other_content_is_refused(mall: Mall, phone: Signer, genuine: Sent):
    (first,) = phone.results(genuine)
    changed = other_signature(phone, genuine["envelope"])

    (reused,) = phone.results({"envelope": changed, "beside": {}})

    assert (reused["outcome"], reused["code"]) == ("rejected", "event_id_reused")
    assert reused["problem"]["status"] == 422
    with mall.reading():
        kept = queries.statement(first["event_id"])
        assert kept is not None
        assert kept.sha256 == hashlib.sha256(genuine["envelope"].encode()).hexdigest()


def test_stored_statement_is_exactly_what_was_signed(mall: Mall, phone: Signer, genuine: Sent):
    (result,) = phone.results(genuine)

    with mall.reading():
        kept = queries.statement(result["event_id"])
        assert kept is not None
        assert kept.envelope == genuine["envelope"]
        assert kept.server_seq == result["server_seq"]


@pytest.mark.parametrize("kind", ["handoff.picked_up", "handoff.delivered", "handoff.failed"])
def test_tablet_does_not_speak_for_drivers(mall: Mall, dina: Driver, carl: Clerk, kind: str):
    run_id, parcels = claimed_parcels(dina)
    tablet = tablet_of(carl)
    reason = {"reason": "refused"} if kind == "handoff.failed" else {}

    (refused,) = tablet.results(tablet.state(kind, parcels, **reason))

    assert (refused["outcome"], refused["code"]) == ("rejected", "wrong_role")
    row = mall.only_delivery(run_id)
    assert row.status == "enroute_to_pickup"
    assert kind not in mall.events(row.id)


def test_phone_does_not_speak_for_tablets(mall: Mall, dina: Driver, phone: Signer):
    run_id, parcels = claimed_parcels(dina)

    (refused,) = phone.results(phone.state("handoff.released", parcels))

    assert (refused["outcome"], refused["code"]) == ("rejected", "wrong_role")
    assert "handoff.released" not in mall.events(mall.deliveries_of(run_id)[0].id)


@pytest.mark.parametrize("kind", ["handoff.released", "handoff.returned", "correction"])
def test_tablet_of_another_store_leaves_no_trace(
    mall: Mall, dina: Driver, mallory: Clerk, kind: str
):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    before = mall.events(row.id)
    tablet = tablet_of(mallory)

    (refused,) = tablet.results(tablet.state(kind, parcels))

    assert (refused["outcome"], refused["code"]) == ("rejected", "other_delivery")
    assert mall.events(row.id) == before
    assert dina.state()["incidents"] == []


@pytest.mark.parametrize("kind", ["handoff.delivered", "handoff.failed", "correction"])
def test_driver_who_never_claimed_it_leaves_no_trace(
    mall: Mall, dina: Driver, dan: Driver, kind: str
):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    before = mall.events(row.id)
    phone = phone_of(dan)
    reason = {"reason": "refused"} if kind == "handoff.failed" else {}

    (refused,) = phone.results(phone.state(kind, parcels, **reason))

    assert (refused["outcome"], refused["code"]) == ("rejected", "other_delivery")
    assert mall.events(row.id) == before
    assert dina.state()["incidents"] == []


def test_handle_that_nobody_has_is_another_delivery(dina: Driver, phone: Signer):
    claimed_parcels(dina)

    (refused,) = phone.results(phone.state("correction", {"00112233aabbccdd": 1}))

    assert (refused["outcome"], refused["code"]) == ("rejected", "other_delivery")
