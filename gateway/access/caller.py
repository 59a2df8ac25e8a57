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
class Identity:
    """What a token says: an account and a role. The subject itself stays in the token."""

    account_id: str
    role: Role


@dataclass(frozen=True)
class Caller:
    """`owner` is the account's pseudonym: random, kept in the log until its owner has the account forgotten."""

    owner: str
    role: Role
    account_id: str = ""

    def owns(self, owner: str | None) -> bool:
        return self.owner == owner or self.role == "operator"


def account_of(subject: str, secret: str) -> str:
    """The key of an account: the same for the same subject and secret; without the secret it leads to nobody."""
    return hmac.new(secret.encode(), subject.encode(), hashlib.sha256).hexdigest()[:32]


def require_owner(caller: Caller, owner: str | None, what: str) -> None:
    """Raises a 403 problem where `what` belongs to somebody else."""
    if not caller.owns(owner):
        raise Problem(
            403, "not-yours", f"This {what} belongs to another account.", "Use the account that made it."
        )  # fmt: skip
