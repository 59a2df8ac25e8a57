"""Bearer tokens: JWTs (RFC 7519) signed with Ed25519 (EdDSA) or RSA (RS256), whichever the key is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from gateway.access.caller import ROLES, Identity, Role, account_of
from gateway.problems import Problem

DEVELOPMENT_LIFETIME = 7 * 24 * 3600
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Verifier:
    """Checks tokens against one public key. The algorithm is the key's, never the token's."""

    key: Ed25519PublicKey | RSAPublicKey
    secret: str

    @classmethod
    def of(cls, pem: bytes, secret: str) -> Verifier:
        """`secret` makes the accounts' keys. Raises ValueError for a key that is neither Ed25519 nor RSA."""
        key = load_pem_public_key(pem)
        if not isinstance(key, (Ed25519PublicKey, RSAPublicKey)):
            raise ValueError("PLAYLOG_JWT_PUBLIC_KEY must be an Ed25519 or RSA public key")
        return cls(key, secret)

    def identity(self, authorization: str) -> Identity:
        """Whose an `Authorization` header is; raises a 401 problem."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise unauthorised("The Authorization header is not of the form `Bearer <token>`.")
        claims = self._claims(token.strip())
        subject, role = claims["sub"], claims.get("role", "viewer")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise unauthorised("The token's subject is empty or too long.")
        if role not in ROLES:
            raise unauthorised(f"The token's role is none of {', '.join(ROLES)}.")
        return Identity(account_of(subject, self.secret), role)

    def _claims(self, token: str) -> dict[str, Any]:
        algorithm = "EdDSA" if isinstance(self.key, Ed25519PublicKey) else "RS256"
        try:
            return jwt.decode(token, self.key, algorithms=[algorithm], options={"require": ["exp", "sub"]}, leeway=10)
        except jwt.ExpiredSignatureError:
            raise unauthorised("The token has expired.") from None
        except jwt.PyJWTError:
            raise unauthorised("The token was not signed for this installation, or is damaged.") from None


def issue(private_pem: bytes, subject: str, role: Role, lifetime: int = DEVELOPMENT_LIFETIME) -> tuple[str, int]:
    """A development token and when it ends (Unix seconds)."""
    key = load_pem_private_key(private_pem, None)
    if not isinstance(key, (Ed25519PrivateKey, RSAPrivateKey)):
        raise ValueError("PLAYLOG_JWT_PRIVATE_KEY must be an Ed25519 or RSA private key")
    now = int(time.time())
    claims = {"sub": subject, "role": role, "iat": now, "exp": now + lifetime}
    algorithm = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "RS256"
    return jwt.encode(claims, key, algorithm=algorithm), now + lifetime


def unauthorised(detail: str) -> Problem:
    return Problem(
        401, "unauthorized", detail, "Sign in again; in development `playlog token --role creator` prints a token.",
        headers={"WWW-Authenticate": 'Bearer realm="playlog"'},
    )  # fmt: skip
