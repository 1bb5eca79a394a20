"""Add blocks with their places and guarantees, and when drivers were on duty."""

import sqlalchemy as sa
from alembic import op

revision = "0021_add_blocks"
down_revision = "0020_add_offer_fit"
branch_labels = None
depends_on = None

_LIVE = sa.text("returned_at is null")
_OPEN = sa.text("ended_at is null")
_INSTANT = sa.DateTime(timezone=True)
_WORDS = "what was paid for a block stays"
_GUARDS = {
    "sqlite": tuple(
        f"""
        CREATE TRIGGER block_line_is_never_{name} BEFORE {change} ON block_line
        BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END
        """
        for name, change in (("changed", "UPDATE"), ("deleted", "DELETE"))
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION refuse_block_line_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$
        """,
        """
        CREATE TRIGGER block_line_is_never_changed BEFORE UPDATE OR DELETE ON block_line
        FOR EACH ROW EXECUTE FUNCTION refuse_block_line_change()
        """,
    ),
}


def upgrade() -> None:
    _add_duty()
    op.create_table(
        "block",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("places", sa.BigInteger(), nullable=False),
        sa.Column(
            "taken",
            sa.BigInteger(),
            nullable=False,
            comment="places taken; raised by the guarded taking only",
        ),
        sa.Column(
            "hourly_minor",
            sa.BigInteger(),
            nullable=False,
            comment="guaranteed for an hour on duty, minor units",
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "return_until", _INSTANT, nullable=False, comment="a place is given back before this"
        ),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False, comment="actor, person:per_…"),
        sa.Column("closed_at", _INSTANT, nullable=True, comment="since when nobody may take it"),
        sa.Column("closed_by", sa.Text(), nullable=True, comment="actor, person:per_…"),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_block_hours_forward")),
        sa.CheckConstraint("places between 1 and 500", name=op.f("ck_block_places_in_range")),
        sa.CheckConstraint("taken >= 0 and taken <= places", name=op.f("ck_block_taken_in_range")),
        sa.CheckConstraint("hourly_minor >= 0", name=op.f("ck_block_hourly_not_negative")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_block_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index("ix_block_site", "block", ["site_id", "ends_at"])
    op.create_index("ix_block_ends", "block", ["ends_at"])
    _add_places()
    _add_lines()
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _add_duty() -> None:
    op.create_table(
        "duty_span",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_duty_span_driver_id_driver"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_duty_span_site_id_site"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_span")),
    )
    op.create_index("ix_duty_span_driver", "duty_span", ["driver_id", "started_at"])
    op.create_index(
        "uq_duty_span_open",
        "duty_span",
        ["driver_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _add_places() -> None:
    op.create_table(
        "block_place",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("block_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("returned_at", _INSTANT, nullable=True),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["block.id"],
            name=op.f("fk_block_place_block_id_block"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_block_place_driver_id_driver"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_place")),
    )
    op.create_index(
        "uq_block_place_live",
        "block_place",
        ["block_id", "driver_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_block_place_driver", "block_place", ["driver_id"])


def _add_lines() -> None:
    op.create_table(
        "block_line",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "earned_minor",
            sa.BigInteger(),
            nullable=False,
            comment="of the block's runs, without tips",
        ),
        sa.Column("guaranteed_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "counted_s",
            sa.BigInteger(),
            nullable=False,
            comment="seconds on duty within the block",
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_block_line_amount_positive")),
        sa.CheckConstraint(
            "amount_minor = guaranteed_minor - earned_minor",
            name=op.f("ck_block_line_amount_is_what_is_missing"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["block_place.id"],
            name=op.f("fk_block_line_place_id_block_place"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_block_line_driver_id_driver"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_line")),
        sa.UniqueConstraint("place_id", name=op.f("uq_block_line_place_id")),
    )
    op.create_index("ix_block_line_driver", "block_line", ["driver_id", "created_at"])


def downgrade() -> None:
    op.drop_table("block_line")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_block_line_change()")
    for name in ("block_place", "block", "duty_span"):
        op.drop_table(name)
