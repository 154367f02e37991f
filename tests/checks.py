"""`make check`: everything that reads the code without running its tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
CHECKS: list[tuple[str, list[str]]] = [
    ("格式", [str(BIN / "ruff"), "format", "--check", "."]),
    ("静态检查", [str(BIN / "ruff"), "check", "."]),
    ("导入约束", [str(BIN / "lint-imports")]),
    ("迁移齐全", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ("部署检查", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ("类型", [str(BIN / "mypy")]),
]


def environment(name: str, folder: str) -> dict[str, str]:
    """The environment of one check: a small office, but the deploy check sees production."""
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    clean |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "conduct.settings", "PYTHONPATH": str(ROOT)}
    if name == "部署检查":
        clean |= {
            "DATABASE_URL": "postgres://conduct@localhost/conduct",
            "REDIS_URL": "redis://localhost/0",
            "ALLOWED_HOSTS": "conduct.example",
            "SECRET_KEY": "".join(chr(33 + number) for number in range(80)),
        }
    return clean


def main() -> int:
    """Run every check, say which did not hold, and return how many."""
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="conduct-check-") as folder:
        for name, command in CHECKS:
            begun = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env=environment(name, folder), capture_output=True, text=True, check=False
            )
            print(
                f"{'通过' if done.returncode == 0 else '未过'}  {name}（{time.monotonic() - begun:.1f} 秒）",
                flush=True,
            )
            if done.returncode:
                broken.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"检查未通过：{'、'.join(broken)}" if broken else f"检查全部通过：{len(CHECKS)} 项", flush=True)
    return len(broken)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
