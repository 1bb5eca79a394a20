"""Python and TypeScript read each other's releases: 200 random ones each way."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.domain.tokens import (
    DeviceKey,
    KeyRole,
    Release,
    ReleasedDelivery,
    encode,
    parse,
    short_code,
    signed_bytes,
    verify,
)
from app.keys import check_es256, new_private_key, public_bytes, sign_es256

ROOT = Path(__file__).parent.parent.parent
ESBUILD = ROOT / "node_modules/.bin/esbuild"
COUNT = 200

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not ESBUILD.exists(), reason="needs Node and npm install"
)


def random_release(chance: random.Random, count: int) -> Release:
    return Release(
        kid=chance.getrandbits(32),
        iat=chance.getrandbits(32),
        anchor=chance.randbytes(8),
        nonce=chance.randbytes(8),
        clerk=chance.getrandbits(32),
        driver_kid=chance.getrandbits(32),
        deliveries=tuple(
            ReleasedDelivery(chance.randbytes(8).hex(), chance.getrandbits(8)) for _ in range(count)
        ),
    )


def as_twin(release: Release) -> dict[str, Any]:
    return {
        "kind": "release",
        "kid": release.kid,
        "iat": release.iat,
        "anchor": release.anchor.hex(),
        "nonce": release.nonce.hex(),
        "clerk": release.clerk,
        "driverKid": release.driver_kid,
        "deliveries": [{"handle": d.handle, "parcels": d.parcels} for d in release.deliveries],
    }


def test_both_languages_read_each_others_releases(tmp_path: Path):
    private = new_private_key()
    chance = random.Random(6955)  # noqa: S311 -- made-up tokens, not secrets
    releases = [random_release(chance, 1 + n % 20) for n in range(COUNT)]
    texts = [encode(r, sign_es256(private, signed_bytes(r))) for r in releases]

    script = tmp_path / "twin.mjs"
    source = Path(__file__).with_name("tokens_twin.mjs")
    bundle = [ESBUILD, source, "--bundle", "--platform=node", "--format=esm", f"--outfile={script}"]
    subprocess.run([*bundle, "--log-level=error"], check=True, cwd=ROOT)
    asked = json.dumps({"publicKey": public_bytes(private).hex(), "texts": texts})
    done = subprocess.run(["node", script], input=asked, capture_output=True, text=True, check=True)
    twin = json.loads(done.stdout)

    assert twin["read"] == [
        {"token": as_twin(release), "shortCode": short_code(text)}
        for release, text in zip(releases, texts, strict=True)
    ]
    key = DeviceKey(0, KeyRole.DESK, bytes.fromhex(twin["publicKey"]))
    for made in twin["made"]:
        scanned = parse(made["text"])
        verify(scanned, lambda _: key, check_es256, KeyRole.DESK)
        assert isinstance(scanned.token, Release)
        assert as_twin(scanned.token) == made["token"]
        assert short_code(made["text"]) == made["shortCode"]
    assert len(twin["made"]) == COUNT
