import pytest

from tests.devices import Signer, phone_of
from tests.factories import Mall
from tests.personas import Driver, a_driver
from tests.scenes import Parcels, claimed_parcels


@pytest.fixture
def phone(dina: Driver) -> Signer:
    return phone_of(dina)


@pytest.fixture
def parcels(dina: Driver) -> Parcels:
    """Two deliveries of Dina's run."""
    return claimed_parcels(dina, {}, {"merchant_ref": "A-2"})[1]


@pytest.fixture
def dora(mall: Mall) -> Driver:
    """Dora drives for malls; today she brings parcels to a hub."""
    return a_driver(mall, "Dora Dean")
