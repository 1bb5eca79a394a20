"""A stock table: how many of each product a store has, by the columns `sku` and `quantity`."""

from collections.abc import Sequence
from typing import Final

from app.domain.errors import DomainError

SKU_MAX: Final = 100
QUANTITY_MAX: Final = 1_000_000
_DIGITS_MAX: Final = 7


def quantities_of(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return `{sku: quantity}` of a table whose first row names the columns; all of it or nothing.

    Of a product that comes twice the last row counts.

    Raises:
        DomainError: `stock_columns`; `stock_row` for the first row that is wrong.
    """
    names = [cell.strip().lower() for cell in rows[0]]
    if "sku" not in names or "quantity" not in names:
        raise DomainError("stock_columns")
    sku_at, quantity_at = names.index("sku"), names.index("quantity")
    found: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        sku = row[sku_at].strip() if sku_at < len(row) else ""
        digits = row[quantity_at].strip() if quantity_at < len(row) else ""
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX
        if not sku or len(sku) > SKU_MAX or not sku.isprintable() or not is_number:
            raise DomainError("stock_row", row=number)
        if int(digits) > QUANTITY_MAX:
            raise DomainError("stock_row", row=number)
        found[sku] = int(digits)
    return found
