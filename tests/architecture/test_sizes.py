"""How long a file may be before it is two things and is split, by noun."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Pattern and the largest number of lines; the first match holds.
LIMITS = (
    ("app/domain/**/*.py", 250),
    ("app/**/*.py", 400),
    ("tests/**/test_*.py", 300),
    ("frontend/**/*.test.ts", 300),
    ("frontend/sw/*.ts", 150),
    ("frontend/**/*.ts", 250),
    ("frontend/**/*.tsx", 250),
    ("frontend/**/*.mjs", 250),
    ("templates/**/*.html", 150),
)


def limited_files() -> dict[str, int]:
    """Return the limit for each file, by path."""
    limits: dict[str, int] = {}
    for pattern, lines in LIMITS:
        for path in ROOT.glob(pattern):
            limits.setdefault(str(path.relative_to(ROOT)), lines)
    return limits


@pytest.mark.parametrize(("path", "limit"), sorted(limited_files().items()))
def test_file_is_one_thing(path: str, limit: int):
    lines = len((ROOT / path).read_text().splitlines())

    assert lines <= limit, f"{path} has {lines} lines, the limit is {limit}: split it by noun"
