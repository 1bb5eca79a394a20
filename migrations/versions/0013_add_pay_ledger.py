"""Make pay a ledger: new kinds of lines, corrections that refer, and lines that stay."""

import sqlalchemy as sa
from alembic import op

revision = "0013_add_pay_ledger"
down_revision = "0012_add_evidence_policy"
branch_labels = None
depends_on = None

#: Whoever holds a run, or has finished it, keeps every line of its pay.
_OF_A_DRIVER = "EXISTS (SELECT 1 FROM run WHERE run.id = OLD.run_id AND run.driver_id IS NOT NULL)"
_WORDS = "pay of a claimed run is only added to"
_GUARDS = {
    "sqlite": tuple(
        f"""
        CREATE TRIGGER pay_line_is_never_{name} BEFORE {change} ON pay_line WHEN {_OF_A_DRIVER}
        BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
        """
        for name, change in (("changed", "UPDATE"), ("deleted", "DELETE"))
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION refuse_pay_line_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF {_OF_A_DRIVER} THEN RAISE EXCEPTION '{_WORDS}'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER pay_line_is_never_changed BEFORE UPDATE OR DELETE ON pay_line
        FOR EACH ROW EXECUTE FUNCTION refuse_pay_line_change()
        """,
    ),
}
_UNGUARD = {
    "sqlite": (
        "DROP TRIGGER pay_line_is_never_changed",
        "DROP TRIGGER pay_line_is_never_deleted",
    ),
    "postgresql": (
        "DROP TRIGGER pay_line_is_never_changed ON pay_line",
        "DROP FUNCTION refuse_pay_line_change()",
    ),
}
_COMMENTS = {
    "ref": (
        "delivery id of a tip, else empty",
        "delivery id of a tip, stop id of a wait, else empty",
    ),
    "quantity": (
        "metres for per_mile, stops for per_stop, else 1",
        "metres for per_mile, stops for per_stop, seconds for waiting and guarantee, else 1",
    ),
    "unit_minor": (
        "rate per mile or stop, else the amount",
        "rate per mile, stop, minute or hour, the minimum for floor, else the amount",
    ),
}
_FIRST = {
    "sqlite_where": sa.text("corrects_id is null"),
    "postgresql_where": sa.text("corrects_id is null"),
}


def upgrade() -> None:
    # What a correction refers to; SQLite wants it before the table that refers to it.
    op.create_index("uq_pay_line_corrected", "pay_line", ["id", "run_id", "kind"], unique=True)
    # Made anew on SQLite: nothing refers to this table.
    with op.batch_alter_table("pay_line") as line:
        line.add_column(
            sa.Column(
                "corrects_id", sa.Text(), nullable=True, comment="the line that this one corrects"
            )
        )
        line.drop_constraint(op.f("ck_pay_line_kind_known"), type_="check")
        line.drop_constraint(op.f("ck_pay_line_amount_not_negative"), type_="check")
        line.drop_constraint(op.f("uq_pay_line_run_id_kind_ref"), type_="unique")
        line.create_check_constraint(
            op.f("ck_pay_line_kind_known"),
            "kind in ('base','per_mile','per_stop','waiting','floor','raise','guarantee','tip')",
        )
        line.create_check_constraint(
            op.f("ck_pay_line_amount_not_negative"),
            "amount_minor >= 0 or (kind = 'tip' and corrects_id is not null)",
        )
        line.create_check_constraint(
            op.f("ck_pay_line_tip_has_delivery"), "kind <> 'tip' or ref <> ''"
        )
        line.create_unique_constraint(op.f("uq_pay_line_corrects_id"), ["corrects_id"])
        line.create_foreign_key(
            op.f("fk_pay_line_corrects_id"),
            "pay_line",
            ["corrects_id", "run_id", "kind"],
            ["id", "run_id", "kind"],
        )
    op.create_index("ix_pay_line_run", "pay_line", ["run_id"])
    op.create_index(
        "uq_pay_line_first", "pay_line", ["run_id", "kind", "ref"], unique=True, **_FIRST
    )
    _comment(1)
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _comment(which: int) -> None:
    """Put the comments of before (0) or of this revision (1); SQLite has none."""
    if op.get_bind().dialect.name == "postgresql":
        for column, words in _COMMENTS.items():
            op.alter_column("pay_line", column, comment=words[which])


def downgrade() -> None:
    for statement in _UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    _comment(0)
    op.drop_index("uq_pay_line_first", table_name="pay_line", **_FIRST)
    op.drop_index("ix_pay_line_run", table_name="pay_line")
    # The older schema knows fewer kinds and no corrections; what a run pays stays the same.
    op.execute(
        "UPDATE pay_line SET ref = kind || ':' || ref, kind = 'base'"
        " WHERE kind IN ('waiting','floor','raise','guarantee')"
    )
    with op.batch_alter_table("pay_line") as line:
        line.drop_constraint(op.f("fk_pay_line_corrects_id"), type_="foreignkey")
        line.drop_constraint(op.f("uq_pay_line_corrects_id"), type_="unique")
        line.drop_constraint(op.f("ck_pay_line_tip_has_delivery"), type_="check")
        line.drop_constraint(op.f("ck_pay_line_amount_not_negative"), type_="check")
        line.drop_constraint(op.f("ck_pay_line_kind_known"), type_="check")
    op.drop_index("uq_pay_line_corrected", table_name="pay_line")
    op.execute(
        "UPDATE pay_line SET amount_minor = (SELECT sum(each.amount_minor) FROM pay_line AS each"
        " WHERE each.run_id = pay_line.run_id AND each.kind = 'tip' AND each.ref = pay_line.ref)"
        " WHERE kind = 'tip' AND corrects_id IS NULL"
    )
    op.execute("DELETE FROM pay_line WHERE corrects_id IS NOT NULL")
    with op.batch_alter_table("pay_line") as line:
        line.drop_column("corrects_id")
        line.create_check_constraint(
            op.f("ck_pay_line_kind_known"), "kind in ('base','per_mile','per_stop','tip')"
        )
        line.create_check_constraint(op.f("ck_pay_line_amount_not_negative"), "amount_minor >= 0")
        line.create_unique_constraint(
            op.f("uq_pay_line_run_id_kind_ref"), ["run_id", "kind", "ref"]
        )
