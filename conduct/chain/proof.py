#!/usr/bin/env python3
"""Prove that an audit has not been changed: rows against seals, seals against each other, heads against anchors.

Plain Python without Django or anything to install, so that an auditor can run this one file on a machine of his own:

    python3 -I verify_audit.py 导出目录 [--anchors 锚点文件] [--evidence 证据目录] [--tsa-ca 证书]

The house itself proves its database with the same functions. What is written here about digests is the whole
definition: row   H(0x00 ‖ line), the line being the row as a JSON array, keys sorted, no spaces, UTF-8;
            seal  H(0x01 ‖ JSON array of chain, seq, at, alg, previous, high, waiting, has_paper, members);
            anchor H(0x02 ‖ JSON array of no, at, alg, heads).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a row of each chain is, in the order in which it is spelt.
_ROW = ("id", "at", "actor_id", "actor_name", "verb", "label", "subject_type", "subject_id", "subject_name")
FIELDS = {
    "changes": (*_ROW, "before", "after", "reason", "details"),
    "reads": (*_ROW, "part", "slot"),
}
NAMES = {"changes": "审计记录", "reads": "查阅记录"}
ALGORITHMS = ("sha256", "sm3")
FILE_RECEIVED = "conduct.file_received"  # an entry of this verb tells with which digest a file was taken in
PRINTED = "文书“{number}”上印的校验码"
HOLDS = "核验通过：自最近一个锚点以前的记录没有被改动。"
UNANCHORED = "记录与封存相符，但没有锚点可核对：记录被截尾或整体替换无法排除。"

Row = tuple[int, bytes]
Step = Callable[[int], None]
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Any) -> bytes:
    """The one spelling of plain values that is hashed: sorted keys, UTF-8, no spaces."""
    return _spell(value).encode()


class Broken(Exception):
    """The first thing that is wrong, in one Chinese sentence."""


@dataclass(frozen=True)
class Seal:
    """One link of a chain: the digests of the rows it covers, and the link before.

    high:      largest row id covered so far
    waiting:   [first, last, since] of ids below it whose transactions had not ended
    has_paper: one of the rows tells of a paper that was issued
    members:   "id digest" a line, by id
    """

    chain: str
    seq: int
    at: str
    alg: str
    previous: str
    high: int
    waiting: list[list[Any]]
    has_paper: bool
    members: str
    digest: str

    def computed(self) -> str:
        """The digest the seal should carry."""
        told = [self.chain, self.seq, self.at, self.alg, self.previous, self.high, self.waiting]
        return _digest(self.alg, b"\x01", canonical([*told, self.has_paper, self.members]))

    def leaves(self) -> list[tuple[int, str]]:
        """Row ids with the digests they were sealed with."""
        words = self.members.split()
        return [(int(pk), leaf) for pk, leaf in zip(words[::2], words[1::2])]  # noqa: B905 even by construction


@dataclass(frozen=True)
class Walked:
    """A chain that held: how many rows and seals, its last link, and the rows not yet sealed."""

    rows: int
    seals: int
    last: Seal | None
    unsealed: int


def line_of(values: Iterable[Any]) -> bytes:
    """A row as it is hashed and exported."""
    return canonical(list(values))


def leaf_of(line: bytes, *, alg: str) -> str:
    """The digest of a row."""
    return _digest(alg, b"\x00", line)


def anchor_digest(anchor: dict[str, Any]) -> str:
    """The digest an anchor should carry."""
    return _digest(anchor["alg"], b"\x02", canonical([anchor[key] for key in ("no", "at", "alg", "heads")]))


def anchor_line(anchor: dict[str, Any]) -> str:
    """An anchor as one line of text, which is what leaves the house and what a time stamp is taken of."""
    return canonical({key: anchor[key] for key in ("no", "at", "alg", "heads", "digest")}).decode()


def walk(*, chain: str, rows: Iterable[Row], seals: Iterable[Seal], on_step: Step | None = None) -> Walked:
    """Go along a chain, rows by id and seals by number. Raises: Broken, naming the first bad row or seal"""
    stream, sealed = _Rows(chain, rows), 0
    last: Seal | None = None
    for seal in seals:
        _link(seal, last)
        for pk, leaf in seal.leaves():
            if leaf_of(stream.take(pk, seal), alg=seal.alg) != leaf:
                raise Broken(f"{_row(chain, pk)}的内容与第{seal.seq}号封存不符：封存以后被改动。")
            sealed += 1
        last = seal
        if on_step:
            on_step(sealed)
    return Walked(sealed, last.seq if last else 0, last, stream.rest(last))


class _Rows:
    """Rows taken by id from a stream in the order of ids; those passed over wait for a later seal."""

    def __init__(self, chain: str, rows: Iterable[Row]) -> None:
        self.chain, self.rows = chain, iter(rows)
        self.passed: dict[int, bytes] = {}
        self.held: Row | None = next(self.rows, None)

    def take(self, pk: int, seal: Seal) -> bytes:
        """The row of this id. Raises: Broken when it is not there"""
        while self.held is not None and self.held[0] <= pk:
            self.passed[self.held[0]] = self.held[1]
            self.held = next(self.rows, None)
        if pk in self.passed:
            return self.passed.pop(pk)
        raise Broken(f"{_row(self.chain, pk)}不见了：第{seal.seq}号封存记有这一条，库中已被删除。")

    def rest(self, last: Seal | None) -> int:
        """How many rows no seal covers yet. Raises: Broken for one that should not be there"""
        high, waiting = (last.high, last.waiting) if last else (0, [])
        left = [*self.passed, *([self.held[0]] if self.held else ()), *(pk for pk, _ in self.rows)]
        for pk in sorted(left):
            is_late = pk <= high or pk in self.passed
            if is_late and not any(first <= pk <= end for first, end, _ in waiting):
                raise Broken(
                    f"{_row(self.chain, pk)}不在任何封存之内，却排在已封存的记录前面：是事后插入的。",
                )
        return len(left)


@dataclass(frozen=True)
class Heads:
    """The seals there are: the digest of one by chain and number, and the number of the last of each chain."""

    digest_of: Callable[[str, int], str | None]
    ends: dict[str, int]


def hold_to_anchor(anchor: dict[str, Any], *, where: str, heads: Heads) -> None:
    """Compare the heads an anchor names with the chain. Raises: Broken"""
    if not _is_whole(anchor):
        raise Broken(f"{where}第{anchor['no']}号锚点的内容与其校验值不符：锚点被改动。")
    for chain, (seq, digest) in sorted(anchor["heads"].items()):
        hold_to_head(chain, seq, digest, where=f"{where}第{anchor['no']}号锚点", heads=heads)


def _is_whole(anchor: dict[str, Any]) -> bool:
    """Whether an anchor names heads as they are named here, and carries its own digest."""
    heads = anchor["heads"]
    are_heads = isinstance(heads, dict) and all(
        chain in NAMES and isinstance(head, list) and [type(part) for part in head] == [int, str]
        for chain, head in heads.items()
    )
    return are_heads and anchor["alg"] in ALGORITHMS and anchor_digest(anchor) == anchor["digest"]


def hold_to_head(chain: str, seq: int, digest: str, *, where: str, heads: Heads) -> None:
    """Compare one head kept elsewhere (an anchor, a printed paper) with the chain. Raises: Broken"""
    end = heads.ends[chain]
    if seq > end:
        raise Broken(
            f"{NAMES[chain]}链止于第{end}号封存，而{where}记有第{seq}号：其后的封存被截去，或者数据库恢复到了旧备份。",
        )
    if heads.digest_of(chain, seq) != digest:
        raise Broken(f"{NAMES[chain]}链第{seq}号封存与{where}不符：这一号或更早的封存被重做过。")


def file_digest(path: Path) -> str:
    """SHA-256 of a file; "" when it is not there."""
    if not path.is_file():
        return ""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()


def hold_file(*, name: str, sha256: str, path: Path) -> None:
    """Compare an original with its digest. Raises: Broken"""
    found = file_digest(path)
    if not found:
        raise Broken(f"证据原件“{name}”（{sha256[:12]}）不见了。")
    if found != sha256:
        raise Broken(f"证据原件“{name}”（{sha256[:12]}）与收到时的校验值不符：文件被改动。")


def hold_received(*, name: str, received: str, registered: str | None) -> None:
    """Compare the digest a file was received with and the one registered now. Raises: Broken"""
    if registered is None:
        raise Broken(f"证据“{name}”（{received[:12]}）的登记不见了：已被删除。")
    if registered != received:
        raise Broken(f"证据“{name}”登记的校验值与收到时的（{received[:12]}）不符：登记被改动。")


def _link(seal: Seal, last: Seal | None) -> None:
    wanted = last.seq + 1 if last else 1
    if seal.seq != wanted:
        raise Broken(f"{NAMES[seal.chain]}链缺第{wanted}号封存：封存被删去或调换。")
    if seal.previous != (last.digest if last else ""):
        raise Broken(f"{NAMES[seal.chain]}链第{seal.seq}号封存接不上前一号：封存被删去、调换或替换。")
    if seal.alg not in ALGORITHMS or seal.computed() != seal.digest:
        raise Broken(f"{NAMES[seal.chain]}链第{seal.seq}号封存的内容与其校验值不符：封存被改动。")


def _row(chain: str, pk: int) -> str:
    return f"第{pk}号{NAMES[chain]}"


def _digest(alg: str, kind: bytes, content: bytes) -> str:
    return hashlib.new(alg, kind + content).hexdigest()


@dataclass(frozen=True)
class Export:
    """A folder written by `manage.py export_audit`, and what the auditor holds besides (else the export's own copy).

    anchors: from outside the house, whichever place kept them; evidence: where the originals lie
    tsa_ca:  certificate of the time stamping authority, to check its signatures
    """

    folder: Path
    anchors: Path | None = None
    evidence: Path | None = None
    tsa_ca: Path | None = None

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of one file of the export."""
        with (self.folder / name).open("rb") as source:
            yield from (line.rstrip(b"\n") for line in source)

    def told(self, name: str) -> Iterator[dict[str, Any]]:
        """The same as JSON."""
        return (json.loads(line) for line in self.lines(name))

    def rows(self, chain: str) -> Iterator[Row]:
        """Rows of a chain, each as it is hashed."""
        return ((int(line[1 : line.index(b",")]), line) for line in self.lines(f"{chain}.jsonl"))

    def seals(self, chain: str) -> Iterator[Seal]:
        """Seals of a chain."""
        return (Seal(**told) for told in self.told(f"seals-{chain}.jsonl"))


def prove(export: Export, *, say: Callable[[str], None]) -> int:
    """Prove an export from end to end; how many anchors it was held to. Raises: Broken, naming the first bad item"""
    manifest = json.loads((export.folder / "manifest.json").read_text(encoding="utf-8"))
    if manifest["guards_missing"]:
        raise Broken(f"数据库的防改触发器不全：缺 {manifest['guards_missing'][0]}。")
    digests: dict[tuple[str, int], str] = {}
    ends: dict[str, int] = {}
    for chain in FIELDS:
        walked = walk(chain=chain, rows=export.rows(chain), seals=_noted(export.seals(chain), digests))
        ends[chain] = walked.last.seq if walked.last else 0
        say(f"{NAMES[chain]}：{walked.rows} 条、{walked.seals} 个封存相符，{walked.unsealed} 条尚未封存。")
    heads = Heads(lambda chain, seq: digests.get((chain, seq)), ends)
    say(f"锚点：{(anchors := _prove_anchors(export, heads))} 个相符。")
    say(f"证据原件：{_prove_files(export)} 个相符。")
    for paper in export.told("papers.jsonl"):
        mark = paper["chain"]
        if mark:
            where = PRINTED.format(number=paper["number"])
            hold_to_head("changes", mark["seq"], mark["digest"], where=where, heads=heads)
    return anchors


def _noted(seals: Iterator[Seal], digests: dict[tuple[str, int], str]) -> Iterator[Seal]:
    for seal in seals:
        digests[seal.chain, seal.seq] = seal.digest
        yield seal


def _prove_anchors(export: Export, heads: Heads) -> int:
    inside = list(export.told("anchors.jsonl"))
    for anchor in inside:
        hold_to_anchor(anchor, where="库内", heads=heads)
        _prove_stamp(export, anchor)
    outside = list(_outside(export.anchors or export.folder / "outside.jsonl"))
    for anchor in outside:
        hold_to_anchor(anchor, where="库外", heads=heads)
    return len(inside) + len(outside)


def _outside(path: Path) -> Iterator[dict[str, Any]]:
    """The anchors among the lines of a file or of letters; one cut off at the very end is passed over."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    for line in lines:
        if line.strip().startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                if line.endswith("\n"):
                    raise


def _prove_stamp(export: Export, anchor: dict[str, Any]) -> None:
    """A time stamp against the anchor it was taken of; OpenSSL knows how."""
    if not (anchor.get("stamp") and export.tsa_ca):
        return
    with tempfile.TemporaryDirectory() as folder:
        data, token = Path(folder, "line"), Path(folder, "token")
        data.write_bytes(anchor_line(anchor).encode())
        token.write_bytes(base64.b64decode(anchor["stamp"]))
        command = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(token), "-CAfile"]
        done = subprocess.run([*command, str(export.tsa_ca)], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise Broken(f"第{anchor['no']}号锚点的可信时间戳与锚点不符，或不是这家机构签发的。")


def _received(export: Export) -> Iterator[tuple[str, str, str]]:
    """Id, name and digest of each file, as the audit tells of its receipt."""
    for line in export.lines("changes.jsonl"):
        if f'"{FILE_RECEIVED}"'.encode() in line:
            entry = dict(zip(FIELDS["changes"], json.loads(line)))  # noqa: B905 a row has its fields
            if entry["verb"] == FILE_RECEIVED:
                yield entry["subject_id"], entry["subject_name"], entry["details"]["sha256"]


def _prove_files(export: Export) -> int:
    files = list(export.told("files.jsonl"))
    registered = {file["id"]: file["sha256"] for file in files}
    for pk, name, received in _received(export):
        hold_received(name=name, received=received, registered=registered.get(pk))
    evidence = export.evidence or export.folder / "evidence"
    if not evidence.exists():
        return 0
    for file in files:
        sha256 = file["sha256"]
        hold_file(name=file["name"], sha256=sha256, path=evidence / sha256[:2] / sha256[2:4] / sha256)
    return len(files)


def _lacking(asked: argparse.Namespace) -> str:
    """Which of the things named holds nothing to compare with: silence about it would pass for a comparison."""
    named = (("--anchors", asked.anchors), ("--evidence", asked.evidence), ("--tsa-ca", asked.tsa_ca))
    for option, path in named:
        if path is not None and not path.exists():
            return f"{option} 指明的 {path} 不存在。"
    if asked.anchors is not None and next(_outside(asked.anchors), None) is None:
        return f"--anchors 指明的 {asked.anchors} 里没有锚点。"
    return ""


def main() -> int:
    """Prove the export named on the command line; 1 and the first bad item when it does not hold."""
    parser = argparse.ArgumentParser(description="核验导出的审计数据：逐条核对封存、锚点、文书和证据原件。")
    parser.add_argument("folder", type=Path, metavar="导出目录")
    parser.add_argument("--anchors", type=Path, help="审计员自己保管的锚点（锚点文件或邮件正文，每行一个）")
    parser.add_argument("--evidence", type=Path, help="证据原件所在目录")
    parser.add_argument("--tsa-ca", type=Path, help="时间戳机构的证书（PEM），用于验签，须装有 openssl")
    asked = parser.parse_args()
    try:
        if lacking := _lacking(asked):
            print(f"没有核验：{lacking}请核对路径后重新运行；手里没有这一项，就去掉它再运行。")
            return 2
        anchors = prove(Export(asked.folder, asked.anchors, asked.evidence, asked.tsa_ca), say=print)
    except Broken as fault:
        print(f"发现问题：{fault}")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as fault:
        print(f"导出的数据读不出来（{type(fault).__name__}：{fault}）。请重新导出，或换一份拷贝。")
        return 2
    print(HOLDS if anchors else f"{UNANCHORED}手里有锚点的，用 --anchors 指明后再核验。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
