"""What is kept for one reader only: encrypted with authentication, each purpose under a key of its own.

The keys come from SECRET_KEY, which is not in the database: a copy of the database alone opens nothing. Every
sealed thing carries the name of its cipher, so that another one can follow.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ALG = "A256GCM"
NONCE_BYTES = 12


class Unreadable(Exception):
    """The sealed bytes were changed, belong elsewhere, or their key is gone."""


def seal(plain: bytes, *, purpose: str, context: str) -> bytes:
    """Encrypt for one purpose.

    context: what the bytes belong to, e.g. row and owner; they open only under the same words
    """
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(settings.SECRET_KEY, purpose)).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, *, alg: str, purpose: str, context: str) -> bytes:
    """The bytes as they were.

    alg:    the cipher named beside the sealed bytes
    Raises: Unreadable
    """
    if alg != ALG:
        raise Unreadable(f"no cipher is called {alg!r}")
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret, purpose)).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError):
            continue
    raise Unreadable(f"nothing opens the bytes sealed for {purpose!r}")


def _key(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"conduct/{purpose}".encode()).derive(
        secret.encode()
    )
