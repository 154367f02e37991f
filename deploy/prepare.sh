#!/bin/sh
# Makes .venv hold what uv.lock says ("run": what serving needs; "dev": the tests and checks as well).
# Does nothing, in a few milliseconds, when it already does.
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}

say() { printf '%s\n' "$*" >&2; }

wanted_stamp() { cat uv.lock pyproject.toml | sha256sum | cut -d' ' -f1; }

# "dev" holds everything "run" needs, so either stamp serves a run.
up_to_date() {
    [ -x .venv/bin/python ] || return 1
    for kind in dev "$want"; do
        [ "$(cat ".venv/stamp-$kind" 2>/dev/null)" = "$stamp" ] && return 0
    done
    return 1
}

find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

apt_line="apt-get install -y --no-install-recommends python3 python3-venv"

# Root, or a user whose sudo asks nothing, may install; anyone else is told the line to run.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

install_venv_package() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root true || return 1
    say "正在安装系统软件包：python3 python3-venv"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive $apt_line -qq </dev/null >&2
}

venv_with_pip() { "$python" -m venv --clear .venv >/dev/null 2>&1 && .venv/bin/python -m pip --version >/dev/null 2>&1; }

# Prints the uv to use, having made .venv by whichever way this machine allows.
make_venv() {
    if venv_with_pip || { install_venv_package && python=$(find_python) && venv_with_pip; }; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore 'uv>=0.9' >&2
        echo .venv/bin/uv
    elif command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python "$python" .venv >&2 && command -v uv
    elif "$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .venv/uv 'uv>=0.9' >&2; then
        .venv/uv/bin/uv venv --quiet --allow-existing --python "$python" .venv >&2 && echo .venv/uv/bin/uv
    else
        return 1
    fi
}

stamp=$(wanted_stamp)
up_to_date && exit 0

python=$(find_python) || { install_venv_package && python=$(find_python); } || {
    say "需要 Python 3.11 或更新版本。请先运行：sudo $apt_line"
    exit 1
}
say "正在准备运行环境（首次约需半分钟）……"
uv=.venv/bin/uv
[ -x "$uv" ] || uv=.venv/uv/bin/uv
if ! "$uv" --version >/dev/null 2>&1 || ! .venv/bin/python -c '' 2>/dev/null; then
    uv=$(make_venv) || {
        rm -rf .venv
        say "无法建立 Python 虚拟环境。请先运行：sudo $apt_line"
        exit 1
    }
fi

groups=--no-default-groups
[ "$want" = dev ] && groups=
sync() { VIRTUAL_ENV= "$uv" "$@" sync --quiet --frozen --inexact $groups --python .venv/bin/python; }
# Behind a proxy that re-signs TLS only the certificates of the system are trusted.
sync 2>/dev/null || sync --system-certs || {
    say "依赖没有装全。请检查网络（需要能访问 pypi.org 与 files.pythonhosted.org），再运行一次。"
    exit 1
}
printf '%s\n' "$stamp" >".venv/stamp-$want"
