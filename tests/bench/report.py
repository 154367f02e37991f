"""`python -m tests.bench.report`: docs/performance.md from the lines of the last runs of each engine and scale."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.bench.stock import KEPT, ROOT

MEASURED = KEPT / "measured"
TARGET = ROOT / "docs" / "performance.md"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PAGES = {
    "list": "问题台账，第一页",
    "list, last page": "问题台账，最后一页",
    "list by deadline": "问题台账，按期限排列",
    "list, overdue": "问题台账，只看逾期",
    "list, filter and text": "问题台账，筛选加查找文字",
    "detail": "一个问题的全部内容",
    "visits": "检查记录",
    "campaigns": "检查批次",
    "dashboard": "驾驶舱",
    "home": "我的工作",
    "filing": "登记一次检查（不带照片）",
    "all": "全部请求",
}
REACHES = {"city": "全市", "county": "一个县", "unit": "一个单位"}
WORDS = {
    "every second text": "常见词（四成文字都有）",
    "one in fifty": "五十分之一",
    "one in five hundred": "五百分之一",
    "a few": "罕见词（几条）",
    "once common, gone now": "过去常见、近来没有",
    "twenty letters": "二十个字",
    "Latin": "带字母的词",
    "absent": "没有的词",
    "absent, one letter": "没有的字",
    "absent, of common letters": "没有的词，由常用字组成",
    "one common letter": "一个常用字",
    "one rare letter": "一个少见字",
}
STEPS = {"seal": "封存", "verify": "核验（系统内）", "verify_audit.py": "核验（独立程序）"}
MOST_SHOWN = 100
SEARCH_AT_MOST = 20
HEAD = """# 页面有多快

本页由命令写成，不手改：`make bench` 测量，`.venv/bin/python -m tests.bench --report` 测量后写出本页。

倍数是与“底线”相比：底线是一个只有常用中间件的 Django 页面，从一次走索引的查询显示 50 行 7 列的表。
每测一次页面就测一次底线，轮流进行，取处理器时间的中位数相除，所以机器忙闲对倍数影响不大。
“上限”是本系统给自己定的倍数，空着的只看不限。

测量日期：{day}。机器：{machine}。
"""


def measured(name: str, command: list[str], environ: dict[str, str]) -> int:
    """Run a measurement in a process of its own, show its lines as they come and keep them; 1 when it failed."""
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        print(line, end="", flush=True)
        lines.append(line)
    failed = process.wait() != 0
    _keep(name, lines)
    return int(failed)


def _keep(name: str, lines: list[str]) -> None:
    """Keep the lines for the page; what a run did not measure stands as it was measured before."""
    path = MEASURED / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    known = {what(line): line for line in [*before, *lines]}
    path.write_text("".join(f"{line.strip()}\n" for line in known.values()), encoding="utf-8")


def what(line: str) -> str:
    """Which page, request, word or step a line is about."""
    facts = json.loads(line)
    return " ".join(
        str(facts[name]) for name in ("page", "load", "reach", "word", "chain", "xlsx") if name in facts
    )


def write() -> None:
    """Write the page."""
    text = HEAD.format(day=max(days(), default=date.today()).isoformat(), machine=machine())
    text += "".join(table(engine) for engine in ENGINES) + crowd() + words() + chain() + books()
    TARGET.write_text(text, encoding="utf-8")


def table(engine: str) -> str:
    """The pages of one engine, a column for each scale."""
    found = {scale: {line["page"]: line for line in lines} for scale, lines in runs("pages", engine)}
    scales = sorted(found)
    if not scales:
        return ""
    head = ["页面", "上限", *(f"{scale:,} 个问题" for scale in scales), "查询次数", "千字节", "由少到多"]
    rows = [
        [PAGES[name], f"{at_most(found, name)}", *cells(found, scales, name)]
        for name in PAGES
        if any("cpu_ratio" in lines.get(name, {}) for lines in found.values())
    ]
    return f"\n## {ENGINES[engine]}\n\n{drawn(head, rows)}"


def cells(found: dict[int, dict[str, Any]], scales: list[int], name: str) -> list[str]:
    """The ratios, then queries and size at the largest scale, then how the ratio grew."""
    lines = [found[scale].get(name, {}) for scale in scales]
    ratios = [line.get("cpu_ratio") for line in lines]
    told = [line for line in lines if "cpu_ratio" in line]
    growth = f"{ratios[-1] / ratios[0]:.2f}" if len(ratios) > 1 and ratios[0] and ratios[-1] else ""
    return [
        *("" if ratio is None else f"{ratio:.2f}" for ratio in ratios),
        str(told[-1]["queries"]),
        str(told[-1]["kilobytes"]),
        growth,
    ]


def at_most(found: dict[int, dict[str, Any]], name: str) -> str:
    """The limit the house set itself, empty without one."""
    limits = {lines[name].get("at_most") for lines in found.values() if name in lines} - {None}
    return f"{limits.pop()}" if limits else ""


def crowd() -> str:
    """Four people at once against the real server."""
    head = ["数据库", "请求", "次数", "一人时中位数（毫秒）", "四人时 95% 在此以内（毫秒）", "倍数", "出错"]
    rows = [
        [
            ENGINES[engine],
            PAGES.get(line["load"], line["load"]),
            str(line["requests"]),
            f"{line['alone_ms']}",
            f"{line['p95_ms']}",
            f"{line['ratio']}（上限 {line['at_most']}）" if "ratio" in line else "",
            str(line.get("errors", "")),
        ]
        for engine in ENGINES
        for _, lines in runs("load", engine)
        for line in lines
    ]
    if not rows:
        return ""
    busy = max(
        (
            line["busy"]
            for engine in ENGINES
            for _, lines in runs("load", engine)
            for line in lines
            if "busy" in line
        )
    )
    words = (
        "用 `make run` 的服务程序（SQLite 一个网页进程，PostgreSQL 两个，同正式部署），"
        "四人同时不停地操作 60 秒，两次请求之间不停顿；一人时单独测。"
        f"这里量的是等待的时间，机器上别的程序也算在内：测量时平均有 {busy} 个程序在等处理器。"
    )
    return f"\n## 四人同时\n\n{words}\n\n{drawn(head, rows)}"


def words() -> str:
    """The search, word by word."""
    rows = [
        [
            ENGINES[engine],
            REACHES[line["reach"]],
            WORDS[line["word"]],
            f"{line['found']}" if line["found"] <= MOST_SHOWN else f"{MOST_SHOWN} 以上",
            f"{line['first_page_ms']}",
            f"{line['next_page_ms']}",
        ]
        for engine in ENGINES
        for _, lines in runs("search", engine)
        for line in lines
        if "word" in line
    ]
    if not rows:
        return ""
    texts = max(scale for engine in ENGINES for scale, _ in runs("search", engine))
    head = ["数据库", "查找范围", "词", "找到", "第一页（毫秒）", "下一页（毫秒）"]
    told = f"{texts:,} 条文字，每个词查 15 遍取中位数，只算数据库的时间；上限 {SEARCH_AT_MOST} 毫秒。"
    return f"\n## 查找\n\n{told}\n\n{drawn(head, rows)}"


def chain() -> str:
    """The audit proved from end to end."""
    rows = [
        [
            ENGINES[engine],
            STEPS[line["chain"]],
            f"{line['rows']:,}",
            f"{line['seconds']}",
            f"{line['at_most'] or ''}",
        ]
        for engine in ENGINES
        for _, lines in runs("chain", engine)
        for line in lines
        if line.get("chain") in STEPS
    ]
    if not rows:
        return ""
    return f"\n## 审计链\n\n{drawn(['数据库', '步骤', '条数', '秒', '上限（秒）'], rows)}"


def books() -> str:
    """The ledger as a workbook."""
    rows = [
        [
            ENGINES[engine],
            f"{line['rows']:,}",
            f"{line['cpu_s']}",
            f"{line['library_cpu_s']}",
            f"{line['cpu_ratio']}（上限 {line['at_most']}）",
            f"{line['mb_over_idle']}（上限 {line['at_most_mb']}）",
        ]
        for engine in ENGINES
        for _, lines in runs("xlsx", engine)
        for line in lines
        if "xlsx" in line
    ]
    if not rows:
        return ""
    head = [
        "数据库",
        "行数",
        "导出（处理器秒）",
        "写表程序自身（处理器秒）",
        "倍数",
        "比空闲时多用内存（MB）",
    ]
    return f"\n## 导出台账（XLSX）\n\n{drawn(head, rows)}"


def drawn(head: list[str], rows: list[list[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def runs(kind: str, engine: str) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Each scale that was measured, with its lines."""
    for path in sorted(MEASURED.glob(f"{kind}-{engine}-*.jsonl")):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        yield int(path.stem.rpartition("-")[2]), lines


def days() -> Iterator[date]:
    """When the runs were made."""
    for path in MEASURED.glob("*.jsonl"):
        yield date.fromtimestamp(path.stat().st_mtime)


def machine() -> str:
    """What this ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    cores = os.cpu_count() or 1
    return f"{cores} 个处理器核心，{memory} GB 内存，Linux {platform.machine()}，Python {platform.python_version()}"


if __name__ == "__main__":
    write()
