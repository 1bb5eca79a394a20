import pytest

from tests import factories
from tests.factories import Mall
from tests.office import Office, code_hash, signed_in


@pytest.fixture
def marta(mall: Mall) -> Office:
    """Marta manages Lumen, and nothing of Orbit's."""
    return signed_in(mall, "Marta Mann", "manager", mall.store.store_id)


@pytest.fixture
def desmond(mall: Mall) -> Office:
    """Desmond dispatches."""
    return signed_in(mall, "Desmond Day", "dispatcher")


@pytest.fixture
def carl_id(mall: Mall) -> str:
    """Carl clerks at Lumen with a code that his desk knows."""
    with mall.writing():
        return factories.a_clerk(mall.store.store_id, "Carl", hash_code=code_hash(mall))[0]
