from typing import Final

from app.domain.problems import PROBLEMS


class DomainError(Exception):
    """A refused command.

    Args:
        code: A key of `PROBLEMS`.
        facts: Values for the placeholders of the problem's texts; whoever asked may see them.

    Raises:
        KeyError: When the code is not in the catalogue, which is a programming mistake.
    """

    def __init__(self, code: str, **facts: str | int) -> None:
        self.problem: Final = PROBLEMS[code]
        self.code: Final = code
        self.facts: Final = facts
        super().__init__(f"{code} {facts}" if facts else code)
