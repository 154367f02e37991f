"""Read the deployment's settings from the environment, naming what is wrong in plain words."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
SHORTEST_SECRET = 50
FEWEST_LETTERS = 16
EXAMPLE = re.compile(r"insecure|change.?me|example|placeholder|your.?secret", re.IGNORECASE)


def data_dir(default: Path) -> Path:
    """The folder that holds everything the deployment must keep, made when absent."""
    folder = Path(env.str("DATA_DIR", default=str(default))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path, *, embedded: bool) -> str:
    """The signing key: from the environment, or made once beside the data of a small office.

    Raises: ImproperlyConfigured when SECRET_KEY is short or somebody's example, and in production when absent.
    """
    given = str(env.str("SECRET_KEY", default=""))
    if given and not _is_weak(given):
        return given
    if given or not embedded:
        what = "太短、太简单，或是示例里的" if embedded else "没有设置，或者太短、太简单、是示例里的"
        otherwise = "单机使用也可去掉这一项，系统会自行生成并保管密钥。" if embedded else ""
        raise ImproperlyConfigured(
            f"SECRET_KEY {what}。{otherwise}请生成一个至少{SHORTEST_SECRET}个字符的随机密钥："
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return _own_key(folder)


def secret_key_fallbacks() -> list[str]:
    """The signing keys of before, which still open what they closed.

    Raises: ImproperlyConfigured for a weak one: whoever guesses it signs in as anybody
    """
    keys = [key for given in env.list("SECRET_KEY_FALLBACKS", default=[]) if (key := str(given).strip())]
    for number, key in enumerate(keys, start=1):
        if _is_weak(key):
            raise ImproperlyConfigured(
                f"SECRET_KEY_FALLBACKS 中第{number}个太短、太简单，或是示例里的，别人可以用它冒充任何人。"
                "请去掉它；用它保存的动态口令须重新绑定，用它加密的未提交内容不能再找回。"
            )
    return keys


def _is_weak(key: str) -> bool:
    return len(key) < SHORTEST_SECRET or len(set(key)) < FEWEST_LETTERS or bool(EXAMPLE.search(key))


def _own_key(folder: Path) -> str:
    """The key of a small office, made once beside its data."""
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


def debug(*, embedded: bool) -> bool:
    """Whether faults are shown to whoever meets them, which a developer alone may wish.

    Raises: ImproperlyConfigured in production
    """
    is_wanted = bool(env.bool("DEBUG", default=False))
    if is_wanted and not embedded:
        raise ImproperlyConfigured("正式部署不能打开 DEBUG：出错页面会把内部情况告诉任何人。请去掉 DEBUG。")
    return is_wanted


def allowed_hosts() -> list[str]:
    """The names under which the office is reached.

    Raises: ImproperlyConfigured for a name that lets in every other
    """
    hosts: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
    if wild := [host for host in hosts if host.strip() in ("*", ".", "")]:
        raise ImproperlyConfigured(
            f"ALLOWED_HOSTS 不能写成“{wild[0]}”：那样任何域名都会被当作本系统。请写明实际使用的域名或地址。"
        )
    return hosts


def chain_alg() -> str:
    """The digest new seals are made with.

    Raises: ImproperlyConfigured for one the chain does not know
    """
    alg = str(env.str("CHAIN_ALG", default="sha256"))
    if alg not in ("sha256", "sm3"):
        raise ImproperlyConfigured(f"CHAIN_ALG 应为 sha256 或 sm3，现在是“{alg}”。")
    return alg


def tsa_url() -> str:
    """The address of a time stamping authority, "" for none.

    Raises: ImproperlyConfigured when it is no web address
    """
    url = str(env.str("ANCHOR_TSA_URL", default=""))
    if url and not url.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"ANCHOR_TSA_URL 应为 http(s) 开头的网址，现在是“{url}”。")
    return url


def site_url(hosts: list[str], *, https: bool) -> str:
    """The address under which people open the house, for links in letters; told, or the first host.

    Raises: ImproperlyConfigured when it is no web address
    """
    url = str(env.str("SITE_URL", default="")) or f"{'https' if https else 'http'}://{hosts[0].lstrip('.')}"
    if not url.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"SITE_URL 应为 http(s) 开头的网址，现在是“{url}”。")
    return url.rstrip("/")


def robot_url(name: str) -> str:
    """The address robots of a platform are called at, "" where the platform is not used.

    Raises: ImproperlyConfigured when it is no web address, or brings a question of its own
    """
    url = str(env.str(name, default=""))
    if url and (not url.startswith(("https://", "http://")) or "?" in url):
        raise ImproperlyConfigured(f"{name} 应为 http(s) 开头、不带问号的网址，现在是“{url}”。")
    return url


def one_of(name: str, default: str, *others: str) -> str:
    """A setting with a few possible words.

    Raises: ImproperlyConfigured naming the words when it is another
    """
    words = dict.fromkeys((default, *others))
    given = str(env.str(name, default=default)) or default
    if given not in words:
        raise ImproperlyConfigured(f"{name} 只能是 {'、'.join(words)} 之一，现在是“{given}”。")
    return given


def password_validators(profile: str) -> list[dict[str, Any]]:
    """What a password is judged by: length and familiarity, or what the national scheme asks.

    profile: "default" or "dengbao3"
    Source:  ASVS 5.0 6.2.1-6.2.12; GB/T 22239-2019 8.1.4.1 a
    """
    django = "django.contrib.auth.password_validation."
    least = {"default": 10, "dengbao3": 8}[profile]
    found: list[dict[str, Any]] = [
        {
            "NAME": f"{django}UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ("username", "name")},
        },
        {"NAME": f"{django}MinimumLengthValidator", "OPTIONS": {"min_length": least}},
        {"NAME": f"{django}CommonPasswordValidator"},
        {"NAME": f"{django}NumericPasswordValidator"},
    ]
    if profile == "dengbao3":
        found.append({"NAME": "people.passwords.FourKindsValidator"})
    return found
