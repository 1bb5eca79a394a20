"""What stands on a parcel's label, in the reader's language."""

import hmac
from functools import lru_cache, partial
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from flask import current_app

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.area import area_label
from app.domain.geo import Point
from app.domain.tokens import encode_label, short_code
from app.domain.tracking_answer import Span
from app.keys import Keys
from app.sites import queries as sites
from app.sites.labels import Label, LabelWords
from app.web.formats import spoken_area
from app.web.language import chosen_locale
from app.web.texts import gettext as _
from app.web.times import Times

#: Deliveries whose labels' codes are remembered: some hundred bytes each.
_KNOWN_LABELS: Final = 5_000


def labels_of(row: Delivery) -> list[Label]:
    """Return a delivery's labels, one per parcel: first name and area, never street or phone."""
    store, site = sites.store(row.store_id), sites.site(row.site_id)
    if store is None or site is None:
        message = "a delivery without site or store"
        raise LookupError(message)
    mac = current_app.extensions["mallrun_keys"].mac("label")
    person = deliveries.recipient(row.id)
    zone = ZoneInfo(site.timezone)
    locale = Locale.parse(chosen_locale())
    times = Times(now=row.created_at, timezone=site.timezone, locale=locale)
    area = area_label(row.postal_code, Point(row.lat, row.lon), Point(site.lat, site.lon))
    texts = [
        encode_label(row.handle, number, row.parcel_count, mac)
        for number in range(1, row.parcel_count + 1)
    ]
    return [
        Label(
            store_name=store.name,
            site_name=site.name,
            recipient_first_name=person.first_name if person is not None else "",
            area=spoken_area(area),
            parcel_no=number,
            parcel_of=row.parcel_count,
            code_text=text,
            readable_code=short_code(text),
            merchant_ref=row.merchant_ref or "",
            window_text=times.span(Span(row.window_from, row.told_until)),
            created_text=format_datetime(
                row.created_at, "short", tzinfo=zone, locale=chosen_locale()
            ),
        )
        for number, text in enumerate(texts, start=1)
    ]


def label_codes(row: Delivery) -> list[str]:
    """Return what stands on each parcel's label to read out, by the parcel's number."""
    keys: Keys = current_app.extensions["mallrun_keys"]
    return list(_codes(row.handle, row.parcel_count, keys.derive("label")))


@lru_cache(maxsize=_KNOWN_LABELS)
def _codes(handle: str, count: int, key: bytes) -> tuple[str, ...]:
    """Labels never change, and a desk's board asks for all of them again with every change."""
    mac = partial(hmac.digest, key, digest="sha256")
    return tuple(short_code(encode_label(handle, n, count, mac)) for n in range(1, count + 1))


def label_words() -> LabelWords:
    """Return the label's fixed words."""
    return LabelWords(
        recipient=_("For"),
        parcel=_("Parcel"),
        window=_("Deliver"),
        short_code=_("Code"),
        reference=_("Order"),
        created=_("Ordered"),
    )
