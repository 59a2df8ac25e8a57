"""The installation's own key pair and media secret, made once and kept in its data folder."""

from __future__ import annotations

from pathlib import Path
from secrets import token_urlsafe

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from deploy.local.configuration import Local


def secrets(local: Local) -> dict[str, str]:
    """Variables for the gateway: paths of the JWT keys (PEM, Ed25519) and the secret of signed media addresses.

    A development key: who can read the data folder can be anybody.
    """
    folder = local.home / "keys"
    private, public, media = folder / "jwt-private.pem", folder / "jwt-public.pem", folder / "media-secret"
    folder.mkdir(parents=True, exist_ok=True)
    if not public.exists():
        _make_pair(private, public)
    if not media.exists():
        _write_private(media, token_urlsafe(32).encode())
    return {
        "PLAYLOG_JWT_PRIVATE_KEY": str(private),
        "PLAYLOG_JWT_PUBLIC_KEY": str(public),
        "PLAYLOG_MEDIA_SECRET": media.read_text(),
    }


def _make_pair(private: Path, public: Path) -> None:
    """The public key is written last: it stands only for a whole pair."""
    key = Ed25519PrivateKey.generate()
    _write_private(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
