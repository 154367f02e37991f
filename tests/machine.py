"""What the tests need of the machine, and how it comes there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from tests import services


@dataclass(frozen=True)
class Need:
    """A system package, and how to tell that it is there already."""

    package: str
    is_present: Callable[[], bool]


CHROMIUM = Need("chromium", lambda: services.chromium() is not None)
CJK_FONT = Need("fonts-noto-cjk", services.has_cjk_font)
POSTGRES = Need("postgresql", lambda: services.postgres_programs() is not None)
REDIS = Need("redis-server", lambda: services.redis_server() is not None)
NEEDS = (CHROMIUM, CJK_FONT, POSTGRES, REDIS)


def apt_line(packages: list[str]) -> str:
    """The line a person runs to install them."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def missing() -> list[str]:
    """Packages that are not there."""
    return [need.package for need in NEEDS if not need.is_present()]


def install_missing() -> None:
    """Install what is missing when this user may without being asked, else say the line to run."""
    packages = missing()
    if not packages:
        return
    prefix = _leave_to_install()
    if prefix is None:
        print(f"缺少系统软件包。请运行：{apt_line(packages)}", flush=True)
        return
    print(f"正在安装系统软件包：{' '.join(packages)}", flush=True)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*apt, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    left = missing()
    if left:
        print(f"没有装上：{' '.join(left)}。请运行：{apt_line(left)}", flush=True)


def _leave_to_install() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None
