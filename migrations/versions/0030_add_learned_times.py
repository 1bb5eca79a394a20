"""Add what is learned from finished runs about how long things take."""

import sqlalchemy as sa
from alembic import op

revision = "0030_add_learned_times"
down_revision = "0029_add_quoted_orders"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_TO_LEARN = sa.text("status = 'finished' and learned_at is null")


def upgrade() -> None:
    op.add_column(
        "run",
        sa.Column(
            "learned_at",
            _INSTANT,
            nullable=True,
            comment="when its times were learned from; null: not yet",
        ),
    )
    op.create_index(
        "ix_run_to_learn",
        "run",
        ["finished_at"],
        sqlite_where=_TO_LEARN,
        postgresql_where=_TO_LEARN,
    )
    op.create_table(
        "learned_time",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("timed", sa.Text(), nullable=False),
        sa.Column(
            "ref",
            sa.Text(),
            nullable=False,
            comment="store of a counter, proof wanted at a door, hours of a drive, else empty",
        ),
        sa.Column("observed", sa.BigInteger(), nullable=False, comment="times it was seen, in all"),
        sa.Column("weight", sa.Double(), nullable=False, comment="what of that still counts"),
        sa.Column(
            "log_sum",
            sa.Double(),
            nullable=False,
            comment="of ln(real / default), faded as the weight",
        ),
        sa.Column("log_sq_sum", sa.Double(), nullable=False, comment="of its squares"),
        sa.Column(
            "seen_at",
            _INSTANT,
            nullable=False,
            comment="end of the newest run that said something",
        ),
        sa.CheckConstraint(
            "timed in ('parking','walk','counter','door','drive')",
            name=op.f("ck_learned_time_timed_known"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_learned_time_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "timed", "ref", name=op.f("pk_learned_time")),
    )


def downgrade() -> None:
    op.drop_table("learned_time")
    op.drop_index("ix_run_to_learn", "run")
    op.drop_column("run", "learned_at")
