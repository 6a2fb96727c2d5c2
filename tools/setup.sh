#!/usr/bin/env bash
# Creates .venv and installs the pinned requirements. Usage: tools/setup.sh core|test
# Uses uv where it can be had (8 times faster), else pip. Writes .venv/stamp-core, .venv/stamp-test.
set -euo pipefail
part=${1:?core or test}
say() { printf '%s\n' "$*" >&2; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        printf '%s\n' "$candidate"
        return 0
    done
    say "需要 Python 3.11 或更新的版本，没有找到。请先安装（Debian/Ubuntu：apt-get install python3 python3-venv），或用 PYTHON=路径 指定。"
    return 1
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "正在安装 python3-venv ……"
            apt-get install -y -qq python3-venv >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; }
        else
            say "这个 Python 缺少 venv：请运行 sudo apt-get install python3-venv 后重试。"
            return 1
        fi
    fi
    say "正在创建虚拟环境 .venv ……"
    "$python" -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check uv 2>/dev/null || say "没有 uv，改用 pip（慢一些）。"
}

# install [--find-links X] -r FILE…
install() {
    if [ -x .venv/bin/uv ] && UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip install -q --python .venv/bin/python --compile-bytecode "$@"; then
        return 0
    fi
    .venv/bin/python -m pip install -q --disable-pip-version-check "$@"
}

core() {
    [ -x .venv/bin/python ] || make_venv
    say "正在安装依赖 ……"
    install -r requirements.lock
    install --no-deps -e .
    touch .venv/stamp-core
}

# Fonts and programs that some tests use; a test says why it skips where they are missing.
system_packages() {
    local missing=() package
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 0
    command -v soffice >/dev/null 2>&1 || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui)
    [ -n "$(fc-list :lang=zh 2>/dev/null | head -1)" ] || missing+=(fontconfig fonts-wqy-microhei)
    command -v chromium >/dev/null 2>&1 || missing+=(chromium)
    [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing+=(fonts-noto-cjk)
    [ ${#missing[@]} -eq 0 ] && return 0
    say "正在安装测试用的系统软件：${missing[*]} ……"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
        say "系统软件没有装上，用到它们的测试会跳过。"
}

# sentence-transformers needs torch. The CPU build is taken from pip's own find-links folder where there is one; a newer
# build from the registry would bring several gigabytes of CUDA.
transformers() {
    .venv/bin/python -c 'import torch' 2>/dev/null && return 0
    .venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 ||
        say "torch 没有装上，用到 sentence-transformers 的测试会跳过。"
}

test_part() {
    system_packages
    transformers
    say "正在安装测试依赖 ……"
    install -r requirements-test.lock
    touch .venv/stamp-test
}

case $part in
    core) core ;;
    test) test_part ;;
    *) say "tools/setup.sh core|test"; exit 2 ;;
esac
