"""Add what carriers bring to hubs and stations, where it lies, and a hub's own drivers."""

import sqlalchemy as sa
from alembic import op

revision = "0017_add_inbound"
down_revision = "0016_add_erasure"
branch_labels = None
depends_on = None

_KNOWN = "holder_kind in ('store','driver','customer')"
_WIDER = "holder_kind in ('store','driver','customer','carrier')"


def _check(before: str, after: str) -> None:
    """Put one check of the parcels' holder in place of another, with the table as it stands.

    SQLite cannot change a check, and a table made anew loses what refers to the old one. Its own
    documentation names this way for a change that leaves what is stored alone (ALTER TABLE, 7).
    """
    if op.get_bind().dialect.name == "sqlite":
        version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
        op.execute("PRAGMA writable_schema = ON")
        op.get_bind().execute(
            sa.text(
                "UPDATE sqlite_schema SET sql = replace(sql, :before, :after)"
                " WHERE type = 'table' AND name = 'parcel'"
            ),
            {"before": before, "after": after},
        )
        op.execute(f"PRAGMA schema_version = {version + 1}")
        op.execute("PRAGMA writable_schema = RESET")
        return
    op.drop_constraint(op.f("ck_parcel_holder_known"), "parcel", type_="check")
    op.create_check_constraint(op.f("ck_parcel_holder_known"), "parcel", after)


def upgrade() -> None:
    _check(_KNOWN, _WIDER)
    with op.batch_alter_table("parcel", recreate="never") as parcel:
        parcel.add_column(
            sa.Column(
                "place",
                sa.Text(),
                nullable=True,
                comment="the hub's shelf or the station's bay that it was put on",
            )
        )
        parcel.add_column(sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.add_column(
            sa.Column(
                "carrier_ref",
                sa.Text(),
                nullable=True,
                comment="what the carrier who brings it to a hub calls it",
            )
        )
    op.create_index("ix_delivery_carrier_ref", "delivery", ["store_id", "carrier_ref"])
    # In one statement, as SQLite takes it: a column with what it refers to. Sites are not deleted.
    op.execute(
        "ALTER TABLE driver ADD COLUMN hub_id TEXT CONSTRAINT fk_driver_hub_id REFERENCES site (id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "driver",
            "hub_id",
            comment="the hub whose own driver this is: works there and nowhere else",
        )
    op.create_table(
        "intake",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="of the parcel"),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("evidence_kind", sa.Text(), nullable=False, comment="label | carrier_code"),
        sa.Column("desk_kid", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level in ('E0','E1')", name=op.f("ck_intake_level_known")),
        sa.CheckConstraint(
            "evidence_kind in ('label','carrier_code')", name=op.f("ck_intake_evidence_known")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_intake_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_intake_store_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_intake_delivery_id_number")),
    )


def downgrade() -> None:
    op.drop_table("intake")
    with op.batch_alter_table("driver", recreate="never") as driver:
        driver.drop_column("hub_id")
    op.drop_index("ix_delivery_carrier_ref", "delivery")
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.drop_column("carrier_ref")
    with op.batch_alter_table("parcel", recreate="never") as parcel:
        parcel.drop_column("placed_at")
        parcel.drop_column("place")
    # The older schema knows no carrier: what is on its way in counts as the store's.
    op.execute(
        "UPDATE parcel SET holder_kind = 'store', holder_id = (SELECT delivery.store_id"
        " FROM delivery WHERE delivery.id = parcel.delivery_id) WHERE holder_kind = 'carrier'"
    )
    _check(_WIDER, _KNOWN)
