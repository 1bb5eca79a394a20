"""Putting the demo's drivers into the database."""

from datetime import datetime

from app.accounts import people
from app.demo.people import DemoDriver
from app.demo.portraits import portrait_png
from app.demo.tools import DemoTools


def add_driver(driver: DemoDriver, tools: DemoTools, *, password_hash: str, now: datetime) -> str:
    """Add a driver with a portrait; return the person's id."""
    person = people.add_person(
        driver.name,
        email=driver.email,
        phone=driver.phone,
        now=now,
        password_hash=password_hash,
        photo_key=tools.blobs.put(portrait_png(driver.name)),
    )
    people.add_driver(
        person.id, vehicle=driver.vehicle, plate=driver.plate, is_approved=driver.is_approved
    )
    return person.id
