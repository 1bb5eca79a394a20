"""Rows per second of an uploaded table, from its bytes to placed deliveries.

Beside it the least that an import can be: the csv module, pydantic, and one row each in one
transaction. Ours places each order alone, so that a bad one holds up no other, with recipient,
parcel and event.
"""

import csv
import io
import time
from collections.abc import Iterator

from sqlalchemy import Column, MetaData, String, Table, insert

from app import clock
from app.api.v1.bodies import CreateDelivery
from app.deliveries import uploads
from app.deliveries.models import OrderUpload
from app.domain.table_files import read_table
from app.jobs.handlers import HANDLERS
from app.jobs.worker import run_due
from app.persistence.ids import new_id
from app.persistence.transaction import session, transaction
from app.web.merchant.order_rows import written
from app.web.merchant.upload_routes import checked_rows, table_of
from bench.figures import Figure, say
from bench.stage import Stage, stages
from tests.promises import crowd
from tests.promises.crowd import Place

ROWS = 1_000
HEADINGS = ("order", "store", "name", "phone", "street", "city", "postal code", "lat", "lon")
BARE = Table("bare_row", MetaData(), Column("id", String, primary_key=True), Column("body", String))


def measure() -> Iterator[Figure]:
    """Measure on both engines: reading and checking, then placing."""
    for engine in ("sqlite", "postgres"):
        say(f"order_rows {engine}")
        with stages(engine) as make:
            stage = make("product")
            with stage.app.app_context(), transaction():
                place = crowd.add_place()
            content = _table(place)
            checked_s, placed_s = _ours(stage, place, content)
            bare_s = _bare(stage, place, content)
        ours, peer = ROWS / (checked_s + placed_s), ROWS / bare_s
        yield Figure(
            name=f"order_rows_{engine}",
            ours=f"{ours:.0f}/s",
            peer=f"{peer:.0f}/s",
            ratio=ours / peer,
            judged=ours / peer,
        )
        yield Figure(
            name=f"order_rows_checked_{engine}",
            ours=f"{ROWS / checked_s:.0f}/s",
            judged=ROWS / checked_s,
        )


def _table(place: Place) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for number in range(ROWS):
        door = (f"{100 + number} N Dobson Rd", "Chandler", "85224", 33.318, -111.885)
        writer.writerow((f"order-{number}", place.store_id, "Cleo Cruz", "+1 480 555 0101", *door))
    return text.getvalue().encode()


def _ours(stage: Stage, place: Place, content: bytes) -> tuple[float, float]:
    """Return the seconds of reading and checking, and those of placing."""
    with stage.app.app_context():
        blobs, now = stage.app.extensions["mallrun_blobs"], clock.now()
        began = time.perf_counter()
        rows = read_table(content)
        with transaction():
            upload = uploads.add(
                rows,
                merchant_id=place.merchant_id,
                person_id="per_bench",
                file_name="orders.csv",
                blob_key=blobs.put(content),
                now=now,
            )
            upload_id = upload.id
        row = uploads.own(upload_id, place.merchant_id)
        rows_checked = checked_rows(row, table_of(row))
        checked = time.perf_counter()
        with transaction():
            mine = uploads.own(upload_id, place.merchant_id)
            uploads.start(mine, blobs.put(written(rows_checked)), now=now)
        # Runs of these orders are another figure's.
        placing = dict.fromkeys(HANDLERS, _later) | {uploads.PLACE: HANDLERS[uploads.PLACE]}
        while session().get_one(OrderUpload, upload_id).done_at is None:
            session().rollback()
            run_due(placing, limit=1)
        placed = time.perf_counter()
        done = session().get_one(OrderUpload, upload_id)
        if done.ordered_count != ROWS:
            message = f"only {done.ordered_count} of {ROWS} rows were ordered"
            raise RuntimeError(message)
    return checked - began, placed - checked


def _later(**_arguments: object) -> None:
    pass


def _bare(stage: Stage, place: Place, content: bytes) -> float:
    with stage.app.app_context():
        engine = stage.app.extensions["sqlalchemy"].engine
        with engine.begin() as connection:
            BARE.metadata.create_all(connection)
        began = time.perf_counter()
        with transaction():
            for told in csv.DictReader(io.StringIO(content.decode())):
                door = {name: told[name] for name in ("street", "city")}
                door |= {"postal_code": told["postal code"]}
                order = CreateDelivery.model_validate(
                    {
                        "store_id": place.store_id,
                        "merchant_ref": told["order"],
                        "recipient": {"name": told["name"], "phone": told["phone"]},
                        "dropoff": door | {"lat": float(told["lat"]), "lon": float(told["lon"])},
                    }
                )
                values = {"id": new_id("dlv"), "body": order.model_dump_json()}
                session().connection().execute(insert(BARE), values)
        return time.perf_counter() - began
