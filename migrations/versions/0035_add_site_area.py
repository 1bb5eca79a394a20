"""Add what roads there are around a site, for places that are not as their kind."""

import sqlalchemy as sa
from alembic import op

revision = "0035_add_site_area"
down_revision = "0034_add_promised_until"
branch_labels = None
depends_on = None

_NAME = "ck_site_area_known"
_CHECK = "area in ('urban','suburban','rural')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # With the check in the column nothing of the table has to be made anew.
        op.execute(f"ALTER TABLE site ADD COLUMN area TEXT CONSTRAINT {_NAME} CHECK ({_CHECK})")
        return
    op.add_column(
        "site",
        sa.Column(
            "area",
            sa.Text(),
            nullable=True,
            comment="what roads there are around it; null: those of its kind",
        ),
    )
    # There are few sites: reading them all takes no time.
    op.create_check_constraint(op.f(_NAME), "site", _CHECK)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(_NAME), "site", type_="check")
    op.drop_column("site", "area")
