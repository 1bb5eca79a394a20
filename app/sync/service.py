"""Commands take effect once, however often they arrive.

A command's id is made at its origin. The row that remembers it is written in the command's own
transaction, so there is no effect without the row and no row without the effect.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.errors import DomainError
from app.domain.retention import COMMANDS
from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.sync.models import CommandRow

_COMMAND: Final = table_of(CommandRow)
#: By the engine's name: SQLAlchemy has no common word for it.
_BEGIN: Final = {
    name: dialect.insert(_COMMAND)
    .on_conflict_do_nothing(index_elements=["principal", "command_id"])
    .returning(_COMMAND.c.command_id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_FINISH: Final = (
    update(_COMMAND)
    .where(
        _COMMAND.c.principal == bindparam("of_principal"),
        _COMMAND.c.command_id == bindparam("of_command"),
    )
    .values(answer=bindparam("given_answer"))
    .returning(_COMMAND.c.command_id)
)

_ERASE: Final = delete(_COMMAND).where(_COMMAND.c.created_at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class CommandKey:
    """Which command, from whom, with which content."""

    principal: str
    command_id: str
    kind: str
    body_hash: str


def command_key(principal: str, command_id: str, kind: str, body: object) -> CommandKey:
    """Return the key of a command; `body` is its parsed content and must be JSON-able."""
    content = json.dumps([kind, body], sort_keys=True, separators=(",", ":"), default=str)
    return CommandKey(principal, command_id, kind, hashlib.sha256(content.encode()).hexdigest())


def begin(key: CommandKey, *, now: datetime) -> dict[str, Any] | None:
    """Take a command for execution, or return the answer it had before.

    A second request with the same id waits here until the first has committed (PostgreSQL: on the
    primary key; SQLite: on the write lock), and then gets the first one's answer.

    Returns:
        None when the command is new and must be carried out now, else the answer given to `finish`.

    Raises:
        DomainError: `command_id_reused` when the id came before with other content.
    """
    values = {
        "principal": key.principal,
        "command_id": key.command_id,
        "kind": key.kind,
        "body_hash": key.body_hash,
        "answer": "",
        "created_at": now,
    }
    inserted = execute(_BEGIN[session().get_bind().dialect.name], values)
    if inserted.first() is not None:
        return None
    stored = (
        session()
        .scalars(
            select(CommandRow).where(
                CommandRow.principal == key.principal, CommandRow.command_id == key.command_id
            )
        )
        .one()
    )
    if stored.body_hash != key.body_hash:
        raise DomainError("command_id_reused")
    answer: dict[str, Any] = json.loads(stored.answer)
    return answer


def finish(key: CommandKey, answer: dict[str, Any]) -> None:
    """Remember a command's answer in its own transaction.

    Raises:
        sqlalchemy.exc.NoResultFound: Without `begin` in the same transaction.
    """
    execute(
        _FINISH,
        {
            "of_principal": key.principal,
            "of_command": key.command_id,
            "given_answer": json.dumps(answer),
        },
    ).one()


def erase_old(*, now: datetime) -> None:
    """Forget commands so old that no device repeats them."""
    execute(_ERASE, {"before": now - COMMANDS})
