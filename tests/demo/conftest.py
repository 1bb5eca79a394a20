from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.persistence import engine
from tests import seeded


@pytest.fixture
def app(seeded_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a fresh copy of the demo."""
    with seeded.copy_of(seeded_instance, tmp_path) as application:
        yield application


@pytest.fixture(autouse=True)
def _release_locks() -> Iterator[None]:
    """A command's lock lasts as long as its process; here that would be all tests."""
    yield
    engine.unlock_all()
