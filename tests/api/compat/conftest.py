"""Another service's samples, and the places they are set in."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.sites.models import Site, Store
from tests.factories import Mall
from tests.merchants import Program

SAMPLES = Path(__file__).parent / "samples"
UBER = "uber-direct/v1/customers/cus_0001/deliveries"
DOORDASH = "doordash-drive/v2/deliveries"


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.json").read_text())["payload"]


def is_in(mall: Mall, city: str, lat: float, lon: float) -> None:
    """Let the mall be in the sample's city."""
    with mall.writing() as current:
        site, store = (
            current.get_one(Site, mall.site_id),
            current.get_one(Store, mall.store.store_id),
        )
        site.city, site.lat, site.lon = city, lat, lon
        store.lat, store.lon = lat, lon


@pytest.fixture
def new_york(mall: Mall) -> dict[str, Any]:
    is_in(mall, "New York", 40.74868, -73.98561)
    return sample("uber_direct")


@pytest.fixture
def san_francisco(mall: Mall) -> dict[str, Any]:
    is_in(mall, "San Francisco", 37.7840, -122.4070)
    return sample("doordash_drive")


def is_known(mall: Mall) -> None:
    """Know where DoorDash's sample goes."""
    mall.knows(
        "901 Market St", city="San Francisco", postal_code="94103", lat=37.7826, lon=-122.4071
    )


def ask(shop: Program, method: str, path: str, body: object = None):
    headers = {"Authorization": f"Bearer {shop.text}"}
    return shop.client.open(f"/compat/{path}", method=method, json=body, headers=headers)
