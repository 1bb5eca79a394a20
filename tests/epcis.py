"""GS1's own judgement of an EPCIS document."""

import json
import re
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft7Validator, FormatChecker

_SCHEMA: Final = Path(__file__).parent / "vendor/gs1-epcis/EPCIS-JSON-Schema.json"
_checker = FormatChecker()


@_checker.checks("uri")
def is_address(text: object) -> bool:
    """Tell whether a text has the form of a URI: the schema's names of members hang on it."""
    return not isinstance(text, str) or bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", text))


def complaints(document: dict[str, Any]) -> list[str]:
    """Return what GS1's schema has against a document."""
    judge = Draft7Validator(json.loads(_SCHEMA.read_text()), format_checker=_checker)
    return [f"{each.json_path}: {each.message}" for each in judge.iter_errors(document)]
