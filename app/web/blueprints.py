"""Which audiences there are: every blueprint, registered in one place."""

from typing import Final

from flask import Flask

from app.api.compat import doordash_drive, uber_direct
from app.api.compat.edge import compat
from app.api.v1 import (
    delivery_routes as api_delivery_routes,
)
from app.api.v1 import (
    file_routes,
    markup_routes,
    quote_routes,
    reference_routes,
    store_routes,
    test_mode_routes,
    webhook_routes,
)
from app.api.v1.asking import api
from app.web.clerk import intake_routes, placing_routes
from app.web.clerk.routes import clerk
from app.web.console import (
    action_routes,
    block_routes,
    decision_routes,
    delivery_routes,
    driver_routes,
    hub_routes,
    policy_routes,
    routes,
    run_routes,
    shape_routes,
    site_routes,
    today_routes,
)
from app.web.console.frame import console
from app.web.customer.routes import customer
from app.web.driver import block_routes as driver_block_routes
from app.web.driver import bring_routes, earnings_routes, offer_routes, push_routes
from app.web.driver.routes import driver
from app.web.health import health
from app.web.merchant import (
    day_routes,
    invoice_routes,
    key_routes,
    order_routes,
    team_routes,
    upload_routes,
)
from app.web.merchant import (
    delivery_routes as merchant_deliveries,
)
from app.web.merchant import (
    promise_routes as merchant_promise,
)
from app.web.merchant import (
    webhook_routes as merchant_webhooks,
)
from app.web.merchant.frame import merchant
from app.web.promise import checkout_routes
from app.web.promise import routes as promise_routes
from app.web.promise.frame import shops
from app.web.start.routes import start

#: Modules that add to the console's blueprint by being imported.
CONSOLE: Final = (
    routes,
    delivery_routes,
    decision_routes,
    action_routes,
    run_routes,
    shape_routes,
    driver_routes,
    hub_routes,
    policy_routes,
    site_routes,
    today_routes,
    block_routes,
)
#: The same for the desk's.
DESK: Final = (intake_routes, placing_routes)
#: The same for the driver's.
DRIVER: Final = (earnings_routes, offer_routes, driver_block_routes, bring_routes, push_routes)
#: For shops' pages.
SHOPS: Final = (promise_routes, checkout_routes)
#: And for the merchant's.
MERCHANT: Final = (
    day_routes,
    merchant_deliveries,
    order_routes,
    upload_routes,
    key_routes,
    merchant_webhooks,
    merchant_promise,
    team_routes,
    invoice_routes,
)
#: And for the API's, in the order of its description.
API: Final = (
    quote_routes,
    api_delivery_routes,
    file_routes,
    markup_routes,
    store_routes,
    test_mode_routes,
    webhook_routes,
    reference_routes,
)


#: And for the ways in of other services.
COMPAT: Final = (doordash_drive, uber_direct)


def register_blueprints(app: Flask) -> None:
    """Register all edges. Each blueprint is one audience with one rule of who may come in."""
    audiences = (start, health, driver, clerk, customer, console, merchant, api, shops, compat)
    for blueprint in audiences:
        app.register_blueprint(blueprint)
