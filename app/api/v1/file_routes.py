"""What belongs to a delivery and is taken away as a file: labels, proof, custody."""

import json
from zoneinfo import ZoneInfo

from flask import Response, current_app

from app import clock, slow_calls
from app.api.v1 import bodies
from app.api.v1.asking import my_merchant
from app.api.v1.operation import Operation, operation
from app.api.v1.present import custody_out
from app.api.v1.shapes import CustodyOut, LogProof
from app.deliveries import ordering
from app.deliveries.queries import Delivery
from app.domain.api_key import Scope
from app.domain.epcis import EXPORTED, Shipment, Step, epcis_document
from app.domain.errors import DomainError
from app.domain.events import FOR_PROOFS, EventType
from app.eventlog import queries as eventlog
from app.eventlog.proof import delivery_proof
from app.eventlog.service import facts_of
from app.handoffs import queries as handoffs
from app.keys import Keys
from app.persistence.transaction import session
from app.sites import queries as sites
from app.sites.labels import label_png, labels_pdf
from app.web.clerk.labels import label_words, labels_of
from app.web.proof import proof_document

GROUP = "Files"


def file_response(content: bytes, media_type: str, name: str) -> Response:
    """Return a file that no browser takes for a page."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/label.pdf",
        name="readLabels",
        summary="Labels of all parcels, 4×6 inch pages",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer="application/pdf",
    )
)
def label_pdf(delivery_id: str) -> Response:
    labels = labels_of(ordering.own_delivery(delivery_id, my_merchant()))
    session().rollback()
    content = slow_calls.run(labels_pdf, labels, label_words())
    return file_response(content, "application/pdf", "labels.pdf")


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/label.png",
        name="readLabel",
        summary="Label of one parcel, 812×1218 dots",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        query=bodies.OneParcel,
        answer="image/png",
    )
)
def label_picture(delivery_id: str, query: bodies.OneParcel) -> Response:
    labels = labels_of(ordering.own_delivery(delivery_id, my_merchant()))
    if query.parcel > len(labels):
        raise DomainError("not_found")
    session().rollback()
    content = slow_calls.run(label_png, labels[query.parcel - 1], label_words())
    return file_response(content, "image/png", f"label-{query.parcel}.png")


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/proof.jpg",
        name="readProofPhoto",
        summary="Photo from the door",
        description="Kept for 30 days. `not_found` while there is none.",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer="image/jpeg",
    )
)
def proof_photo(delivery_id: str) -> Response:
    row = ordering.own_delivery(delivery_id, my_merchant())
    found = handoffs.final_proof(row.id)
    content = current_app.extensions["mallrun_blobs"].get(found.blob_key) if found else None
    if content is None:
        raise DomainError("not_found")
    return file_response(content, "image/jpeg", "delivered.jpg")


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/custody",
        name="readCustody",
        summary="Through whose hands the parcels went",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer=CustodyOut,
    )
)
def read_custody(delivery_id: str) -> CustodyOut:
    return custody_out(ordering.own_delivery(delivery_id, my_merchant()))


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/custody/proof",
        name="readCustodyProof",
        summary="Proof that this history is whole",
        description="Save it and check it with `verify_proof.py` from the start page.",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        query=bodies.SinceAnchor,
        answer=LogProof,
    )
)
def read_custody_proof(delivery_id: str, query: bodies.SinceAnchor) -> LogProof:
    row = ordering.own_delivery(delivery_id, my_merchant())
    keys: Keys = current_app.extensions["mallrun_keys"]
    found = delivery_proof(row.id, anchor=query.anchor)
    document = proof_document(found, handle=row.handle, keys=keys, readable=FOR_PROOFS)
    return LogProof(**document)


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}/epcis",
        name="readEpcis",
        summary="Custody as an EPCIS 2.0 document (JSON-LD)",
        description="Valid against GS1's JSON schema. Names nobody: parties are fragments of the "
        "delivery's address. `mallrun:` members hold evidence, level and the head of the chain.",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer="application/ld+json",
    )
)
def read_epcis(delivery_id: str) -> Response:
    row = ordering.own_delivery(delivery_id, my_merchant())
    steps = [
        Step(
            id=each.id,
            type=EventType(each.type),
            seq=each.seq,
            occurred_at=each.occurred_at,
            received_at=each.received_at,
            facts=facts_of(each.record),
            head=each.head,
        )
        for each in eventlog.timeline(row.id, EXPORTED)
    ]
    document = epcis_document(_shipment(row), steps, made_at=clock.now())
    return Response(json.dumps(document), mimetype="application/ld+json")


def _shipment(row: Delivery) -> Shipment:
    api = f"{current_app.extensions['mallrun_settings'].public_url}/api/v1"
    return Shipment(
        address=f"{api}/deliveries/{row.id}",
        store_address=f"{api}/stores/{row.store_id}",
        vocabulary=f"{api}/docs#",
        merchant_ref=row.merchant_ref,
        parcel_count=row.parcel_count,
        timezone=ZoneInfo(sites.sites_by_id({row.site_id})[row.site_id].timezone),
    )
