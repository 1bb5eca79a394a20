"""The customer, who opens a link and watches."""

import json
from typing import Final

from scripts.pictures.cast import Cast

#: Metres a hop: 60 m/s is as fast as a position may be and still be believed.
HOP_M: Final = 110.0
HOP_MS: Final = 2_000
METRES_PER_DEGREE: Final = 111_000


def see_page(cast: Cast, name: str) -> None:
    """Picture the tracking page of the customer whose door is on the run, if it is known which."""
    own = next(iter(cast.links.values()))
    if not cast.customer.url.startswith(cast.address):
        cast.customer.goto(own)
    cast.customer.wait_for_timeout(1_500)
    cast.take(cast.customer, name, is_long=True)


def come_closer(cast: Cast, link: str) -> None:
    """Drive two thirds of the way, so that the customer sees the car on the map."""
    page = cast.customer
    page.goto(link)
    state = json.loads(page.locator("script[data-hook=state]").inner_text())
    start, end = state["store"], state["dropoff"]
    away_m = METRES_PER_DEGREE * max(abs(end[key] - start[key]) for key in ("lat", "lon"))
    hops = int(away_m * 0.65 / HOP_M) + 1
    for hop in range(1, hops + 1):
        share = 0.65 * hop / hops
        cast.phone_context.set_geolocation(
            {
                "latitude": start["lat"] + (end["lat"] - start["lat"]) * share,
                "longitude": start["lon"] + (end["lon"] - start["lon"]) * share,
                "accuracy": 10,
            }
        )
        page.wait_for_timeout(HOP_MS)
    page.wait_for_timeout(2_000)
    page.locator("[data-hook=position]").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    cast.once(page, "customer-map", readme="phone")
    cast.once(page, "customer-on-the-way", is_long=True)


def see_open_page(cast: Cast, name: str) -> None:
    """Picture the page that is open, once it has heard what happened."""
    cast.customer.wait_for_timeout(2_000)
    cast.once(cast.customer, name, is_long=True)


def see_wrong_link(cast: Cast) -> None:
    """Follow a link that nobody has made."""
    cast.customer.goto("/t/" + "0" * 44)
    cast.take(cast.customer, "customer-wrong-link")
