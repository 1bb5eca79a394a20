"""One situation with everybody in it, for asking every address as every principal."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, keys
from app.accounts import people
from app.blocks import service as blocks
from app.blocks.service import NewBlock
from app.domain.act import Act
from app.domain.block import Hours
from app.handoffs import incidents
from app.persistence.ids import new_id
from app.runs.models import OrderProposal
from tests import merchants, office
from tests.api import ordering
from tests.authorisation.matrix import HIDDEN, LOGIN, YES, Line, Outcome
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.inbound import a_visit
from tests.personas import Clerk, Driver, a_clerk, a_driver, show_cookie


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """Dina has claimed a run of Lumen's; another run is on offer; Dan is free.

    A statement of hers waits for a dispatcher, because its times do not fit.

    Attributes:
        ids: Values for the `{names}` in the matrix.
        browsers: By principal.
    """

    mall: Mall
    ids: Mapping[str, str]
    browsers: Mapping[str, FlaskClient]

    def ask(self, principal: str, method: str, line: Line) -> TestResponse:
        """Send a line's request as somebody, the world's ids filled in."""
        given: dict[str, Any] = {}
        if line.body is not None:
            given = {
                "data": self._filled(json.dumps(line.body())),
                "content_type": "application/json",
            }
        elif line.form is not None:
            fields = line.form().items()
            given = {"data": {key: self._value(value) for key, value in fields}}
        is_page = line.body is None and "/api/" not in line.address
        accept = {"Accept": "text/html"} if is_page else {}
        browser = self.browsers[principal]
        answer = browser.open(self._filled(line.address), method=method, headers=accept, **given)
        # A file that is sent stays open until its answer is.
        answer.get_data()
        answer.close()
        return answer

    def with_fresh_browsers(self) -> "World":
        """Return the same world; what its browsers learn from now on, these do not."""
        return replace(self, browsers={who: _twin(each) for who, each in self.browsers.items()})

    def _value(self, value: Any) -> Any:
        return self._filled(value) if isinstance(value, str) else value

    def _filled(self, text: str) -> str:
        for name, value in self.ids.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def _twin(browser: FlaskClient) -> FlaskClient:
    """Return a browser with the same cookies, in a jar of its own."""
    twin = copy.copy(browser)
    # Werkzeug gives no other way to all cookies at once, paths and all.
    vars(twin)["_cookies"] = dict(vars(browser)["_cookies"])
    return twin


def outcome(answer: TestResponse) -> Outcome:
    """Return what an answer came to."""
    leads_to_login = answer.status_code == 302 and "/login?next=" in (answer.location or "")
    if answer.status_code == 401 or leads_to_login:
        return LOGIN
    if answer.status_code in {404, 410}:
        return HIDDEN
    assert answer.status_code < 500, answer.text
    assert answer.status_code != 405
    return YES


def a_world(mall: Mall) -> World:
    """Set the situation up."""
    dina, dan = a_driver(mall, "Dina Diaz"), a_driver(mall, "Dan Dow")
    carl = a_clerk(mall, "Carl", mall.store)
    mallory = a_clerk(mall, "Mallory", mall.other_store)
    run_id, offer_id = mall.offers_two()
    assert dina.claim(run_id).status_code == 200
    _give_portraits(mall, dina, dan)
    row = mall.only_delivery(run_id)
    statement_id = _state_at_odd_times(dina, carl, run_id)
    with mall.reading():
        (incident,) = incidents.open_incidents([row.id])
        incident_id = incident.id
    program = merchants.a_key(mall, mall.store)
    merchants.without_network(mall)
    browsers = {
        "outsider": mall.app.test_client(),
        "customer": mall.app.test_client(),
        "free_driver": dan.client,
        "driver": dina.client,
        "desk": _locked(mall, carl),
        "clerk": carl.client,
        "other_clerk": mallory.client,
        "manager": office.signed_in(mall, "Marta", "manager", mall.store.store_id).client,
        "other_manager": office.signed_in(
            mall, "Otto", "manager", mall.other_store.store_id
        ).client,
        "dispatcher": office.signed_in(mall, "Desmond", "dispatcher").client,
        "merchant": merchants.signed_in(mall, mall.store).client,
        "key": program.as_browser(),
        "other_key": merchants.a_key(mall, mall.other_store).as_browser(),
        "other_merchant": merchants.signed_in(mall, mall.other_store).client,
    }
    member = merchants.signed_in(mall, mall.store, "Max Moss")
    ids = {
        "member": member.person_id,
        "merchant": mall.store.merchant_id,
        "upload": merchants.uploaded(member, b"order,name\n1,Cleo\n"),
        "site": mall.site_id,
        "store": mall.store.store_id,
        "desk": mall.store.desk_id,
        "clerk": carl.clerk_id,
        "driver_id": dina.person_id,
        "run": run_id,
        "offer": offer_id,
        "delivery": row.id,
        "incident": incident_id,
        "statement": statement_id,
        "link": mall.link(row.id),
        "key": merchants.a_key(mall, mall.store).id,
        "webhook": program.post("webhooks", {"url": "https://shop.invalid/hook"}).get_json()["id"],
        "quote": program.post(
            "quotes", {"store_id": mall.store.store_id, "dropoff": ordering.DOOR}
        ).get_json()["id"],
        "pickup": dina.stops("pickup")[0]["id"],
        "dropoff": dina.stops("dropoff")[0]["id"],
        "block": _a_block(mall),
        "proposal": _a_proposal(mall, run_id),
        "visit": _a_visit(dina, carl),
        "point": keys.public_bytes(keys.new_private_key()).hex(),
    }
    return World(mall, ids, browsers)


def _a_proposal(mall: Mall, run_id: str) -> str:
    """Ask the driver of a run whether she takes another order; return the question's id."""
    proposal = OrderProposal(
        id=new_id("ord"),
        run_id=run_id,
        epoch=mall.run(run_id).epoch,
        stop_ids="[]",
        reason="shorter",
        about_stop_id="",
        saved_s=600,
        late_saved_s=0,
        wait_s=0,
        created_at=clock.now(),
    )
    with mall.writing() as current:
        current.add(proposal)
        return proposal.id


def _a_visit(dina: Driver, carl: Clerk) -> str:
    """Let Dina be at Carl's counter as somebody who brings parcels; return the visit's id."""
    with dina.mall.writing() as current:
        visit = a_visit(dina, carl)
        current.add(visit)
        return visit.id


def _a_block(mall: Mall) -> str:
    """Open a block for tomorrow; return its id."""
    begins = clock.now() + timedelta(days=1)
    hours = Hours(begins, begins + timedelta(hours=4))
    with mall.writing():
        new = NewBlock(hours, places=4, hourly_minor=2_000, return_before=timedelta(hours=2))
        return blocks.open_block(mall.site_id, new, act=Act.of_system(clock.now()))


def _state_at_odd_times(dina: Driver, carl: Clerk, run_id: str) -> str:
    """Let Dina's phone send a collection that it dates half an hour back; return its id."""
    phone, parcels = phone_of(dina), handles_of(dina.mall.deliveries_of(run_id))
    at = clock.now() - timedelta(minutes=30)
    (result,) = phone.results(picked_up(phone, carl.shows(dina, run_id), parcels, at=at))
    assert result["code"] == "needs_review"
    return result["event_id"]


def _locked(mall: Mall, carl: Clerk) -> FlaskClient:
    client = mall.app.test_client()
    show_cookie(client, "desk", carl.cookies["desk"])
    return client


def _give_portraits(mall: Mall, *drivers: Driver) -> None:
    with mall.writing():
        for driver in drivers:
            key = mall.app.extensions["mallrun_blobs"].put(b"portrait")
            people.require_person(driver.person_id).photo_key = key
