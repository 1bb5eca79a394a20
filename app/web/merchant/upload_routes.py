"""Orders from a spreadsheet: upload, match the columns, see every bad cell, order the good rows."""

from datetime import datetime
from typing import Any, Final

from flask import Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from app import slow_calls
from app.deliveries import ordering, uploads
from app.deliveries.uploads import OrderUpload
from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.order_columns import FIELDS, missing
from app.domain.table_files import Rows, read_table
from app.persistence.transaction import session
from app.sites import addresses
from app.sites import queries as sites
from app.web.console.forms import carry_out
from app.web.limits import limited
from app.web.merchant.frame import merchant, page
from app.web.merchant.order_rows import Checked, Place, Stores, check_rows, written
from app.web.merchant.scope import me
from app.web.problems import words_of
from app.web.spreadsheet import csv_response, text_cell
from app.web.texts import N_
from app.web.texts import gettext as _

FIELD_WORDS: Final = {
    "merchant_ref": N_("Order number"),
    "store": N_("Store"),
    "name": N_("Recipient"),
    "phone": N_("Phone"),
    "street": N_("Street and number"),
    "unit": N_("Apartment"),
    "city": N_("City"),
    "postal_code": N_("Postal code"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "parcel_count": N_("Parcels"),
    "instructions": N_("Instructions"),
    "leave_at_door": N_("Leave at the door"),
    "proof": N_("Proof"),
    "value": N_("Value of the goods"),
    "tip": N_("Tip"),
}
#: Of an empty table: each is understood, in the order in which an order is read.
HEADINGS: Final = {
    "merchant_ref": "order",
    "store": "store",
    "name": "name",
    "phone": "phone",
    "street": "street",
    "unit": "apartment",
    "city": "city",
    "postal_code": "postal code",
    "lat": "latitude",
    "lon": "longitude",
    "parcel_count": "parcels",
    "instructions": "notes",
    "leave_at_door": "leave at door",
    "proof": "proof",
    "value": "value",
    "tip": "tip",
}
_SHOWN: Final = 50
_NAME_MAX: Final = 120


@merchant.get("/uploads")
@limited("page")
def uploaded() -> ResponseReturnValue:
    return uploads_page()


def uploads_page(refusal: DomainError | None = None) -> str:
    """Render the form for a file and what was uploaded of late."""
    words = words_of(refusal.code, dict(refusal.facts)) if refusal is not None else None
    return page(
        "uploads",
        uploads=uploads.recent(me().merchant_id),
        refusal=words,
        needed=[_(FIELD_WORDS[name]) for name, is_needed in FIELDS.items() if is_needed],
        more=[_(FIELD_WORDS[name]) for name, is_needed in FIELDS.items() if not is_needed],
    )


@merchant.get("/uploads/empty.csv")
@limited("page")
def empty_table() -> Response:
    return csv_response("mallrun-orders.csv", [list(HEADINGS.values())])


@merchant.post("/uploads")
@limited("command")
def upload() -> ResponseReturnValue:
    who, file = me(), request.files.get("table")
    content = file.read() if file is not None else b""
    session().rollback()
    try:
        rows = slow_calls.run_heavy(read_table, content)
    except DomainError as refusal:
        return uploads_page(refusal), refusal.problem.status
    blob_key = current_app.extensions["mallrun_blobs"].put(content)
    name = "".join(
        letter for letter in (file.filename if file else "") or "" if letter.isprintable()
    )
    made: list[str] = []

    def effect(now: datetime) -> None:
        row = uploads.add(
            rows,
            merchant_id=who.merchant_id,
            person_id=who.person_id,
            file_name=name[:_NAME_MAX],
            blob_key=blob_key,
            now=now,
        )
        made[:] = [row.id]

    carry_out(effect)
    return redirect(f"/merchant/uploads/{made[0]}", 303)


@merchant.get("/uploads/<upload_id>")
@limited("page")
def preview(upload_id: str) -> ResponseReturnValue:
    row = uploads.own(upload_id, me().merchant_id)
    if row.started_at is not None:
        return page("upload_progress", upload=row)
    rows = table_of(row)
    columns = uploads.columns_of(row)
    lacking = [_(FIELD_WORDS[name]) for name in missing(columns)]
    checked = [] if lacking else checked_rows(row, rows)
    bad = [each for each in checked if not each.is_good]
    refs = [each.merchant_ref for each in checked if each.is_good]
    return page(
        "upload",
        upload=row,
        headings=list(enumerate(rows[0])),
        fields=[(name, _(FIELD_WORDS[name]), FIELDS[name]) for name in FIELDS],
        columns=columns,
        lacking=lacking,
        good=len(checked) - len(bad),
        known=known_count(row.merchant_id, refs),
        bad=len(bad),
        shown=[_shown(each, columns) for each in (bad or checked)[:_SHOWN]],
    )


@merchant.get("/uploads/<upload_id>/refused.csv")
@limited("page")
def refused_rows(upload_id: str) -> Response:
    """Return the rows that cannot be ordered as they came, each with what is wrong with it."""
    row = uploads.own(upload_id, me().merchant_id)
    rows = table_of(row)
    checked = [] if missing(uploads.columns_of(row)) else checked_rows(row, rows)
    width = len(rows[0])
    lines = [
        [*map(text_cell, (*each.cells, *[""] * width)[:width]), _reasons(each)]
        for each in checked
        if not each.is_good
    ]
    head = [*map(text_cell, rows[0]), _("What is wrong")]
    return csv_response("mallrun-refused.csv", [head, *lines])


def _reasons(each: Checked) -> str:
    return "; ".join(f"{_(FIELD_WORDS[name])}: {said}" for name, said in each.words().items())


def table_of(row: OrderUpload) -> Rows:
    """Return an upload's rows.

    Raises:
        DomainError: `not_found` once its file was erased.
    """
    content = current_app.extensions["mallrun_blobs"].get(row.blob_key)
    if content is None:
        raise DomainError("not_found")
    return slow_calls.run_heavy(read_table, content)


def checked_rows(row: OrderUpload, rows: Rows) -> list[Checked]:
    """Return an upload's rows, checked."""
    stores, places = surroundings(row.merchant_id)
    return slow_calls.run_heavy(check_rows, rows, uploads.columns_of(row), stores, places)


def surroundings(merchant_id: str) -> tuple[Stores, dict[str, Place]]:
    """Return what rows are checked against: a merchant's stores, and what is known around each."""
    found = sites.stores_of_merchant(merchant_id)
    at = sites.sites_by_id({store.site_id for store in found})
    stores = Stores.called([(each.id, each.name, at[each.site_id].name) for each in found])
    known = {site_id: addresses.known_keys(site_id) for site_id in {each.site_id for each in found}}
    places = {each.id: Place(Point(each.lat, each.lon), known[each.site_id]) for each in found}
    return stores, places


def known_count(merchant_id: str, refs: list[str]) -> int:
    """Return how many order numbers are deliveries already."""
    pieces = (refs[start : start + 500] for start in range(0, len(refs), 500))
    return sum(len(ordering.known_orders(merchant_id, piece)) for piece in pieces)


def _shown(each: Checked, columns: dict[str, int]) -> dict[str, Any]:
    wrong = each.words()
    cells = [
        {
            "field": _(FIELD_WORDS[name]),
            "text": each.cells[columns[name]]
            if name in columns and columns[name] < len(each.cells)
            else "",
            "wrong": wrong.get(name, ""),
        }
        for name in FIELDS
        if name in columns or name in wrong
    ]
    return {"number": each.number, "cells": cells}


@merchant.post("/uploads/<upload_id>/columns")
@limited("command")
def choose_columns(upload_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    chosen = {
        name: int(request.form[name])
        for name in FIELDS
        if request.form.get(name, "").isdecimal() and len(request.form[name]) < 4
    }
    carry_out(lambda _now: uploads.choose_columns(uploads.own(upload_id, merchant_id), chosen))
    return redirect(f"/merchant/uploads/{upload_id}", 303)


@merchant.post("/uploads/<upload_id>/order")
@limited("command")
def order_rows(upload_id: str) -> ResponseReturnValue:
    merchant_id = me().merchant_id
    row = uploads.own(upload_id, merchant_id)
    if missing(uploads.columns_of(row)):
        raise DomainError("table_columns")
    checked = checked_rows(row, table_of(row))
    session().rollback()
    key = current_app.extensions["mallrun_blobs"].put(slow_calls.run_heavy(written, checked))
    carry_out(lambda now: uploads.start(uploads.own(upload_id, merchant_id), key, now=now))
    return redirect(f"/merchant/uploads/{upload_id}", 303)
