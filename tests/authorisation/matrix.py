"""The authorisation matrix: every address of the product, and what it answers to whom.

The object in each address is Lumen's: a delivery in the run that Dina has claimed, its stops, its
desk, its clerk. `YES` means that the guard and the policy let the request through; the answer may
still refuse it for another reason (a stop that is not next). An address that is missing here fails
the test: decide who may use it, then add its line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from tests.api import ordering
from tests.factories import command
from tests.personas import a_picture
from tests.web.bodies import DESK, DRIVER, placing


class Outcome(Enum):
    """What somebody gets."""

    YES = "let through"
    LOGIN = "asked to sign in"
    HIDDEN = "told that there is nothing"


YES, LOGIN, HIDDEN = Outcome.YES, Outcome.LOGIN, Outcome.HIDDEN

#: Everybody who may ask. `free_driver` is on duty without a run; `desk` is Lumen's tablet, locked;
#: `customer` holds the link and nothing else.
PRINCIPALS: Final = (
    "outsider",
    "customer",
    "free_driver",
    "driver",
    "desk",
    "clerk",
    "other_clerk",
    "manager",
    "other_manager",
    "dispatcher",
    "merchant",
    "other_merchant",
    "key",
    "other_key",
)


def row(default: Outcome, **others: Outcome) -> dict[str, Outcome]:
    """Return what each principal gets: one answer for most, and who gets another."""
    unknown = set(others) - set(PRINCIPALS)
    assert not unknown, unknown
    return {principal: others.get(principal, default) for principal in PRINCIPALS}


EVERYBODY = row(YES)
NOBODY = row(HIDDEN)
DRIVERS = row(LOGIN, free_driver=YES, driver=YES)
DRIVER_OF_THE_RUN = row(LOGIN, free_driver=HIDDEN, driver=YES)
DESKS = row(LOGIN, desk=YES, clerk=YES, other_clerk=YES)
CLERKS = row(LOGIN, clerk=YES, other_clerk=YES)
CLERKS_OF_THE_STORE = row(LOGIN, clerk=YES, other_clerk=HIDDEN)
OFFICE = row(LOGIN, manager=YES, other_manager=YES, dispatcher=YES)
MANAGERS_OF_THE_STORE = row(LOGIN, manager=YES, other_manager=HIDDEN, dispatcher=YES)
DISPATCHERS = row(LOGIN, manager=HIDDEN, other_manager=HIDDEN, dispatcher=YES)

MERCHANTS = row(LOGIN, merchant=YES, other_merchant=YES)
KEYS = row(LOGIN, key=YES, other_key=YES)
KEY_OF_THE_MERCHANT = row(LOGIN, key=YES, other_key=HIDDEN)
THE_MERCHANT = row(LOGIN, merchant=YES, other_merchant=HIDDEN)

Fields = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One address.

    Attributes:
        address: With `{names}` of the world's ids.
        may: What each principal gets.
        body: The JSON of a command; None for none.
        form: The fields of a form; None for none.
        takes_away: Whether the object is gone after somebody was let through.
    """

    address: str
    may: Mapping[str, Outcome]
    body: Fields | None = None
    form: Fields | None = None
    takes_away: bool = False


def _driver(path: str, shape: str | None = None) -> Fields:
    fields = next(value for key, value in DRIVER.items() if key.endswith(shape or path))
    return lambda: command(**fields)


def _desk(shape: str, **fields: object) -> Fields:
    known = next(value for key, value in DESK.items() if key.endswith(shape))
    return lambda: command(**known | fields)


def _photo() -> dict[str, Any]:
    return command(delivery_id="{delivery}") | {"photo": (a_picture(), "door.jpg")}


def _fix() -> dict[str, Any]:
    now = command()["occurred_at"]
    here = {"lat": 33.3, "lon": -111.9, "accuracy_m": 9.0, "heading_deg": None, "speed_mps": None}
    return {"fixes": [here | {"at": now}]}


def _statements() -> dict[str, Any]:
    """Return an upload of something that is no envelope: whoever may upload is told so."""
    return {"statements": [{"envelope": "x.y.z", "beside": {}}]}


def block_fields() -> dict[str, str]:
    """Return what a dispatcher types for a block."""
    return {
        "on_day": "2098-12-24",
        "from_time": "16:00",
        "until_time": "20:00",
        "places": "4",
        "hourly": "20.00",
        "return_hours": "24",
    }


def checkout_fields() -> dict[str, str]:
    """Return what a customer types, and what the page sends with it."""
    return {
        "store": "{store}",
        "postal_code": "85224",
        "ref": "",
        "token": "a" * 26,
        "shown_until": "0",
        "price": "799",
        "person_name": "Cleo Cruz",
        "phone": "+1 480 555 0101",
        "street": "123 N Dobson Rd",
        "apartment": "",
        "city": "Chandler",
        "instructions": "",
    }


def site_fields() -> dict[str, str]:
    """Return the fields of a site's form."""
    return {
        "kind": "mall",
        "site_name": "Desert Ridge",
        "city": "Phoenix",
        "state": "AZ",
        "timezone": "America/Phoenix",
        "point": "33.6766, -111.9697",
        "parking": "",
        "parking_note": "By the cinema",
        "entrance_name": "North entrance",
        "entrance": "",
        "entrance_note": "",
        "entrance_floor": "0",
        "showing": "at_once",
        "roads": "usual",
        "dispatcher_phone": "",
    }


def store_fields() -> dict[str, str]:
    """Return the fields of a store's form."""
    return {
        "store_name": "Lumen",
        "merchant": "Lumen Inc.",
        "floor": "1",
        "floor_name": "Level 2",
        "unit": "",
        "counter_note": "",
        "counter": "",
    }


def _hours() -> dict[str, Any]:
    return {"hours": [{"weekday": "monday", "opens": "09:00", "closes": "20:00"}]}


def _stock() -> dict[str, Any]:
    return {"items": [{"sku": "LAMP-01", "quantity": 3}]}


def _quote() -> dict[str, Any]:
    return {"store_id": "{store}", "dropoff": ordering.DOOR}


def _reason() -> dict[str, str]:
    return {"reason": "Looked at"}


#: By endpoint and method.
MATRIX: Final[dict[str, Line]] = {
    "static": Line("/static/icons/favicon.svg", EVERYBODY),
    "start.index": Line("/", EVERYBODY),
    "start.ca_certificate": Line("/ca.crt", NOBODY),  # Only where a local authority is set.
    "start.verifier": Line("/verify_proof.py", EVERYBODY),
    "start.enrol_tablet": Line("/demo/tablet", NOBODY, form=lambda: {"desk_id": "{desk}"}),
    "start.simulate": Line("/demo/drive", NOBODY, form=lambda: {"site_id": "{site}"}),
    "health.healthz": Line("/healthz", EVERYBODY),
    "health.readyz": Line("/readyz", EVERYBODY),
    # What a shop's page asks is asked by everybody.
    "shops.promise": Line("/promise?store={store}&postal_code=85224", EVERYBODY),
    "shops.products": Line("/promise/products?store={store}&postal_code=85224&sku=A", EVERYBODY),
    "shops.script": Line("/promise.js", EVERYBODY),
    # No merchant has switched it on here.
    "shops.checkout": Line("/promise/checkout?store={store}&postal_code=85224", NOBODY),
    "shops.order": Line("/promise/checkout", NOBODY, form=checkout_fields),
    # The link is the right, whoever else one is.
    "customer.page": Line("{link}", EVERYBODY),
    "customer.state": Line("{link}/state", EVERYBODY),
    "customer.code": Line("{link}/code.svg", EVERYBODY),
    "customer.custody": Line("{link}/custody", EVERYBODY),
    "customer.log_proof": Line("{link}/proof", EVERYBODY),
    "customer.proof": Line("{link}/proof.jpg", NOBODY),  # Nothing is delivered yet.
    "customer.instructions": Line(
        "{link}/instructions",
        EVERYBODY,
        body=lambda: command(instructions="At the side", leave_at_door=False),
    ),
    "driver.login": Line("/driver/login", EVERYBODY),
    "driver.sign_in": Line("/driver/login", row(LOGIN), form=lambda: {"login": "", "password": ""}),
    "driver.shell": Line("/driver/", EVERYBODY),
    "driver.worker": Line("/driver/sw.js", EVERYBODY),
    "driver.state": Line("/driver/api/state", DRIVERS),
    "driver.earnings_of_week": Line("/driver/api/earnings", DRIVERS),
    # Not finished yet: nobody's earnings.
    "driver.earned_run": Line(
        "/driver/api/earnings/{run}", row(LOGIN, free_driver=HIDDEN, driver=HIDDEN)
    ),
    "driver.export_earnings": Line("/driver/api/earnings.csv", DRIVERS),
    "driver.own_photo": Line("/driver/api/photo/me", DRIVERS),
    "driver.enrol_phone": Line("/driver/api/device", DRIVERS, body=_driver("device")),
    "driver.set_duty": Line(
        "/driver/api/duty", DRIVERS, body=lambda: command(on_duty=True, site_id="{site}")
    ),
    "driver.change_shift": Line("/driver/api/shift", DRIVERS, body=_driver("shift")),
    "driver.push_key": Line("/driver/api/push/key", DRIVERS),
    "driver.push_on": Line("/driver/api/push", DRIVERS, body=_driver("push")),
    "driver.push_off": Line("/driver/api/push/end", DRIVERS, body=_driver("push/end")),
    "driver.ask": Line("/driver/api/runs/{offer}/ask", DRIVERS, body=_driver("ask")),
    "driver.withdraw": Line("/driver/api/runs/{offer}/withdraw", DRIVERS, body=_driver("withdraw")),
    "driver.blocks_for_me": Line("/driver/api/blocks", DRIVERS),
    "driver.bring": Line("/driver/api/bring", DRIVERS),
    "driver.take_block": Line("/driver/api/blocks/{block}/take", DRIVERS, body=command),
    "driver.return_block": Line("/driver/api/blocks/{block}/return", DRIVERS, body=command),
    "driver.report_positions": Line("/driver/api/positions", DRIVERS, body=_fix),
    "driver.claim": Line("/driver/api/runs/{offer}/claim", DRIVERS, body=_driver("claim")),
    "driver.release": Line(
        "/driver/api/runs/{run}/release", DRIVER_OF_THE_RUN, body=_driver("release")
    ),
    "driver.answer_proposal": Line(
        "/driver/api/proposals/{proposal}/keep", DRIVER_OF_THE_RUN, body=command
    ),
    "driver.keep": Line("/driver/api/runs/{run}/keep", DRIVER_OF_THE_RUN, body=command),
    "driver.arrive": Line(
        "/driver/api/stops/{pickup}/arrive", DRIVER_OF_THE_RUN, body=_driver("arrive")
    ),
    "driver.collect": Line(
        "/driver/api/stops/{pickup}/collect", DRIVER_OF_THE_RUN, body=_driver("collect")
    ),
    "driver.check_manager_code": Line(
        "/driver/api/stops/{pickup}/manager-code", DRIVER_OF_THE_RUN, body=_driver("manager-code")
    ),
    "driver.deliver": Line(
        "/driver/api/stops/{dropoff}/deliver", DRIVER_OF_THE_RUN, body=_driver("deliver")
    ),
    "driver.fail": Line(
        "/driver/api/stops/{dropoff}/fail", DRIVER_OF_THE_RUN, body=_driver("fail")
    ),
    "driver.give_back": Line(
        "/driver/api/stops/{pickup}/return", DRIVER_OF_THE_RUN, body=_driver("return")
    ),
    "driver.upload_statements": Line("/driver/api/handoffs", DRIVERS, body=_statements),
    "driver.photo": Line("/driver/api/photos", DRIVER_OF_THE_RUN, form=_photo),
    "driver.logout": Line("/driver/api/logout", DRIVERS),
    "clerk.shell": Line("/desk/", EVERYBODY),
    "clerk.worker": Line("/desk/sw.js", EVERYBODY),
    # The code in the body is the right; this one is nobody's.
    "clerk.enrol": Line(
        "/desk/api/enrol",
        NOBODY,
        body=lambda: command(code="0000000000", public_key="{point}"),
    ),
    "clerk.sign_in": Line("/desk/api/sign-in", DESKS, body=_desk("sign-in")),
    "clerk.report_wrong_codes": Line("/desk/api/wrong-codes", DESKS, body=_desk("wrong-codes")),
    "clerk.lock": Line("/desk/api/lock", DESKS, body=_desk("lock")),
    "clerk.state": Line("/desk/api/state", DESKS),
    "clerk.activity": Line("/desk/api/activity", CLERKS),
    "clerk.places": Line("/desk/api/places?q=a", CLERKS),
    "clerk.places_around": Line("/desk/api/places/around?lat=33&lon=-111", CLERKS),
    "clerk.place": Line("/desk/api/deliveries", CLERKS, body=lambda: command(**placing())),
    "clerk.driver_photo": Line("/desk/api/drivers/{driver_id}/photo", CLERKS_OF_THE_STORE),
    "clerk.label_pdf": Line("/desk/api/deliveries/{delivery}/label.pdf", CLERKS_OF_THE_STORE),
    "clerk.label_picture": Line("/desk/api/deliveries/{delivery}/label.png", CLERKS_OF_THE_STORE),
    "clerk.pack": Line(
        "/desk/api/deliveries/{delivery}/pack", CLERKS_OF_THE_STORE, body=_desk("pack")
    ),
    "clerk.unpack": Line(
        "/desk/api/deliveries/{delivery}/unpack", CLERKS_OF_THE_STORE, body=_desk("unpack")
    ),
    "clerk.keep_back": Line(
        "/desk/api/deliveries/{delivery}/keep-back", CLERKS_OF_THE_STORE, body=_desk("keep-back")
    ),
    "clerk.cancel": Line(
        "/desk/api/deliveries/{delivery}/cancel", CLERKS_OF_THE_STORE, body=_desk("cancel")
    ),
    "clerk.change_address": Line(
        "/desk/api/deliveries/{delivery}/address", CLERKS_OF_THE_STORE, body=_desk("address")
    ),
    "clerk.give_link": Line(
        "/desk/api/deliveries/{delivery}/link", CLERKS_OF_THE_STORE, body=_desk("link")
    ),
    "clerk.show_release": Line(
        "/desk/api/releases", CLERKS_OF_THE_STORE, body=_desk("releases", run_id="{run}")
    ),
    "clerk.take_in": Line(
        "/desk/api/parcels/{delivery}/1/take-in", CLERKS_OF_THE_STORE, body=_desk("take-in")
    ),
    "clerk.shelve": Line(
        "/desk/api/parcels/{delivery}/1/shelve", CLERKS_OF_THE_STORE, body=_desk("shelve")
    ),
    "clerk.sort": Line(
        "/desk/api/parcels/{delivery}/1/sort", CLERKS_OF_THE_STORE, body=_desk("take-in")
    ),
    "clerk.open_visit": Line("/desk/api/visits", CLERKS, body=_desk("visits")),
    "clerk.end_visit": Line("/desk/api/visits/{visit}/end", CLERKS_OF_THE_STORE, body=_desk("end")),
    "clerk.check_manager_code": Line("/desk/api/manager-code", CLERKS, body=_desk("manager-code")),
    "clerk.give": Line(
        "/desk/api/handovers",
        CLERKS_OF_THE_STORE,
        body=_desk("handovers", run_id="{run}", delivery_ids=["{delivery}"]),
    ),
    "clerk.take_back": Line(
        "/desk/api/returns",
        CLERKS_OF_THE_STORE,
        body=_desk("returns", run_id="{run}", delivery_ids=["{delivery}"]),
    ),
    "clerk.upload_statements": Line("/desk/api/handoffs", DESKS, body=_statements),
    "console.login": Line("/console/login", EVERYBODY),
    "console.sign_in": Line(
        "/console/login", row(LOGIN), form=lambda: {"login": "", "password": ""}
    ),
    # The token in the address is the right; this one is nobody's.
    "console.welcome": Line("/console/welcome?token=x", NOBODY),
    "console.choose_password": Line(
        "/console/welcome", NOBODY, form=lambda: {"token": "x", "password": "long enough 123"}
    ),
    "console.index": Line("/console/", OFFICE),
    "console.stores": Line("/console/stores", OFFICE),
    "console.today": Line("/console/today", DISPATCHERS),
    "console.place_day": Line("/console/today/{site}", DISPATCHERS),
    "console.store": Line("/console/stores/{store}", MANAGERS_OF_THE_STORE),
    "console.store_deliveries": Line("/console/stores/{store}/deliveries", MANAGERS_OF_THE_STORE),
    "console.delivery": Line("/console/deliveries/{delivery}", MANAGERS_OF_THE_STORE),
    "console.ask_action": Line("/console/deliveries/{delivery}/lost", DISPATCHERS),
    "console.act": Line("/console/deliveries/{delivery}/pin", DISPATCHERS, form=_reason),
    "console.ask_recipient": Line("/console/deliveries/{delivery}/recipient", DISPATCHERS),
    "console.show_recipient": Line(
        "/console/deliveries/{delivery}/recipient", DISPATCHERS, form=_reason
    ),
    "console.drivers": Line("/console/drivers", DISPATCHERS),
    "console.ask_retire_phone": Line("/console/drivers/{driver_id}/phone", DISPATCHERS),
    "console.retire_phone": Line("/console/drivers/{driver_id}/phone", DISPATCHERS, form=_reason),
    "console.ask_hub": Line("/console/drivers/{driver_id}/hub", DISPATCHERS),
    "console.set_hub": Line(
        "/console/drivers/{driver_id}/hub", DISPATCHERS, form=lambda: {"hub": "none"}
    ),
    "console.run": Line("/console/runs/{run}", DISPATCHERS),
    "console.give_run": Line(
        "/console/runs/{offer}/give",
        DISPATCHERS,
        form=lambda: {"driver": "{driver_id}", "reason": "Nearest"},
    ),
    "console.pin_run": Line("/console/runs/{offer}/pin", DISPATCHERS, form=_reason),
    "console.show_run": Line("/console/runs/{offer}/show", DISPATCHERS),
    "console.ask_split": Line("/console/runs/{offer}/split", DISPATCHERS),
    "console.split_run": Line(
        "/console/runs/{offer}/split?delivery={delivery}", DISPATCHERS, form=_reason
    ),
    "console.ask_merge": Line("/console/runs/{offer}/merge", DISPATCHERS),
    "console.merge_runs": Line(
        "/console/runs/{offer}/merge?other={run}", DISPATCHERS, form=_reason
    ),
    "console.ask_take_back": Line("/console/runs/{run}/take-back", DISPATCHERS),
    "console.take_back": Line("/console/runs/{run}/take-back", DISPATCHERS, form=_reason),
    "console.rule_custody": Line(
        "/console/deliveries/{delivery}/incidents/{incident}/rule",
        DISPATCHERS,
        form=lambda: {"choice": "has:{driver_id}", "reason": "She said so"},
    ),
    "console.close_incident": Line(
        "/console/deliveries/{delivery}/incidents/{incident}/close",
        DISPATCHERS,
        form=_reason,
    ),
    "console.reopen_incident": Line(
        "/console/deliveries/{delivery}/incidents/{incident}/reopen", DISPATCHERS
    ),
    "console.ask_judge": Line("/console/deliveries/{delivery}/statements/{statement}", DISPATCHERS),
    "console.judge_statement": Line(
        "/console/deliveries/{delivery}/statements/{statement}",
        DISPATCHERS,
        form=lambda: {"counts": "no", "reason": "Looked at"},
    ),
    "console.set_policy": Line(
        "/console/stores/{store}/policy",
        MANAGERS_OF_THE_STORE,
        form=lambda: {"minimum_level": "E2", "limit": "", "manager_code": ""},
    ),
    "console.site_blocks": Line("/console/sites/{site}/blocks", DISPATCHERS),
    "console.open_block": Line("/console/sites/{site}/blocks", DISPATCHERS, form=block_fields),
    "console.ask_close_block": Line("/console/blocks/{block}/close", DISPATCHERS),
    "console.close_block": Line("/console/blocks/{block}/close", DISPATCHERS, form=_reason),
    "console.ask_site": Line("/console/sites/new", DISPATCHERS),
    "console.open_site": Line("/console/sites", DISPATCHERS, form=site_fields),
    "console.site": Line("/console/sites/{site}", DISPATCHERS),
    "console.change_site": Line("/console/sites/{site}", DISPATCHERS, form=site_fields),
    "console.open_store": Line("/console/sites/{site}/stores", DISPATCHERS, form=store_fields),
    "console.ask_store": Line("/console/stores/{store}/place", DISPATCHERS),
    "console.change_store": Line("/console/stores/{store}/place", DISPATCHERS, form=store_fields),
    "console.add_desk": Line(
        "/console/stores/{store}/desks", MANAGERS_OF_THE_STORE, form=lambda: {"desk_name": "Two"}
    ),
    "console.add_clerk": Line(
        "/console/stores/{store}/clerks",
        MANAGERS_OF_THE_STORE,
        form=lambda: {"first_name": "Cora", "code": "314159"},
    ),
    "console.show_enrolment": Line("/console/desks/{desk}/enrolment", MANAGERS_OF_THE_STORE),
    "console.unlock_desk": Line("/console/desks/{desk}/unlock", MANAGERS_OF_THE_STORE),
    "console.ask_retire": Line("/console/desks/{desk}/retire", MANAGERS_OF_THE_STORE),
    "console.ask_remove_desk": Line("/console/desks/{desk}/remove", MANAGERS_OF_THE_STORE),
    "console.ask_code": Line("/console/clerks/{clerk}/code", MANAGERS_OF_THE_STORE),
    "console.ask_remove_clerk": Line("/console/clerks/{clerk}/remove", MANAGERS_OF_THE_STORE),
    "console.change_code": Line(
        "/console/clerks/{clerk}/code", MANAGERS_OF_THE_STORE, form=lambda: {"code": "271828"}
    ),
    "console.retire_tablet": Line("/console/desks/{desk}/retire", MANAGERS_OF_THE_STORE),
    "console.remove_desk": Line(
        "/console/desks/{desk}/remove", MANAGERS_OF_THE_STORE, takes_away=True
    ),
    "console.remove_clerk": Line(
        "/console/clerks/{clerk}/remove", MANAGERS_OF_THE_STORE, takes_away=True
    ),
    "console.logout": Line("/console/logout", OFFICE),
    "merchant.login": Line("/merchant/login", EVERYBODY),
    "merchant.sign_in": Line(
        "/merchant/login", row(LOGIN), form=lambda: {"login": "", "password": ""}
    ),
    "merchant.index": Line("/merchant/", MERCHANTS),
    "merchant.ticket": Line("/merchant/ticket", MERCHANTS),
    "merchant.switch": Line(
        # To a merchant of one's own only; nobody's here.
        "/merchant/switch",
        row(LOGIN, merchant=HIDDEN, other_merchant=HIDDEN),
        form=lambda: {"merchant": "mer_nobody"},
    ),
    "merchant.webhook_for": Line("/merchant/for/{merchant}/webhooks/{webhook}", THE_MERCHANT),
    "merchant.new_order": Line("/merchant/order", MERCHANTS),
    "merchant.place_typed": Line("/merchant/order", MERCHANTS, form=dict),
    "merchant.keys": Line("/merchant/keys", MERCHANTS),
    "merchant.make_key": Line(
        "/merchant/keys",
        MERCHANTS,
        form=lambda: {"key_name": "Shop", "mode": "test", "scopes": "stores:read", "networks": ""},
    ),
    "merchant.rotate_key": Line("/merchant/keys/{key}/rotate", THE_MERCHANT, form=dict),
    "merchant.ask_revoke_key": Line("/merchant/keys/{key}/revoke", THE_MERCHANT),
    "merchant.revoke_key": Line("/merchant/keys/{key}/revoke", THE_MERCHANT, form=dict),
    "merchant.delivery": Line("/merchant/deliveries/{delivery}", THE_MERCHANT),
    "merchant.labels": Line("/merchant/deliveries/{delivery}/labels.pdf", THE_MERCHANT),
    "merchant.cancel": Line(
        "/merchant/deliveries/{delivery}/cancel", THE_MERCHANT, form=dict, takes_away=True
    ),
    "merchant.webhooks": Line("/merchant/webhooks", MERCHANTS),
    "merchant.add_webhook": Line(
        "/merchant/webhooks",
        MERCHANTS,
        form=lambda: {"url": "https://shop.example/", "payload": "thin"},
    ),
    "merchant.webhook": Line("/merchant/webhooks/{webhook}", THE_MERCHANT),
    "merchant.verify_webhook": Line("/merchant/webhooks/{webhook}/verify", THE_MERCHANT, form=dict),
    "merchant.rotate_webhook": Line("/merchant/webhooks/{webhook}/rotate", THE_MERCHANT, form=dict),
    "merchant.replay_webhook": Line(
        "/merchant/webhooks/{webhook}/replay", THE_MERCHANT, form=lambda: {"hours": "1"}
    ),
    # The message is nobody's.
    "merchant.replay_message": Line(
        "/merchant/webhooks/{webhook}/messages/msg_x/replay",
        row(LOGIN, merchant=YES, other_merchant=HIDDEN),
        form=dict,
    ),
    "merchant.remove_webhook": Line(
        "/merchant/webhooks/{webhook}/remove", THE_MERCHANT, form=dict, takes_away=True
    ),
    "merchant.uploaded": Line("/merchant/uploads", MERCHANTS),
    "merchant.upload": Line("/merchant/uploads", MERCHANTS, form=dict),
    "merchant.preview": Line("/merchant/uploads/{upload}", THE_MERCHANT),
    "merchant.refused_rows": Line("/merchant/uploads/{upload}/refused.csv", THE_MERCHANT),
    "merchant.empty_table": Line("/merchant/uploads/empty.csv", MERCHANTS),
    "merchant.choose_columns": Line("/merchant/uploads/{upload}/columns", THE_MERCHANT, form=dict),
    "merchant.order_rows": Line("/merchant/uploads/{upload}/order", THE_MERCHANT, form=dict),
    "merchant.team": Line("/merchant/team", MERCHANTS),
    "merchant.add_member": Line(
        "/merchant/team",
        MERCHANTS,
        form=lambda: {"person_name": "Max Moss", "email": "max@mallrun.test"},
    ),
    "merchant.remove_member": Line("/merchant/team/{member}/remove", THE_MERCHANT, form=dict),
    "merchant.promise": Line("/merchant/promise", MERCHANTS),
    "merchant.switch_checkout": Line(
        "/merchant/promise/{store}", THE_MERCHANT, form=lambda: {"checkout": "on"}
    ),
    "merchant.upload_stock": Line("/merchant/promise/{store}/stock", THE_MERCHANT, form=dict),
    "merchant.invoices": Line("/merchant/invoices", MERCHANTS),
    "merchant.invoice": Line("/merchant/invoices/2026-11", MERCHANTS),
    "merchant.export_invoice": Line("/merchant/invoices/2026-11.csv", MERCHANTS),
    "merchant.logout": Line("/merchant/logout", MERCHANTS),
    "api.openapi": Line("/api/v1/openapi.json", EVERYBODY),
    "api.reference": Line("/api/v1/docs", EVERYBODY),
    "api.list_stores": Line("/api/v1/stores", KEYS),
    "api.read_store": Line("/api/v1/stores/{store}", KEY_OF_THE_MERCHANT),
    "api.set_hours": Line("/api/v1/stores/{store}/hours", KEY_OF_THE_MERCHANT, body=_hours),
    "api.set_stock": Line("/api/v1/stores/{store}/stock", KEY_OF_THE_MERCHANT, body=_stock),
    "api.create_quote": Line("/api/v1/quotes", KEY_OF_THE_MERCHANT, body=_quote),
    "api.read_quote": Line("/api/v1/quotes/{quote}", KEY_OF_THE_MERCHANT),
    # Without its header an order is refused before anything is looked up.
    "api.create_delivery": Line("/api/v1/deliveries", KEYS, body=lambda: ordering.order("{store}")),
    "api.list_deliveries": Line("/api/v1/deliveries", KEYS),
    "api.read_delivery": Line("/api/v1/deliveries/{delivery}", KEY_OF_THE_MERCHANT),
    "api.change_delivery": Line(
        "/api/v1/deliveries/{delivery}", KEY_OF_THE_MERCHANT, body=lambda: {"proof": "photo"}
    ),
    "api.cancel_delivery": Line(
        "/api/v1/deliveries/{delivery}/cancel", KEY_OF_THE_MERCHANT, body=_reason
    ),
    "api.return_delivery": Line(
        "/api/v1/deliveries/{delivery}/return", KEY_OF_THE_MERCHANT, body=_reason
    ),
    "api.label_pdf": Line("/api/v1/deliveries/{delivery}/label.pdf", KEY_OF_THE_MERCHANT),
    "api.label_picture": Line("/api/v1/deliveries/{delivery}/label.png", KEY_OF_THE_MERCHANT),
    # Nothing is delivered yet.
    "api.proof_photo": Line(
        "/api/v1/deliveries/{delivery}/proof.jpg", row(LOGIN, key=HIDDEN, other_key=HIDDEN)
    ),
    "api.read_custody": Line("/api/v1/deliveries/{delivery}/custody", KEY_OF_THE_MERCHANT),
    "api.read_epcis": Line("/api/v1/deliveries/{delivery}/epcis", KEY_OF_THE_MERCHANT),
    "api.read_markup": Line("/api/v1/deliveries/{delivery}/markup", KEY_OF_THE_MERCHANT),
    "api.read_custody_proof": Line(
        "/api/v1/deliveries/{delivery}/custody/proof", KEY_OF_THE_MERCHANT
    ),
    "api.create_webhook": Line(
        "/api/v1/webhooks", KEYS, body=lambda: {"url": "https://shop.example/hook"}
    ),
    "api.list_webhooks": Line("/api/v1/webhooks", KEYS),
    "api.verify_webhook": Line("/api/v1/webhooks/{webhook}/verify", KEY_OF_THE_MERCHANT),
    "api.rotate_webhook": Line("/api/v1/webhooks/{webhook}/rotate", KEY_OF_THE_MERCHANT),
    "api.replay_webhook": Line(
        "/api/v1/webhooks/{webhook}/replay",
        KEY_OF_THE_MERCHANT,
        body=lambda: {"since": "2026-11-01T00:00:00Z", "until": "2026-11-02T00:00:00Z"},
    ),
    "api.remove_webhook": Line("/api/v1/webhooks/{webhook}", KEY_OF_THE_MERCHANT, takes_away=True),
    "api.list_attempts": Line("/api/v1/webhooks/{webhook}/attempts", KEY_OF_THE_MERCHANT),
    "api.simulate_delivery": Line(
        "/api/v1/deliveries/{delivery}/simulate",
        KEY_OF_THE_MERCHANT,
        body=lambda: {"outcome": "delivered"},
    ),
    "compat.create_uber_delivery": Line(
        "/compat/uber-direct/v1/customers/cus_1/deliveries", KEYS, body=dict
    ),
    "compat.read_uber_delivery": Line(
        "/compat/uber-direct/v1/customers/cus_1/deliveries/{delivery}", KEY_OF_THE_MERCHANT
    ),
    "compat.create_doordash_delivery": Line(
        "/compat/doordash-drive/v2/deliveries", KEYS, body=dict
    ),
    "compat.cancel_uber_delivery": Line(
        "/compat/uber-direct/v1/customers/cus_1/deliveries/{delivery}/cancel", KEY_OF_THE_MERCHANT
    ),
    "compat.create_uber_quote": Line(
        "/compat/uber-direct/v1/customers/cus_1/delivery_quotes", KEYS, body=dict
    ),
    "compat.read_doordash_delivery": Line(
        "/compat/doordash-drive/v2/deliveries/{delivery}", KEY_OF_THE_MERCHANT
    ),
    "compat.cancel_doordash_delivery": Line(
        "/compat/doordash-drive/v2/deliveries/{delivery}/cancel", KEY_OF_THE_MERCHANT
    ),
    "compat.create_doordash_quote": Line("/compat/doordash-drive/v2/quotes", KEYS, body=dict),
    "compat.accept_doordash_quote": Line(
        # Known by its order's number, and nobody quoted this one.
        "/compat/doordash-drive/v2/quotes/{delivery}/accept",
        row(LOGIN, key=HIDDEN, other_key=HIDDEN),
    ),
}
