"""An address on one line, taken apart: `20 W 34th St, Floor 2, New York, NY 10001, US`."""

import re
from dataclasses import dataclass
from typing import Final

_COUNTRY: Final = re.compile(r"[\s,]+(US|USA|United States( of America)?)\.?$", re.IGNORECASE)
_ZIP: Final = re.compile(r"[\s,]+(\d{5})(-\d{4})?$")
_STATE: Final = re.compile(r"[\s,]+[A-Z]{2}$")
_UNIT: Final = re.compile(
    r"^(?P<street>.+?)[\s,]+"
    r"(?P<unit>(\d+(st|nd|rd|th) floor|(apt|apartment|suite|ste|unit|floor|fl|#)\.?\s*[\w-]+))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenAddress:
    """What a line says; `city` and `postal_code` are empty where it does not say them."""

    street: str
    unit: str
    city: str
    postal_code: str


def read_address(line: str, *, known_city: str = "") -> WrittenAddress:
    """Return the parts of an address in the usual American order.

    Args:
        line: Parts behind commas; the state and the country may be missing.
        known_city: A city that may stand at the end of the street without a comma.
    """
    rest = _COUNTRY.sub("", line.strip().rstrip(","))
    found = _ZIP.search(rest)
    postal_code = found.group(1) if found is not None else ""
    rest = _STATE.sub("", _ZIP.sub("", rest))
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    if len(parts) < 2:
        street, city = _without_city(" ".join(parts), known_city)
        parts = [street]
    else:
        city = parts.pop()
    street, unit = _without_unit(", ".join(parts))
    return WrittenAddress(street, unit, city, postal_code)


def _without_city(text: str, city: str) -> tuple[str, str]:
    if city and text.lower().endswith(f" {city.lower()}"):
        return text[: -len(city)].strip(), city
    return text, ""


def _without_unit(text: str) -> tuple[str, str]:
    found = _UNIT.match(text)
    if found is not None:
        return found["street"].strip(), found["unit"].strip()
    street, _, unit = text.partition(", ")
    return street, unit
