"""The way through the product that the pictures follow: what each of the people clicks."""

import io
import json
import re
from dataclasses import dataclass, field
from typing import Final, Protocol

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page

from tests.browser.camera import Camera

#: Metres a hop: 60 m/s is as fast as a position may be and still be believed.
HOP_M: Final = 110.0
HOP_MS: Final = 2_000
METRES_PER_DEGREE: Final = 111_000
STOPS_MAX: Final = 30
OWN_CUSTOMER: Final = "Nora Lindgren"


class Take(Protocol):
    """Takes a picture of a page in light and dark."""

    def __call__(self, page: Page, name: str, *, is_long: bool = False, readme: str = "") -> None:
        """See `scripts.screenshots.Pictures.take`."""


@dataclass(slots=True)
class Cast:
    """Everybody's browser, and what the start page has told."""

    address: str
    visitor: Page
    office: Page
    tablet: Page
    phone_context: BrowserContext
    phone: Page
    customer: Page
    camera: Camera
    #: What the start page shows under a word: `E-mail`, `Password`, `Clerk's code`, `Manager` …
    logins: dict[str, str] = field(default_factory=dict[str, str])
    #: Tracking link by the customer's first name.
    links: dict[str, str] = field(default_factory=dict[str, str])
    store: str = ""
    #: Screens that are pictured once.
    pictured: set[str] = field(default_factory=set[str])


def play(cast: Cast, take: Take) -> None:
    """Go the whole way, from the start page to the driver's earnings."""
    _see_start(cast, take)
    _open_tablet(cast, take)
    _place_delivery(cast, take)
    _see_office(cast, take)
    _begin_duty(cast, take)
    for _ in range(STOPS_MAX):
        if not _next_stop(cast, take):
            break
    _see_end(cast, take)


def _see_start(cast: Cast, take: Take) -> None:
    page = cast.visitor
    page.goto("/")
    take(page, "start", is_long=True)
    page.goto("/?lang=es")
    take(page, "start-es", is_long=True)
    page.goto("/?lang=en")
    for value in page.locator(".start-value").all():
        word, text = value.locator("dt").inner_text(), value.locator(".start-text").inner_text()
        # The mall's people come first; a station's and a hub's have words of the same kind.
        cast.logins.setdefault(word, text)
    who = page.locator("[data-kind=customer] header p").first.inner_text()
    first_name = who.partition(" ")[0]
    link = page.get_by_role("link", name="Open a tracking page").get_attribute("href") or ""
    cast.links[first_name] = link
    page.locator("button[name=where]").click()
    take(page, "start-tablet")


def _open_tablet(cast: Cast, take: Take) -> None:
    page = cast.tablet
    page.goto("/desk/")
    page.get_by_role("heading").first.wait_for()
    take(page, "desk-enrol-empty")
    page.goto("/")
    page.get_by_role("button", name="Open the store's tablet").click()
    page.get_by_role("button", name="Enrol this tablet").wait_for()
    take(page, "desk-enrol")
    page.get_by_role("button", name="Enrol this tablet").click()
    page.get_by_text("Enter your code").wait_for()
    take(page, "desk-locked")
    page.keyboard.type("000000")
    page.get_by_role("alert").first.wait_for()
    take(page, "desk-wrong-code")
    _sign_in_clerk(cast)
    cast.store = page.get_by_role("heading", level=1).inner_text()
    take(page, "desk-board-morning", is_long=True)


def _sign_in_clerk(cast: Cast) -> None:
    """Enter the clerk's code; a tablet that nobody has touched for long asks for it again."""
    cast.tablet.keyboard.type(cast.logins["Clerk's code"])
    cast.tablet.get_by_role("heading", name="Who is coming").wait_for()


def _place_delivery(cast: Cast, take: Take) -> None:
    page = cast.tablet
    page.get_by_role("link", name="New delivery").click()
    page.get_by_role("button", name=re.compile("Place the delivery")).click()
    take(page, "desk-new-errors", is_long=True)
    page.get_by_label("Recipient").fill(OWN_CUSTOMER)
    page.get_by_label("Phone").fill("+1 480 555 0199")
    page.get_by_label("Street and number").press_sequentially("1245")
    page.get_by_role("option").first.wait_for()
    take(page, "desk-new-street")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="One parcel more").click()
    page.get_by_label("PIN", exact=True).check()
    take(page, "desk-new-filled", is_long=True)
    page.get_by_role("button", name=re.compile("Place the delivery")).click()
    link = page.get_by_label("Tracking link for the customer")
    link.wait_for()
    cast.links[OWN_CUSTOMER.partition(" ")[0]] = link.input_value()
    take(page, "desk-placed")
    _take_label(cast, take)
    page.get_by_role("link", name="Back").first.click()
    packs = page.get_by_role("button", name=re.compile("Mark packed"))
    while (waiting := packs.count()) > 0:
        packs.first.click()
        page.wait_for_function(
            "n => [...document.querySelectorAll('button')]"
            ".filter(b => b.textContent.includes('Mark packed')).length < n",
            arg=waiting,
        )
    page.locator(".row-title a").first.click()
    page.wait_for_timeout(300)
    take(page, "desk-delivery")
    page.keyboard.press("Escape")


def _take_label(cast: Cast, take: Take) -> None:
    """Picture a label the way the printer gets it."""
    labels = cast.tablet.get_by_role("link", name=re.compile("Print")).first.get_attribute("href")
    label = cast.tablet.context.new_page()
    label.goto((labels or "").replace(".pdf", ".png"))
    take(label, "desk-label")
    label.close()


def _see_office(cast: Cast, take: Take) -> None:
    page = cast.office
    _sign_in(page, "/console/", cast.logins["Manager"], cast.logins["Password"], take)
    page.get_by_role("heading", name="Stores").wait_for()
    take(page, "console-stores", is_long=True)
    page.get_by_role("link", name=cast.store).first.click()
    page.get_by_role("heading", name="Desks").wait_for()
    take(page, "console-store", is_long=True)
    page.get_by_role("button", name=re.compile("enrolment code")).first.click()
    take(page, "console-enrolment")


def _sign_in(page: Page, path: str, login: str, password: str, take: Take) -> None:
    page.goto(path)
    page.get_by_label("E-mail or phone number").fill(login)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    take(page, f"{path.strip('/').replace('/', '-')}-login-refused")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def _begin_duty(cast: Cast, take: Take) -> None:
    page = cast.phone
    _sign_in(page, "/driver/", cast.logins["E-mail"], cast.logins["Password"], take)
    duty = page.locator("[data-action=on-duty]")
    duty.wait_for()
    take(page, "driver-duty")
    duty.click()
    offers = page.locator("[data-offer]")
    offers.first.wait_for()
    use_this_phone = page.get_by_role("button", name="Use this phone")
    if use_this_phone.count():
        take(page, "driver-other-phone")
        use_this_phone.click()
        use_this_phone.wait_for(state="detached")
        # The word that it worked goes away by itself.
        page.wait_for_timeout(4_000)
    _see_customer(cast, "customer-placed", take)
    # New orders join runs a moment after they were placed.
    page.wait_for_timeout(1_500)
    wanted = offers.filter(has_text=cast.store).first
    wanted.scroll_into_view_if_needed()
    take(page, "driver-offers", readme="phone")
    take(page, "driver-offers-all", is_long=True)
    wanted.locator("[data-action=claim]").click()
    page.locator("[data-action=arrive]").wait_for()
    # The word that it worked goes away by itself.
    page.wait_for_timeout(7_000)
    take(page, "driver-run", readme="phone")
    take(page, "driver-run-all", is_long=True)
    page.locator("[data-action=release]").click()
    page.get_by_role("radio").first.wait_for()
    take(page, "driver-release")
    page.go_back()
    cast.phone_context.set_offline(offline=True)
    page.wait_for_timeout(1_000)
    take(page, "driver-offline")
    cast.phone_context.set_offline(offline=False)
    _see_customer(cast, "customer-claimed", take)


def _see_customer(cast: Cast, name: str, take: Take) -> None:
    """Picture the tracking page of the customer whose door is on the run, if it is known which."""
    own = next(iter(cast.links.values()))
    if not cast.customer.url.startswith(cast.address):
        cast.customer.goto(own)
    cast.customer.wait_for_timeout(1_500)
    take(cast.customer, name, is_long=True)


def _next_stop(cast: Cast, take: Take) -> bool:
    """Do what the driver's screen asks for; tell whether the run goes on."""
    page = cast.phone
    ready = page.locator("[data-action=arrive], [data-action=seen]").first
    ready.wait_for()
    if page.locator("[data-action=seen]").count():
        return False
    title = page.get_by_role("heading", level=1).inner_text()
    print(f"   {title}", flush=True)
    if title.startswith("Collect"):
        _collect(cast, title, take)
    elif title.startswith("Give"):
        _give_back(cast, title, take)
    else:
        _deliver(cast, title, take)
    page.wait_for_timeout(600)
    return True


def _once(
    cast: Cast, take: Take, page: Page, name: str, *, is_long: bool = False, readme: str = ""
) -> None:
    """Picture a screen the first time it is met."""
    if name not in cast.pictured:
        cast.pictured.add(name)
        take(page, name, is_long=is_long, readme=readme)


def _collect(cast: Cast, title: str, take: Take) -> None:
    page = cast.phone
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=scan]").wait_for()
    _once(cast, take, page, "driver-counter")
    if f" at {cast.store}," in title:
        _hand_over(cast, take)
        return
    page.locator("[data-action=scan]").click()
    page.locator("[data-action=code]").first.click()
    _once(cast, take, page, "driver-short-code")
    page.locator("[data-action=assert]").click()
    page.get_by_label("The tablet is off or broken").check()
    _once(cast, take, page, "driver-assert")
    page.locator("[data-action=send-assertion]").click()
    page.locator("[data-action=send-assertion]").wait_for(state="detached")


def _hand_over(cast: Cast, take: Take) -> None:
    tablet, phone = cast.tablet, cast.phone
    if tablet.get_by_text("Enter your code").count():
        _sign_in_clerk(cast)
    tablet.get_by_text("is here").first.wait_for()
    take(tablet, "desk-board", readme="tablet")
    tablet.get_by_role("link", name=re.compile("Hand over")).first.click()
    tablet.get_by_role("button", name=re.compile("show the code")).wait_for()
    take(tablet, "desk-choice")
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()
    take(tablet, "desk-code", readme="tablet")
    cast.camera.show(_wrong_code())
    phone.locator("[data-action=scan]").click()
    phone.get_by_text("Not a Mallrun code").or_(
        phone.get_by_text("some other code")
    ).first.wait_for()
    take(phone, "driver-scan-wrong")
    phone.get_by_role("button", name="Back").first.click()
    cast.camera.show(tablet.screenshot())
    phone.locator("[data-action=scan]").click()
    phone.locator("[data-result=collected]").wait_for(timeout=20_000)
    take(phone, "driver-collected")
    tablet.get_by_role("button", name="Done").wait_for()
    take(tablet, "desk-given")
    tablet.get_by_role("button", name="Done").click()
    phone.locator("[data-action=go-on]").click()


def _wrong_code() -> Image.Image:
    """Return what some drivers scan first: the code of a web address."""
    import qrcode  # noqa: PLC0415 - Only this picture needs it.

    drawn = io.BytesIO()
    qrcode.make("https://shop.example/menu").save(drawn)
    return Image.open(drawn)


def _deliver(cast: Cast, title: str, take: Take) -> None:
    page = cast.phone
    _once(cast, take, page, "driver-door-ahead")
    if "driver-navigate" not in cast.pictured:
        page.locator("[data-action=navigate]").click()
        page.wait_for_timeout(400)
        _once(cast, take, page, "driver-navigate")
        page.keyboard.press("Escape")
    known = next((name for name in cast.links if f" to {name}" in title), None)
    if known:
        _come_closer(cast, cast.links[known], take)
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=cannot]").wait_for()
    _once(cast, take, page, "driver-door")
    is_ours = page.get_by_text(f"from {cast.store}").count() > 0
    if known and _bar_has(page, "pin"):
        _tell_pin(cast, take)
    elif (is_ours and "driver-cannot" not in cast.pictured) or _bar_has(page, "pin"):
        page.locator("[data-action=cannot]").click()
        page.get_by_label("Nobody is there").check()
        _once(cast, take, page, "driver-cannot")
        page.locator("[data-action=send-fail]").click()
        page.locator("[data-action=send-fail]").wait_for(state="detached")
    elif _bar_has(page, "photo"):
        _photograph(cast, take)
    else:
        page.locator("[data-action=confirm]").click()
        page.locator("[data-action=confirm]").wait_for(state="detached")


def _bar_has(page: Page, action: str) -> bool:
    return page.locator(f"[data-action={action}]").count() > 0


def _come_closer(cast: Cast, link: str, take: Take) -> None:
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
    _once(cast, take, page, "customer-map", readme="phone")
    _once(cast, take, page, "customer-on-the-way", is_long=True)


def _tell_pin(cast: Cast, take: Take) -> None:
    phone = cast.phone
    _see_open_customer(cast, "customer-at-the-door", take)
    pin = re.sub(r"\D", "", cast.customer.locator("[data-hook=pin]").inner_text())
    phone.locator("[data-action=pin]").click()
    phone.locator("#pin").fill("000000" if pin != "000000" else "111111")
    phone.locator("[data-action=send-pin]").click()
    phone.get_by_role("alert").first.wait_for()
    phone.wait_for_timeout(600)
    _once(cast, take, phone, "driver-pin-wrong")
    phone.locator("#pin").fill(pin)
    phone.locator("[data-action=send-pin]").click()
    phone.locator("#pin").wait_for(state="detached")
    _see_open_customer(cast, "customer-delivered", take)


def _see_open_customer(cast: Cast, name: str, take: Take) -> None:
    cast.customer.wait_for_timeout(2_000)
    _once(cast, take, cast.customer, name, is_long=True)


def _photograph(cast: Cast, take: Take) -> None:
    page = cast.phone
    page.locator("[data-action=photo]").click()
    page.locator("#photo").wait_for(state="attached")
    _once(cast, take, page, "driver-photo")
    page.locator("#photo").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": _picture_of_door()}
    )
    page.locator("[data-action=send-photo]").wait_for()
    _once(cast, take, page, "driver-photo-taken")
    page.locator("[data-action=send-photo]").click()
    page.locator("[data-action=send-photo]").wait_for(state="detached")


def _picture_of_door() -> bytes:
    """Draw a door with two parcels before it."""
    picture = Image.new("RGB", (1200, 1600), "#b9aa96")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 1250, 1200, 1600), fill="#8d8478")
    draw.rectangle((340, 250, 860, 1250), fill="#2f5d50", outline="#f2f0ea", width=24)
    draw.ellipse((770, 730, 820, 780), fill="#d9c27a")
    draw.rectangle((250, 1120, 560, 1400), fill="#c79a62", outline="#8a6a40", width=6)
    draw.rectangle((520, 1230, 780, 1430), fill="#d3aa74", outline="#8a6a40", width=6)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()


def _give_back(cast: Cast, title: str, take: Take) -> None:
    page = cast.phone
    _once(cast, take, page, "driver-return")
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=give-back]").wait_for()
    if f" at {cast.store}," in title:
        if cast.tablet.get_by_text("Enter your code").count():
            _sign_in_clerk(cast)
        cast.tablet.get_by_role("link", name=re.compile("Take back")).first.click()
        cast.tablet.get_by_role("button", name=re.compile("Parcels are back")).wait_for()
        _once(cast, take, cast.tablet, "desk-returns")
        cast.tablet.get_by_role("button", name=re.compile("Parcels are back")).click()
    else:
        page.locator("[data-action=give-back]").click()
    page.locator("[data-action=give-back]").wait_for(state="detached")


def _see_end(cast: Cast, take: Take) -> None:
    page = cast.phone
    take(page, "driver-finished")
    page.locator("[data-action=seen]").click()
    page.locator("[data-action=account]").click()
    page.locator("[data-action=earnings]").first.wait_for()
    take(page, "driver-account", is_long=True)
    page.locator("[data-action=earnings]").first.click()
    page.wait_for_timeout(800)
    take(page, "driver-earnings", is_long=True)
    if cast.tablet.get_by_text("Enter your code").count():
        _sign_in_clerk(cast)
    take(cast.tablet, "desk-board-evening", is_long=True)
    cast.customer.goto("/t/" + "0" * 44)
    take(cast.customer, "customer-wrong-link")
    office = cast.office
    office.context.clear_cookies()
    _sign_in(office, "/console/today", cast.logins["Dispatcher"], cast.logins["Password"], take)
    office.get_by_role("heading", name="Today").wait_for()
    take(office, "console-today", is_long=True)
