"""Who calls: a role, and the pseudonym under which the log knows them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal, get_args

from gateway.problems import Problem

Role = Literal["viewer", "creator", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Caller:
    """`owner` is the account's pseudonym; the subject itself stays in the token."""

    owner: str
    role: Role

    def owns(self, owner: str | None) -> bool:
        return self.owner == owner or self.role == "operator"


def pseudonym(subject: str, secret: str) -> str:
    """The same for the same subject and secret; without the secret it leads back to nobody."""
    return "acct-" + hmac.new(secret.encode(), subject.encode(), hashlib.sha256).hexdigest()[:32]


def require_owner(caller: Caller, owner: str | None, what: str) -> None:
    """Raises a 403 problem where `what` belongs to somebody else."""
    if not caller.owns(owner):
        raise Problem(
            403, "not-yours", f"This {what} belongs to another account.", "Use the account that made it."
        )  # fmt: skip
