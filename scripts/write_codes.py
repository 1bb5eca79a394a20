"""Write `docs/codes.md` from the catalogue of refusals: `python -m scripts.write_codes`."""

from http import HTTPStatus
from pathlib import Path
from typing import Final

from app.domain.problems import PROBLEMS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "codes.md"

_HEAD: Final = """\
# Refusals and their codes

Whatever is refused is answered with `application/problem+json`: `type`, `title`, `status`, `code`,
`detail`, `next_step`, in the reader's language. The **code** is public: it is never renamed and
never used again for something else. People see it small below the words, so that they can tell it
to support. “Device” means that a phone or tablet can say it by itself, without a server.

`{braces}` are filled in. This page is made from `app/domain/problems/` by
`python -m scripts.write_codes`.

| code | status | what happened | what to do | device |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page, codes in alphabetical order."""
    rows: list[str] = []
    for code, problem in sorted(PROBLEMS.items()):
        status = f"{problem.status} {HTTPStatus(problem.status).phrase}"
        words = f"**{problem.title}.** {problem.detail}"
        device = "yes" if problem.on_device else ""
        rows.append(f"| `{code}` | {status} | {words} | {problem.next_step} | {device} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"Wrote {PAGE.name}: {len(PROBLEMS)} codes")
