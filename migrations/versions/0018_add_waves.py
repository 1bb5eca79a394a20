"""Add the wave and bay of a station's run, and whose drivers alone may take a hub's."""

import sqlalchemy as sa
from alembic import op

revision = "0018_add_waves"
down_revision = "0017_add_inbound"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement, as SQLite takes it: a column with what it refers to. Sites are not deleted.
    op.execute(
        "ALTER TABLE run ADD COLUMN crew_site_id TEXT"
        " CONSTRAINT fk_run_crew_site_id REFERENCES site (id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "run",
            "crew_site_id",
            comment="the hub whose own drivers alone may have it; null: any driver",
        )
    with op.batch_alter_table("run", recreate="never") as run:
        run.add_column(
            sa.Column(
                "wave_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="quarter of an hour at which it leaves a station",
            )
        )
        run.add_column(
            sa.Column(
                "bay", sa.BigInteger(), nullable=True, comment="where a station puts its parcels"
            )
        )
        run.add_column(
            sa.Column(
                "sealed_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="its first parcel was sorted: what it carries stays together",
            )
        )
    op.create_index("ix_run_wave", "run", ["site_id", "wave_at"])


def downgrade() -> None:
    op.drop_index("ix_run_wave", "run")
    with op.batch_alter_table("run", recreate="never") as run:
        for name in ("sealed_at", "bay", "wave_at", "crew_site_id"):
            run.drop_column(name)
