"""Add handoffs, proofs and shown release codes."""

import sqlalchemy as sa
from alembic import op

revision = "0005_add_handoffs"
down_revision = "0004_add_stops"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_release",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("desk_kid", sa.BigInteger(), nullable=False),
        sa.Column("clerk_number", sa.BigInteger(), nullable=False),
        sa.Column("short_code", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_shown_release_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_shown_release_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_release")),
        sa.UniqueConstraint("desk_kid", "nonce", name=op.f("uq_shown_release_desk_kid_nonce")),
    )
    op.create_index(
        "ix_shown_release_driver", "shown_release", ["driver_id", "short_code"], unique=False
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("from_kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Text(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(), nullable=False),
        sa.Column("parcel_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "evidence_kind",
            sa.Text(),
            nullable=False,
            comment="release_code, short_code, customer_code, pin, photo, assertion, none",
        ),
        sa.Column("token", sa.Text(), nullable=True, comment="the code's text as it was scanned"),
        sa.Column("nonce", sa.Text(), nullable=True, comment="nonce of the token, hex"),
        sa.Column("desk_kid", sa.BigInteger(), nullable=True),
        sa.Column("clerk_number", sa.BigInteger(), nullable=True),
        sa.Column(
            "flags", sa.Text(), nullable=False, comment="comma-separated: stale_pair, clock_ahead …"
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "released_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the desk's own statement, when it came",
        ),
        sa.CheckConstraint(
            "kind in ('pickup','dropoff','return')", name=op.f("ck_handoff_kind_known")
        ),
        sa.CheckConstraint("level in ('E0','E1','E2','E3')", name=op.f("ck_handoff_level_known")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_handoff_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_handoff_run_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint(
            "delivery_id", "kind", "epoch", name=op.f("uq_handoff_delivery_id_kind_epoch")
        ),
        sa.UniqueConstraint(
            "delivery_id", "kind", "nonce", name=op.f("uq_handoff_delivery_id_kind_nonce")
        ),
    )
    op.create_table(
        "proof",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("handoff_id", sa.Text(), nullable=True),
        sa.Column("blob_key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_proof_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_proof_driver_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoff.id"], name=op.f("fk_proof_handoff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_delivery", "proof", ["delivery_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_proof_delivery", table_name="proof")
    op.drop_table("proof")
    op.drop_table("handoff")
    op.drop_index("ix_shown_release_driver", table_name="shown_release")
    op.drop_table("shown_release")
