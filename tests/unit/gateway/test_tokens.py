"""Bearer tokens: who is let in, and under which name."""

from __future__ import annotations

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gateway.access.tokens import Verifier, issue
from gateway.problems import Problem

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SOON = int(time.time()) + 86_400


def private(key: Ed25519PrivateKey | RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public(key: Ed25519PrivateKey | RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


VERIFIER = Verifier.of(public(KEY), "secret")


def signed(key: Ed25519PrivateKey = KEY, **claims: object) -> str:
    return jwt.encode({"sub": "ann", "role": "creator", "exp": SOON, **claims}, key, algorithm="EdDSA")


def test_a_token_gives_a_role_and_the_key_of_an_account() -> None:
    token, _ = issue(private(KEY), "ann", "creator")
    ann, again = VERIFIER.identity(f"Bearer {token}"), VERIFIER.identity(f"bearer {signed()}")
    assert ann == again
    assert ann.role == "creator"
    assert "ann" not in ann.account_id
    assert ann.account_id != Verifier.of(public(KEY), "another").identity(f"Bearer {token}").account_id


def test_rsa_keys_work_too() -> None:
    key = generate_private_key(65537, 2048)
    token, _ = issue(private(key), "ann", "viewer")
    assert Verifier.of(public(key), "s").identity(f"Bearer {token}").role == "viewer"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YW5uOmFubg==",
        "Bearer x.y.z",
        f"Bearer {signed(OTHER)}",
        f"Bearer {signed(exp=int(time.time()) - 60)}",
        f"Bearer {signed(role='admin')}",
        f"Bearer {signed(sub='')}",
        f"Bearer {signed(sub='x' * 201)}",
        f"Bearer {jwt.encode({'sub': 'ann'}, KEY, algorithm='EdDSA')}",
        f"Bearer {jwt.encode({'sub': 'ann', 'exp': SOON}, '', algorithm='none')}",
        f"Bearer {jwt.encode({'sub': 'ann', 'exp': SOON}, 'k' * 64, algorithm='HS256')}",
    ],
)
def test_any_other_is_refused(header: str) -> None:
    with pytest.raises(Problem) as refusal:
        VERIFIER.identity(header)
    assert refusal.value.status == 401
    assert refusal.value.headers["WWW-Authenticate"].startswith("Bearer")
