"""An address as its own customer recognises it, and whoever else has the link does not learn it.

Source: authorisation rule "customer (link): street, own (masked)".
"""

import re
from typing import Final

_HIDDEN: Final = "•"
#: The first number of a street is the house's; digits of any script.
_HOUSE_NUMBER: Final = re.compile(r"\d+")


def masked_street(street: str) -> str:
    """Return a street whose house number shows its last digit only: "•••5 W Chandler Blvd"."""
    return _HOUSE_NUMBER.sub(lambda found: _masked(found.group()), street, count=1)


def _masked(number: str) -> str:
    # A house number of one digit would be told by showing its last.
    return _HIDDEN * max(1, len(number) - 1) + (number[-1] if len(number) > 1 else "")
