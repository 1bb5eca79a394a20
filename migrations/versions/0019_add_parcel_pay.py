"""Let a line of pay be for parcels, as a hub's rule has it."""

import sqlalchemy as sa
from alembic import op

revision = "0019_add_parcel_pay"
down_revision = "0018_add_waves"
branch_labels = None
depends_on = None

_KNOWN = "kind in ('base','per_mile','per_stop','waiting','floor','raise','guarantee','tip')"
_WIDER = (
    "kind in ('base','per_mile','per_stop','per_parcel','waiting','floor','raise',"
    "'guarantee','tip')"
)


def _check(before: str, after: str) -> None:
    """Put one check of the kinds in place of another, with the table and its triggers as they are.

    SQLite as in 0017: a table made anew could not be exchanged, for its lines refer to each other.
    """
    if op.get_bind().dialect.name == "sqlite":
        version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
        op.execute("PRAGMA writable_schema = ON")
        op.get_bind().execute(
            sa.text(
                "UPDATE sqlite_schema SET sql = replace(sql, :before, :after)"
                " WHERE type = 'table' AND name = 'pay_line'"
            ),
            {"before": before, "after": after},
        )
        op.execute(f"PRAGMA schema_version = {version + 1}")
        op.execute("PRAGMA writable_schema = RESET")
        return
    op.drop_constraint(op.f("ck_pay_line_kind_known"), "pay_line", type_="check")
    op.create_check_constraint(op.f("ck_pay_line_kind_known"), "pay_line", after)


def upgrade() -> None:
    _check(_KNOWN, _WIDER)


def downgrade() -> None:
    # What a run pays stays the same: parcels become stops of the same rate. The guard is put aside
    # for this one statement.
    change = "UPDATE pay_line SET kind = 'per_stop', ref = 'parcels' WHERE kind = 'per_parcel'"
    if op.get_bind().dialect.name == "sqlite":
        guard = (
            op.get_bind()
            .execute(
                sa.text("SELECT sql FROM sqlite_schema WHERE name = 'pay_line_is_never_changed'")
            )
            .scalar_one()
        )
        op.execute("DROP TRIGGER pay_line_is_never_changed")
        op.execute(change)
        op.execute(guard)
    else:
        op.execute("ALTER TABLE pay_line DISABLE TRIGGER pay_line_is_never_changed")
        op.execute(change)
        op.execute("ALTER TABLE pay_line ENABLE TRIGGER pay_line_is_never_changed")
    _check(_WIDER, _KNOWN)
