"""`flask handoff explain`: what a code says and whether its signature holds, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli_handoff import handoff
from app.domain.problems import PROBLEMS
from tests.domain.mp1 import MP1, TEXTS

ROOT = Path(__file__).parent.parent.parent
TOKENS: dict[str, Any] = MP1["tokens"]
SIGNED = [name for name in TOKENS if name != "L"]
PUBLIC = {name.split("kid=")[1]: key["pub_uncompressed"] for name, key in MP1["keys"].items()}
LABEL_KEY = MP1["pin"]["mac_key"]
HEADER = {
    "iat": 1767225600,
    "iat_iso": "2026-01-01T00:00:00Z",
    "anchor": "0102030405060708",
    "nonce": "a1a2a3a4a5a6a7a8",
}
FIRST = "de11000000000001"
EXP = {"exp": 1767312000, "exp_iso": "2026-01-02T00:00:00Z"}


def released(count: int, parcels: int = 1) -> dict[str, Any]:
    lines = [{"handle": f"de110000000000{n:02x}", "parcels": parcels} for n in range(1, count + 1)]
    by = {"clerk": 193, "driver_kid": "0x0000D001", "deliveries": lines}
    return {"type": "R", "name": "release", "kid": "0x00005001", **HEADER, **by}


SAYS: dict[str, dict[str, Any]] = {
    "P": {
        "type": "P", "name": "presence", "kid": "0x0000D001", **HEADER,
        "store": 81, "ticket_set": "b84818d3",
    },
    "R1": released(1, parcels=2),
    "R3": released(3),
    "R10": released(10),
    "R20": released(20),
    "T": {
        "type": "T", "name": "ticket", "kid": "0x000000A1", **HEADER, "handle": FIRST,
        "driver_kid": "0x0000D001", "store": 81, "epoch": 3, **EXP, "parcels": 2,
    },
    "C": {
        "type": "C", "name": "customer", "kid": "0x000000A1", **HEADER, "handle": FIRST, **EXP,
        "flags": 0,
    },
    "L": {"type": "L", "name": "label", "handle": FIRST, "n": 1, "of": 2},
}  # fmt: skip


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return written(tmp_path, PUBLIC)


def written(folder: Path, keys: object) -> Path:
    path = folder / "keys.json"
    path.write_text(keys if isinstance(keys, str) else json.dumps(keys))
    return path


def explain(text: str, keys: Path | None, *, piped: str | None = None) -> Result:
    options = ["--keys", str(keys)] if keys else []
    return CliRunner().invoke(handoff, ["explain", text, *options], input=piped)


def verdict(text: str, keys: Path | None) -> tuple[str, int]:
    done = explain(text, keys)
    return json.loads(done.stdout)["signature"], done.exit_code


@pytest.mark.parametrize("name", TOKENS)
def test_every_field_of_every_vector_is_shown(name: str, key_file: Path):
    raw = TOKENS[name]["hex"]

    shown = json.loads(explain(TOKENS[name]["qr"], key_file).stdout)

    signature_hex = shown.pop("signature_hex")
    assert len(raw) == 2 * shown.pop("body_length") + len(signature_hex)
    assert raw.endswith(signature_hex)
    assert shown.pop("short_code") == TEXTS["short_codes"][name]
    assert shown.pop("signature") == ("not_checkable" if name == "L" else "valid")
    assert shown == SAYS[name]


@pytest.mark.parametrize("name", SIGNED)
def test_signature_is_told_apart_from_a_missing_key(name: str, tmp_path: Path, key_file: Path):
    text = TOKENS[name]["qr"]
    swapped = dict(
        zip(PUBLIC, [*list(PUBLIC.values())[1:], next(iter(PUBLIC.values()))], strict=True)
    )

    assert verdict(text, key_file) == ("valid", 0)
    assert verdict(text, None) == ("no_key_given", 1)
    assert verdict(text, written(tmp_path, {"0x1": PUBLIC["0x0000D001"]})) == ("unknown_key", 1)
    assert verdict(text, written(tmp_path, swapped)) == ("invalid", 1)


def test_label_holds_under_the_label_key_only(tmp_path: Path, key_file: Path):
    text = TOKENS["L"]["qr"]

    assert verdict(text, key_file) == ("not_checkable", 1)
    assert verdict(text, None) == ("not_checkable", 1)
    assert verdict(text, written(tmp_path, {"label": LABEL_KEY})) == ("valid", 0)
    assert verdict(text, written(tmp_path, {"label": "00" + LABEL_KEY})) == ("invalid", 1)


@pytest.mark.parametrize("case", TEXTS["refused"], ids=lambda case: case["what"])
def test_text_that_is_no_token_is_refused_in_words(case: dict[str, str], key_file: Path):
    done = explain(case["text"], key_file)

    shown = json.loads(done.stdout)
    assert (shown["code"], shown["title"]) == (case["code"], PROBLEMS[case["code"]].title)
    assert set(shown) == {"code", "title", "detail", "next_step"}
    assert done.exit_code == 1


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_code_is_read_from_standard_input(end: str, key_file: Path):
    text = TOKENS["R1"]["qr"]

    done = explain("-", key_file, piped=text + end)

    assert done.exit_code == 0
    assert done.stdout == explain(text, key_file).stdout


@pytest.mark.parametrize("kid", ["0x0000D001", "0X0000d001", "0000D001", "d001", " 0xD001 "])
@pytest.mark.parametrize("write", [str, str.upper, "0x{}".format, " {}\n".format])
def test_keys_may_be_written_in_several_ways(kid: str, write: Any, tmp_path: Path):
    keys = written(tmp_path, {kid: write(PUBLIC["0x0000D001"])})

    assert verdict(TOKENS["P"]["qr"], keys) == ("valid", 0)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("{", "it is no JSON"),
        ("[]", "must be one JSON object"),
        ({"driver": PUBLIC["0x0000D001"]}, '"driver" is no key id'),
        ({"0x1234567890": PUBLIC["0x0000D001"]}, "is no key id"),
        ({"0xD001": 4}, 'the value of "0xD001" must be 130 hex digits'),
        ({"0xD001": "04zz"}, 'the value of "0xD001" must be 130 hex digits'),
        ({"0xD001": PUBLIC["0x0000D001"][:-2]}, '"0xD001" is no public key'),
        ({"0xD001": "02" + PUBLIC["0x0000D001"][2:66]}, '"0xD001" is no public key'),
        ({"0xD001": PUBLIC["0x0000D001"], "d001": PUBLIC["0x0000D001"]}, "0x0000D001 twice"),
        ('{"a1": {}, "a1": {}}', 'the value of "a1" must be'),
        ({"label": ""}, '"label" is empty'),
    ],
)
def test_unusable_keys_are_named_and_nothing_is_judged(keys: object, said: str, tmp_path: Path):
    done = explain(TOKENS["P"]["qr"], written(tmp_path, keys))

    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""


@pytest.mark.slow
def test_command_needs_no_database(tmp_path: Path, key_file: Path):
    nowhere = {
        "MALL_INSTANCE_DIR": str(tmp_path / "instance"),
        "MALL_DATABASE_URL": f"sqlite:///{tmp_path}/missing/mallrun.sqlite3",
    }
    command = ["-m", "flask", "--app", "wsgi", "handoff", "explain", "-", "--keys", str(key_file)]

    done = subprocess.run(
        [sys.executable, *command],
        input=TOKENS["T"]["qr"], capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, **nowhere},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["signature"] == "valid"
    assert not (tmp_path / "missing").exists()
