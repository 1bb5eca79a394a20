"""A delivery for the merchant's own e-mails, as mail programs read it."""

from collections.abc import Mapping
from typing import Final

from babel.core import get_global
from flask import current_app

from app.api.v1.asking import my_merchant
from app.api.v1.file_routes import GROUP
from app.api.v1.operation import Operation, operation
from app.api.v1.shapes import MarkupOut
from app.deliveries import ordering
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.api_key import Scope
from app.domain.delivery import DeliveryStatus
from app.domain.parcel_markup import Announced, Ordered, parcel_delivery, script_of
from app.keys import Keys
from app.sites import queries as sites
from app.tracking.links import tracking_token
from app.web.texts import N_, ngettext
from app.web.texts import gettext as _

#: For customers, in the words of the tracking page.
_STATUSES: Final = {
    DeliveryStatus.CREATED: N_("Ordered"),
    DeliveryStatus.READY_FOR_PICKUP: N_("Ordered"),
    DeliveryStatus.ENROUTE_TO_PICKUP: N_("Driver found"),
    DeliveryStatus.ARRIVED_AT_PICKUP: N_("Driver found"),
    DeliveryStatus.PICKED_UP: N_("Collected"),
    DeliveryStatus.ENROUTE_TO_DROPOFF: N_("On the way"),
    DeliveryStatus.ARRIVED_AT_DROPOFF: N_("On the way"),
    DeliveryStatus.DELIVERED: N_("Delivered"),
    DeliveryStatus.ENROUTE_TO_RETURN: N_("Coming back to the store"),
    DeliveryStatus.ARRIVED_AT_RETURN: N_("Coming back to the store"),
    DeliveryStatus.RETURNED: N_("Back at the store"),
    DeliveryStatus.CANCELLED: N_("Cancelled"),
    DeliveryStatus.LOST: N_("Lost"),
}


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/markup",
        name="readMarkup",
        summary="Markup for your e-mails (schema.org ParcelDelivery)",
        description="Mail programs show customers where their parcel is. It holds the address: put "
        "it into e-mails to the customer, never into a page.",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer=MarkupOut,
    )
)
def read_markup(delivery_id: str) -> MarkupOut:
    row = ordering.own_delivery(delivery_id, my_merchant())
    document = parcel_delivery(_announced(row), _ordered(row))
    return MarkupOut(html=script_of(document), document=document)


def _announced(row: Delivery) -> Announced:
    store, status = sites.stores_by_id({row.store_id})[row.store_id], DeliveryStatus(row.status)
    keys: Keys = current_app.extensions["mallrun_keys"]
    url = current_app.extensions["mallrun_settings"].public_url
    return Announced(
        tracking_url=f"{url}/t/{tracking_token(row, keys.mac('tracking'))}",
        store=store.name,
        status=status,
        headline=_(_STATUSES[status]),
        window_from=row.window_from,
        window_until=row.told_until,
    )


def _ordered(row: Delivery) -> Ordered:
    site, person = sites.sites_by_id({row.site_id})[row.site_id], deliveries.recipient(row.id)
    territories: Mapping[str, str] = get_global("zone_territories")
    parcels = ngettext("{n} parcel", "{n} parcels", row.parcel_count)
    return Ordered(
        merchant_ref=row.merchant_ref or row.id,
        parcels=parcels.format(n=row.parcel_count),
        recipient=person.name if person is not None else "",
        street=person.street if person is not None else "",
        unit=person.unit if person is not None else "",
        city=row.city,
        state=site.state,
        postal_code=row.postal_code,
        country=territories.get(site.timezone, ""),
    )
