"""Read the deployment's settings from the environment, naming what is wrong in plain words."""

from __future__ import annotations

import secrets
from pathlib import Path

import environ

env = environ.Env()


def data_dir(default: Path) -> Path:
    """The folder that holds everything the deployment must keep, made when absent."""
    folder = Path(env.str("DATA_DIR", default=str(default))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path, *, embedded: bool) -> str:
    """The signing key: from the environment, or made once beside the data of a small office.

    Raises: ImproperlyConfigured in production when SECRET_KEY is absent.
    """
    if not embedded:
        return str(env.str("SECRET_KEY"))
    given = str(env.str("SECRET_KEY", default=""))
    if given:
        return given
    path = folder / "secret_key"
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.chmod(0o600)
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text().strip()
