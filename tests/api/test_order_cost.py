"""Promise: what an order asks of the database, and that it does not grow with the parcels."""

import pytest

from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Program
from tests.promises import statements

#: Statements of one order. A change that needs more of them changes this line and says why.
#: The key, the command, the store with its site and its hours, the number before and behind, the
#: delivery with recipient, parcels, event, personal part and job, the answer kept; then three that
#: read the delivery for the answer.
BUDGET = 16


@pytest.mark.parametrize("parcel_count", [1, 4])
def test_order_keeps_its_budget(mall: Mall, shop: Program, parcel_count: int):
    ordered(shop)

    with statements.counting(mall.app) as found:
        ordered(shop, parcel_count=parcel_count)

    assert len(found) == BUDGET, found
