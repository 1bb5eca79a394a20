"""Commands about single handoffs: `flask handoff …`. They need no database."""

import json
import sys
from pathlib import Path
from typing import Final

import click

from app.handoffs.explaining import KeyListError, KnownKeys, explain, read_keys

STANDARD_INPUT: Final = "-"
#: Codes of ours are far shorter; whoever pipes a film in gets the refusal soon.
_MAX_INPUT_CHARACTERS: Final = 10_000

# A plain group: flask's own would open an application context, and with it the database's.
handoff = click.Group("handoff", help="Look into single handoffs.")


@handoff.command("explain")
@click.argument("text", metavar="TEXT")
@click.option(
    "--keys",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON: {"0x0000D001": "04… public key, hex", …}; "label" holds the key of labels.',
)
@click.pass_context
def explain_code(context: click.Context, *, text: str, key_file: Path | None) -> None:
    """Print what a code says, as JSON, and whether its signature holds.

    TEXT is the whole text of the code, `MP1:…`, in quotes; `-` reads it from standard input. Ends
    with 0 when the signature was checked and holds, else with 1; with 2 when the keys cannot be
    read.
    """
    known = _keys(key_file) if key_file is not None else None
    if text == STANDARD_INPUT:
        # Only line ends go: a code may end in a space.
        text = sys.stdin.read(_MAX_INPUT_CHARACTERS).rstrip("\r\n")
    explanation = explain(text, known)
    click.echo(json.dumps(explanation.shown, indent=2, ensure_ascii=False))
    context.exit(0 if explanation.holds else 1)


def _keys(path: Path) -> KnownKeys:
    try:
        return read_keys(path.read_text(encoding="utf-8"))
    except (KeyListError, UnicodeDecodeError, OSError) as error:
        reason = f"{path} cannot be used: {error}."
        raise click.BadParameter(reason, param_hint="--keys") from None
