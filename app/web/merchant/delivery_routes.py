"""What a merchant does with one delivery on the page: print its labels, cancel it."""

from datetime import datetime

from flask import redirect
from flask.typing import ResponseReturnValue

from app import slow_calls
from app.api.v1.file_routes import file_response
from app.persistence.transaction import session
from app.runs import cancelling
from app.sites.labels import labels_pdf
from app.web.clerk.labels import label_words, labels_of
from app.web.console.forms import CancelForm, submit
from app.web.limits import limited
from app.web.merchant.day_routes import delivery_page
from app.web.merchant.frame import merchant
from app.web.merchant.scope import as_me, my_delivery


@merchant.get("/deliveries/<delivery_id>/labels.pdf")
@limited("page")
def labels(delivery_id: str) -> ResponseReturnValue:
    drawn = labels_of(my_delivery(delivery_id))
    session().rollback()
    content = slow_calls.run(labels_pdf, drawn, label_words())
    return file_response(content, "application/pdf", "labels.pdf")


@merchant.post("/deliveries/<delivery_id>/cancel")
@limited("command")
def cancel(delivery_id: str) -> ResponseReturnValue:
    store_id = my_delivery(delivery_id).store_id

    def effect(form: CancelForm, now: datetime) -> None:
        cancelling.cancel_delivery(
            delivery_id, store_id=store_id, reason=form.cause, note=form.note, act=as_me(now)
        )

    failed = submit(CancelForm, effect)
    if failed:
        return delivery_page(delivery_id, failed), 422
    return redirect(f"/merchant/deliveries/{delivery_id}?done=cancelled", 303)
