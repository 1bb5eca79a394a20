"""Add webhook endpoints, their messages, which a trigger makes, and every try."""

import sqlalchemy as sa
from alembic import op

revision = "0025_add_webhooks"
down_revision = "0024_add_orders"
branch_labels = None
depends_on = None

_DUE = sa.text("status = 'pending'")

#: A message stands in the transaction of its event, whatever wrote that.
_WANTED = """
    FROM webhook_endpoint AS e JOIN delivery AS d ON d.merchant_id = e.merchant_id
    WHERE d.id = NEW.delivery_id AND e.verified_at IS NOT NULL AND e.trouble IS NULL
    AND e.removed_at IS NULL AND (e.types = '' OR {position} > 0)
"""
_INTO = "INSERT INTO webhook_message"
_COLUMNS = "(id, endpoint_id, event_id, status, tries, next_at, created_at)"
_VALUES = "e.id, NEW.id, 'pending', 0, NEW.received_at, NEW.received_at"
_TRIGGERS = {
    "sqlite": (
        f"""
        CREATE TRIGGER event_goes_to_webhooks AFTER INSERT ON event BEGIN
        {_INTO} {_COLUMNS} SELECT 'msg_' || lower(hex(randomblob(16))), {_VALUES}
        {_WANTED.format(position="instr(e.types, ' ' || NEW.type || ' ')")}; END
        """,
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION tell_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        {_INTO} {_COLUMNS} SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), {_VALUES}
        {_WANTED.format(position="strpos(e.types, ' ' || NEW.type || ' ')")};
        RETURN NULL; END $$
        """,
        """
        CREATE TRIGGER event_goes_to_webhooks AFTER INSERT ON event
        FOR EACH ROW EXECUTE FUNCTION tell_webhooks()
        """,
    ),
}


def upgrade() -> None:
    _add_endpoints()
    _add_messages()
    _add_attempts()
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _add_endpoints() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column(
            "types",
            sa.Text(),
            nullable=False,
            comment="names of events between spaces, one at each end; empty: all",
        ),
        sa.Column("secret_version", sa.BigInteger(), nullable=False),
        _instant("old_secret_until", "the version before signs until then"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _instant("verified_at", "when it echoed the challenge; nothing is sent before"),
        sa.Column(
            "trouble",
            sa.Text(),
            nullable=True,
            comment="why nothing is sent: failing | gone | paused",
        ),
        _instant("trouble_at"),
        _instant("failing_since", "first failed try since the last success"),
        _instant("removed_at"),
        sa.CheckConstraint(
            "payload in ('thin','full')", name=op.f("ck_webhook_endpoint_payload_known")
        ),
        sa.CheckConstraint(
            "trouble is null or trouble in ('failing','gone','paused')",
            name=op.f("ck_webhook_endpoint_trouble_known"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchant.id"],
            name=op.f("fk_webhook_endpoint_merchant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_merchant_id"), "webhook_endpoint", ["merchant_id"])


def _add_messages() -> None:
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.Text(), nullable=False, comment="webhook-id, the same for every try"),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        _instant("leased_until"),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="written with the first try, then the same",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _instant("ended_at", "delivered or given up"),
        sa.CheckConstraint(
            "status in ('pending','delivered','failed')",
            name=op.f("ck_webhook_message_status_known"),
        ),
        _of_endpoint("webhook_message"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_webhook_message_event_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
        sa.UniqueConstraint(
            "endpoint_id", "event_id", name=op.f("uq_webhook_message_endpoint_id_event_id")
        ),
    )
    op.create_index(
        "ix_webhook_message_due",
        "webhook_message",
        ["next_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index(
        "ix_webhook_message_endpoint_created", "webhook_message", ["endpoint_id", "created_at"]
    )


def _add_attempts() -> None:
    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False, comment="its webhook-id"),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="1, 2 … of its message"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False, comment="headers and body as sent"),
        sa.Column(
            "status",
            sa.BigInteger(),
            nullable=True,
            comment="of the answer; null when there was none",
        ),
        sa.Column("answer", sa.Text(), nullable=False, comment="the first kilobyte, as text"),
        sa.Column(
            "error",
            sa.Text(),
            nullable=False,
            comment="why there was no good answer; empty for success",
        ),
        _of_endpoint("webhook_attempt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempt")),
    )
    op.create_index("ix_webhook_attempt_endpoint_at", "webhook_attempt", ["endpoint_id", "at"])


def _instant(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment)


def _of_endpoint(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["endpoint_id"],
        ["webhook_endpoint.id"],
        name=op.f(f"fk_{table}_endpoint_id"),
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER event_goes_to_webhooks{' ON event' if is_postgresql else ''}")
    if is_postgresql:
        op.execute("DROP FUNCTION tell_webhooks()")
    for table in ("webhook_attempt", "webhook_message", "webhook_endpoint"):
        op.drop_table(table)
