import base64
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.keys import check_es256, keys_from_master, public_bytes
from app.push_sealing import Browser, authorisation, base64url, padded, sealed, signing_key
from tests.notify.browsers import opened

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
KEYS = keys_from_master(b"m" * 32)
ADDRESS = "https://push.example.net:8443/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


#: Source: RFC 8291, section 5.
PLAIN = b"When I grow up, I want to be a watermelon"
UA_PUBLIC = raw(
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
UA_PRIVATE = raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
AS_PRIVATE = raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
AUTH = raw("BTBZMqHH6r4Tts7J_aSIgg")
SALT = raw("DGv6ra1nlYgDCS1FRnbzlw")
MESSAGE = raw(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)
BROWSER = Browser(ADDRESS, UA_PUBLIC, AUTH)


def private(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())


def test_example_of_the_standard_is_sealed_to_the_same_bytes():
    assert sealed(PLAIN, BROWSER, own=private(AS_PRIVATE), salt=SALT) == MESSAGE


def test_only_the_browser_opens_it_and_no_two_are_alike():
    first, second = sealed(PLAIN, BROWSER), sealed(PLAIN, BROWSER)

    assert first != second
    assert opened(first, private(UA_PRIVATE), AUTH) == PLAIN


def test_length_says_nothing():
    lengths = {len(sealed(padded(text), BROWSER)) for text in (b"{}", b'{"title":"A longer one"}')}

    assert len(lengths) == 1


def test_service_reads_who_sends_and_until_when():
    key = signing_key(KEYS)

    header = authorisation(ADDRESS, key, contact="mailto:ops@example.com", now=NOW)

    scheme, _space, rest = header.partition(" ")
    token, public = (part.partition("=")[2] for part in rest.split(", "))
    signed, _dot, signature = token.rpartition(".")
    said: dict[str, Any] = json.loads(raw(signed.partition(".")[2]))
    assert scheme == "vapid"
    assert said["aud"] == "https://push.example.net:8443"
    assert said["sub"] == "mailto:ops@example.com"
    assert NOW.timestamp() < said["exp"] <= NOW.timestamp() + 24 * 3600
    assert public == base64url(public_bytes(key))
    assert check_es256(raw(public), raw(signature), signed.encode())


def test_messages_are_not_signed_with_the_key_of_custody():
    assert public_bytes(signing_key(KEYS)) != KEYS.server_public
