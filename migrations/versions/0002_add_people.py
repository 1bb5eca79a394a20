"""Add people, roles, drivers, clerks, devices and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002_add_people"
down_revision = "0001_add_sites"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True, comment="lower case"),
        sa.Column("phone", sa.Text(), nullable=True, comment="E.164"),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=True,
            comment="argon2id; null until the one-time link was used",
        ),
        sa.Column("photo_key", sa.Text(), nullable=True, comment="blob of the portrait"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
    )
    op.create_table(
        "driver",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column(
            "vehicle",
            sa.Text(),
            nullable=False,
            comment="as customers read it: 'white Toyota Prius'",
        ),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=False),
        sa.Column("is_on_duty", sa.Boolean(), nullable=False),
        sa.Column("duty_site_id", sa.Text(), nullable=True),
        sa.Column("duty_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "active_runs",
            sa.BigInteger(),
            nullable=False,
            comment="runs held now; raised by the guarded claim only",
        ),
        sa.Column("max_active_runs", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "active_runs >= 0 and active_runs <= max_active_runs",
            name=op.f("ck_driver_active_runs_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["duty_site_id"], ["site.id"], name=op.f("fk_driver_duty_site_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_driver_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_driver")),
    )
    op.create_index(
        "ix_driver_on_duty",
        "driver",
        ["duty_site_id"],
        unique=False,
        sqlite_where=sa.text("is_on_duty"),
        postgresql_where=sa.text("is_on_duty"),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column(
            "scope_id",
            sa.Text(),
            nullable=False,
            comment="store, site or merchant id; empty: everywhere",
        ),
        sa.CheckConstraint(
            "role in ('driver','manager','merchant','dispatcher','admin')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "role", "scope_id", name=op.f("uq_role_grant_person_id_role_scope_id")
        ),
    )
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"], unique=False)
    op.create_table(
        "clerk",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="u32 in tokens"),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column(
            "code_hash",
            sa.Text(),
            nullable=False,
            comment="scrypt under the store's secret salt, hex",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_clerk_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clerk")),
        sa.UniqueConstraint("number", name=op.f("uq_clerk_number")),
    )
    op.create_index(
        "uq_clerk_store_code",
        "clerk",
        ["store_id", "code_hash"],
        unique=True,
        sqlite_where=sa.text("disabled_at is null"),
        postgresql_where=sa.text("disabled_at is null"),
    )
    op.create_table(
        "desk_enrolment",
        sa.Column("code_hash", sa.Text(), nullable=False, comment="SHA-256 hex of the code"),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desk.id"], name=op.f("fk_desk_enrolment_desk_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_desk_enrolment")),
    )
    op.create_index(op.f("ix_desk_enrolment_desk_id"), "desk_enrolment", ["desk_id"], unique=False)
    op.create_table(
        "device",
        sa.Column(
            "kid",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="u32 key id in tokens",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="phone | desk"),
        sa.Column(
            "public_key",
            sa.Text(),
            nullable=False,
            comment="uncompressed P-256 point, 130 hex digits",
        ),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("desk_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'phone' and person_id is not null) or (kind = 'desk' and desk_id is not null)",
            name=op.f("ck_device_kind_has_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desk.id"], name=op.f("fk_device_desk_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_device_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_device")),
    )
    op.create_index(
        "uq_device_active_desk",
        "device",
        ["desk_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'desk' and retired_at is null"),
        postgresql_where=sa.text("kind = 'desk' and retired_at is null"),
    )
    op.create_index(
        "uq_device_active_phone",
        "device",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'phone' and retired_at is null"),
        postgresql_where=sa.text("kind = 'phone' and retired_at is null"),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 hex of the cookie's token"
        ),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("desk_id", sa.Text(), nullable=True),
        sa.Column("clerk_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last act of the person, written in batches",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience in ('driver','desk','clerk','console')",
            name=op.f("ck_login_session_audience_known"),
        ),
        sa.ForeignKeyConstraint(
            ["clerk_id"], ["clerk.id"], name=op.f("fk_login_session_clerk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desk.id"], name=op.f("fk_login_session_desk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_login_session_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    op.create_index(op.f("ix_login_session_clerk_id"), "login_session", ["clerk_id"], unique=False)
    op.create_index(op.f("ix_login_session_desk_id"), "login_session", ["desk_id"], unique=False)
    op.create_index(
        op.f("ix_login_session_person_id"), "login_session", ["person_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_login_session_person_id"), table_name="login_session")
    op.drop_index(op.f("ix_login_session_desk_id"), table_name="login_session")
    op.drop_index(op.f("ix_login_session_clerk_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(
        "uq_device_active_phone",
        table_name="device",
        sqlite_where=sa.text("kind = 'phone' and retired_at is null"),
        postgresql_where=sa.text("kind = 'phone' and retired_at is null"),
    )
    op.drop_index(
        "uq_device_active_desk",
        table_name="device",
        sqlite_where=sa.text("kind = 'desk' and retired_at is null"),
        postgresql_where=sa.text("kind = 'desk' and retired_at is null"),
    )
    op.drop_table("device")
    op.drop_index(op.f("ix_desk_enrolment_desk_id"), table_name="desk_enrolment")
    op.drop_table("desk_enrolment")
    op.drop_index(
        "uq_clerk_store_code",
        table_name="clerk",
        sqlite_where=sa.text("disabled_at is null"),
        postgresql_where=sa.text("disabled_at is null"),
    )
    op.drop_table("clerk")
    op.drop_index(op.f("ix_sign_in_link_person_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_index(op.f("ix_role_grant_person_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(
        "ix_driver_on_duty",
        table_name="driver",
        sqlite_where=sa.text("is_on_duty"),
        postgresql_where=sa.text("is_on_duty"),
    )
    op.drop_table("driver")
    op.drop_table("person")
