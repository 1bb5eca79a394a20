"""A store's counter with a driver on the way, for tests in which the tablet has no signal."""

from dataclasses import dataclass, replace

from flask import Flask
from playwright.sync_api import BrowserContext, Page

from app import clock, keys
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.persistence.transaction import session
from app.sites import service as sites
from tests import personas
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import IS_KEPT, enrol_tablet
from tests.devices import presence_of
from tests.factories import CARLS_CODE
from tests.personas import Driver


@dataclass(frozen=True, slots=True)
class Counter:
    """A scene, the run that Dina has claimed in it, and her phone, which the test holds."""

    scene: Scene
    run_id: str
    dina: Driver

    @property
    def handles(self) -> list[str]:
        return [row.handle for row in self.scene.mall.deliveries_of(self.run_id)]

    @property
    def level(self) -> str | None:
        """How well the handover of the run's first delivery is evidenced."""
        return self.scene.mall.deliveries_of(self.run_id)[0].verification

    @property
    def store_number(self) -> int:
        return self.dina.stops("pickup")[0]["store"]["number"]

    def presence(self, driver: Driver | None = None, **changes: object) -> str:
        """Return what a driver's phone shows at this counter."""
        return presence_of(driver or self.dina, self.store_number, self.handles, **changes)


def a_counter(
    app: Flask,
    *,
    recipients: tuple[str, ...] = ("Cleo Cruz",),
    value_minor: int | None = None,
    manager_code: str | None = None,
) -> Counter:
    """Set up a counter with packed parcels that Dina has claimed; her face is known.

    With `manager_code`, goods worth more than 200.00 leave with that only.
    """
    scene = a_scene(app)
    dina = personas.a_driver(scene.mall, "Dina Diaz")
    _give_face(app, dina)
    scene = replace(scene, driver=dina)
    if manager_code is not None:
        _wants_code(scene, manager_code)
    run_id = scene.mall.offers(
        *({"recipient_name": name, "value_minor": value_minor} for name in recipients)
    )
    for row in scene.mall.deliveries_of(run_id):
        assert scene.clerk.post(f"deliveries/{row.id}/pack").status_code == 200
    assert dina.claim(run_id).status_code == 200
    return Counter(scene, run_id, dina)


def _wants_code(scene: Scene, code: str) -> None:
    store_id = scene.mall.store.store_id
    salt = scene.mall.keys.derive(f"manager-code/{store_id}")
    with scene.mall.writing():
        sites.set_evidence_policy(
            store_id,
            minimum_level="E2",
            code_above_minor=20_000,
            code_hash=keys.hash_clerk_code(code, salt),
        )


def _give_face(app: Flask, driver: Driver) -> None:
    key = app.extensions["mallrun_blobs"].put(personas.a_picture("teal").getvalue())
    with driver.mall.writing():
        row = accounts.person(driver.person_id)
        assert row is not None
        session().get_one(Person, row.id).photo_key = key


def open_counter(context: BrowserContext, counter: Counter) -> Page:
    """Enrol a browser as the counter's tablet, until it could also open without signal."""
    page = context.new_page()
    enrol_tablet(page, counter.scene.enrolment_code)
    page.locator("img.driver-photo[src^='blob:']").wait_for()
    assert page.evaluate(IS_KEPT)
    return page


def sign_in_alone(page: Page) -> None:
    """Enter the clerk's code on a tablet without signal."""
    page.get_by_text("Enter your code").wait_for()
    page.keyboard.type(CARLS_CODE)
    page.get_by_role("heading", name="Who is coming").wait_for()


def minutes_ago(minutes: int) -> int:
    """Return an instant before now, Unix seconds."""
    return int(clock.now().timestamp()) - 60 * minutes
