"""Add phones that are told of runs while they are locked."""

import sqlalchemy as sa
from alembic import op

revision = "0040_add_push_subscriptions"
down_revision = "0039_add_why_cancelled"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column(
            "address",
            sa.Text(),
            nullable=False,
            comment="at the browser's message service; whoever has it can use up battery",
        ),
        sa.Column(
            "public_key",
            sa.Text(),
            nullable=False,
            comment="P-256 point, hex; messages are sealed for it",
        ),
        sa.Column(
            "auth",
            sa.Text(),
            nullable=False,
            comment="secret of 16 bytes, hex; goes into the sealing",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_session.id"],
            name=op.f("fk_push_subscription_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_push_subscription_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("address", name=op.f("uq_push_subscription_address")),
    )
    op.create_index(op.f("ix_push_subscription_session_id"), "push_subscription", ["session_id"])
    op.create_index(op.f("ix_push_subscription_person_id"), "push_subscription", ["person_id"])


def downgrade() -> None:
    op.drop_table("push_subscription")
