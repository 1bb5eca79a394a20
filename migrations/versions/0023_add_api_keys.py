"""Add keys of merchants' programs, their test malls, store hours and the merchant's sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0023_add_api_keys"
down_revision = "0022_add_order_proposals"
branch_labels = None
depends_on = None

_AUDIENCES = "audience in ('driver','desk','clerk','console'{})"


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column(
            "acts_for_id",
            sa.Text(),
            nullable=False,
            comment="whose data it sees: the merchant's own, or those of its test mall",
        ),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as the merchant calls it"),
        sa.Column(
            "shown",
            sa.Text(),
            nullable=False,
            comment="mp_live_<12>: the part that may be shown again",
        ),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="SHA-256 hex of the key"),
        sa.Column("scopes", sa.Text(), nullable=False, comment="separated by spaces"),
        sa.Column(
            "networks",
            sa.Text(),
            nullable=False,
            comment="from where it works, separated by spaces; empty: from everywhere",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Text(), nullable=False, comment="the person who made it"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "used_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last use, written in batches",
        ),
        sa.Column("successor_id", sa.Text(), nullable=True, comment="the key that took its place"),
        sa.CheckConstraint("mode in ('live','test')", name=op.f("ck_api_key_mode_known")),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchant.id"],
            name=op.f("fk_api_key_merchant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["acts_for_id"],
            ["merchant.id"],
            name=op.f("fk_api_key_acts_for_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_index(op.f("ix_api_key_merchant_id"), "api_key", ["merchant_id"])
    _add_twins()
    op.create_table(
        "store_hours",
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=False, comment="0 is Monday"),
        sa.Column("opens_min", sa.BigInteger(), nullable=False, comment="minutes after midnight"),
        sa.Column(
            "closes_min",
            sa.BigInteger(),
            nullable=False,
            comment="minutes after midnight, 1440 is its end",
        ),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_store_hours_weekday_known")),
        sa.CheckConstraint(
            "opens_min >= 0 and opens_min < closes_min",
            name=op.f("ck_store_hours_hours_forward"),
        ),
        sa.CheckConstraint("closes_min <= 1440", name=op.f("ck_store_hours_hours_within_day")),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_store_hours_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("store_id", "weekday", name=op.f("pk_store_hours")),
    )
    with op.batch_alter_table("site", recreate="never") as site:
        site.add_column(
            sa.Column(
                "is_test",
                sa.Boolean(),
                nullable=False,
                server_default=sa.text("false"),
                comment="a merchant's test mall: nobody real ever sees it",
            )
        )
    _set_audiences(",'merchant'")


def _add_twins() -> None:
    for name in ("store", "merchant"):
        table = f"test_{name}"
        op.create_table(
            table,
            sa.Column(f"{name}_id", sa.Text(), nullable=False),
            sa.Column("twin_id", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_{table}_{name}_id"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                ["twin_id"], [f"{name}.id"], name=op.f(f"fk_{table}_twin_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(f"{name}_id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("twin_id", name=op.f(f"uq_{table}_twin_id")),
        )


def _set_audiences(more: str) -> None:
    # Nothing refers to a sign-in, so SQLite may make the table anew.
    with op.batch_alter_table("login_session") as login:
        login.drop_constraint(op.f("ck_login_session_audience_known"), type_="check")
        login.create_check_constraint(
            op.f("ck_login_session_audience_known"), _AUDIENCES.format(more)
        )


def downgrade() -> None:
    op.execute("DELETE FROM login_session WHERE audience = 'merchant'")
    _set_audiences("")
    with op.batch_alter_table("site", recreate="never") as site:
        site.drop_column("is_test")
    op.drop_table("store_hours")
    op.drop_table("test_merchant")
    op.drop_table("test_store")
    op.drop_index(op.f("ix_api_key_merchant_id"), table_name="api_key")
    op.drop_table("api_key")
