"""What a store asks of handoffs at its counter: set by its manager."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

from flask import redirect, request
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from app.persistence.transaction import session
from app.sites import service as site_service
from app.web.console.forms import submit
from app.web.console.frame import console
from app.web.console.routes import store_page
from app.web.console.scope import my_store
from app.web.handoffs import manager_code_hash
from app.web.limits import limited
from app.web.validation import Body

_MINOR_PER_MAJOR: Final = 100
_CODE_DIGITS: Final = 6


class PolicyForm(Body):
    """The least evidence, the value above which a manager has to agree, and a new code for it."""

    minimum_level: Literal["E0", "E1", "E2", "E3"]
    limit: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{1,7}([.,][0-9]{2})?)?$")
    ]
    manager_code: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{6})?$")]

    @property
    def limit_minor(self) -> int | None:
        """The limit in minor units; None for none."""
        if not self.limit:
            return None
        return int(Decimal(self.limit.replace(",", ".")) * _MINOR_PER_MAJOR)


@console.post("/stores/<store_id>/policy")
@limited("command")
def set_policy(store_id: str) -> ResponseReturnValue:
    found = my_store(store_id)
    typed = request.form.get("manager_code", "").strip()
    # The read transaction ends here, so that none is open while the hash is computed.
    session().rollback()
    is_code = len(typed) == _CODE_DIGITS and typed.isascii() and typed.isdigit()
    hashed = manager_code_hash(typed, store_id) if is_code else None

    def effect(form: PolicyForm, _now: datetime) -> None:
        site_service.set_evidence_policy(
            store_id,
            minimum_level=form.minimum_level,
            code_above_minor=form.limit_minor,
            code_hash=hashed,
        )

    failed = submit(PolicyForm, effect)
    if failed is not None:
        return store_page(found, failed), 422
    return redirect(f"/console/stores/{store_id}?done=policy_set", 303)
