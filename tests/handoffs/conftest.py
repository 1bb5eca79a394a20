import pytest

from tests.devices import Signer, phone_of
from tests.personas import Driver
from tests.scenes import Parcels, claimed_parcels


@pytest.fixture
def phone(dina: Driver) -> Signer:
    return phone_of(dina)


@pytest.fixture
def parcels(dina: Driver) -> Parcels:
    """Two deliveries of Dina's run."""
    return claimed_parcels(dina, {}, {"merchant_ref": "A-2"})[1]
