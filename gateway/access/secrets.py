"""The gateway's keys and secrets, from the environment or from the installation's `keys` folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe


class SecretMissing(RuntimeError):
    """A key is neither in the environment nor in the keys folder; the text says which."""


@dataclass(frozen=True)
class Secrets:
    """`jwt_public` and `jwt_private` are PEM. `pseudonym` must never change: accounts are found by it."""

    jwt_public: bytes
    jwt_private: bytes | None
    media: str
    pseudonym: str

    @classmethod
    def load(cls, home: Path, environment: Mapping[str, str] = os.environ) -> Secrets:
        """Raises SecretMissing. Where the installation has no pseudonym secret, one is made and kept."""
        keys = home / "keys"
        return cls(
            jwt_public=_pem(environment, "PLAYLOG_JWT_PUBLIC_KEY", keys / "jwt-public.pem"),
            jwt_private=private_key(home, environment),
            media=media_secret(home, environment),
            pseudonym=_text(environment, "PLAYLOG_PSEUDONYM_SECRET", _made(keys / "pseudonym-secret", environment)),
        )


def media_secret(home: Path, environment: Mapping[str, str] = os.environ) -> str:
    """What signs links to media; who checks or makes them needs no other. Raises SecretMissing."""
    return _text(environment, "PLAYLOG_MEDIA_SECRET", home / "keys" / "media-secret")


def private_key(home: Path, environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The key that signs development tokens; production has none here."""
    try:
        return _pem(environment, "PLAYLOG_JWT_PRIVATE_KEY", home / "keys" / "jwt-private.pem")
    except SecretMissing:
        return None


def _pem(environment: Mapping[str, str], name: str, file: Path) -> bytes:
    given = environment.get(name, "")
    if given.startswith("-----BEGIN"):
        return given.encode()
    path = Path(given) if given else file
    try:
        return path.read_bytes()
    except OSError as error:
        raise SecretMissing(
            f"{name}: {path} can't be read ({error.strerror})\n"
            "  mend:   set it to a PEM key or the path of one, or run `make up`, which makes a development pair"
        ) from None


def _text(environment: Mapping[str, str], name: str, file: Path) -> str:
    if given := environment.get(name):
        return given
    try:
        return file.read_text().strip()
    except OSError:
        raise SecretMissing(
            f"{name} is not set and {file} is not there\n  mend:   set {name} to 32 random bytes"
        ) from None


def _made(file: Path, environment: Mapping[str, str]) -> Path:
    if not environment.get("PLAYLOG_PSEUDONYM_SECRET") and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(fresh, file)  # the first gateway to come wins
        fresh.unlink()
    return file
