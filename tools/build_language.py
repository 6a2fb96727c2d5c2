"""Build ``ingest/repair/language.npz``: how likely a Chinese character is after up to three others; figures, no text.

``python tools/build_language.py [--out FILE] [--skip NAME ...] SOURCE[=WEIGHT] ...`` where a source is a Markdown or text
file, a JSON-lines file with a ``text`` in each line, a table with a column ``review``, or a folder of these; ``--skip``
leaves out what has one of the names in its path. Each line counts once, as often as its source weighs; lines about work
in a company count ``ABOUT_WORK`` times more. jieba's dictionary counts inside words.

The shipped table was counted on 46 million characters of public text, folded to simplified characters: Chinese statutes
and regulations (LawRefBook/Laws, weight 0.5), instructions for assistants in every trade, in Chinese
(AgentWorkers/skills, MIT), work of start-ups and agencies (highwayns/BMAD-METHOD, MIT, weight 3), product documentation
(Dynamics 365 Operations and Project Operations, Partner Center, CC BY; TiDB, CC BY-SA), reviews of hotels, meals and
goods (ChineseNlpCorpus). Neither the shipped sample corpus nor any manual that
the tests measure on is among them, nor the public question sets. ``ingest/repair/language.py`` says what the arrays hold.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import rjieba
from count_language import BITS, Table, added, count, count_words, smoothed
from opencc import OpenCC

from ingest.repair.language import PATH, normalised, quantised

LEAST_CHARACTER = 5
"""Rarer characters are left out."""

DICTIONARY_SHARE = 0.01
"""What one occurrence in jieba's dictionary (60 million words) counts beside one in the sources."""

WORD_SHARE = 0.7
"""What share of a word's count comes from the sources; the rest comes from jieba's dictionary."""

LEAST_WORD, LEAST_NEW_WORD = 5, 8
"""Words rarer than this (in 60 million) are left out: names and noise that fit anything; new words, below this count."""

FEWEST_HAN, LEAST_HAN = 4, 0.4
"""How many characters of a line, and what share of it, must be Chinese."""

ABOUT_WORK = 2.0
"""What lines about work count more than others: manuals and procedures are what has to be read."""

_WORK = re.compile(
    "客户|服务|流程|员工|投诉|质量|管理|培训|绩效|考核|供应商|审批|岗位|职责|工单|反馈|满意度|改进|评估|标准|规范|制度|部门|主管|经理|记录|检查"
    "|风险|应急|沟通|团队|业务|运营|采购|合同|处理|回访|响应|目标|计划|监督|资源|成本|效率|优化|门店|顾客|售后|退款|赔偿|责任人|负责人|登记|核实"
    "|上报|整改|验收|交接|值班|安全|仓库|库存|订单|配送|设备|维护|保养|巡检|清洁|卫生|消防|预算|报销|财务|人事|招聘|入职|离职|薪酬|考勤|会议"
    "|档案|保密|信息"
)
_HAN = re.compile("[一-鿿]")
_WORD = re.compile("[一-鿿]{1,4}")
_NOT_PROSE = (
    (re.compile(r"\A---\n.*?\n---\n", re.DOTALL), ""),
    (re.compile(r"```.*?```", re.DOTALL), "\n"),
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"<[^<>\n]{1,300}>"), ""),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"https?://[^\s，。；）)]+"), ""),
    (re.compile(r"[`*_#>]+"), ""),
)


def texts(source: Path, skip: list[str]) -> Iterator[str]:
    """Yield the texts of a file or folder."""
    if any(name in str(source) for name in skip):
        return
    if source.is_dir():
        for path in sorted(source.iterdir()):
            yield from texts(path, skip)
    elif source.suffix == ".jsonl":
        yield from (json.loads(line).get("text", "") for line in source.read_text("utf-8").splitlines())
    elif source.suffix == ".csv":
        with source.open(encoding="utf-8", newline="") as stream:
            yield from (row.get("review") or "" for row in csv.DictReader(stream))
    elif source.suffix in (".md", ".txt"):
        yield source.read_text("utf-8", errors="ignore")


def prose(text: str, seen: set[int]) -> Iterator[str]:
    """Yield the Chinese lines of a text, without marks of Markdown, that are not among ``seen``."""
    for pattern, replacement in _NOT_PROSE:
        text = pattern.sub(replacement, text)
    for line in text.splitlines():
        plain = line.strip(" \t-+|\u3000")
        chinese = len(_HAN.findall(plain))
        if chinese >= FEWEST_HAN and chinese >= LEAST_HAN * len(plain) and hash(plain) not in seen:
            seen.add(hash(plain))
            yield re.sub(r"\s*\|\s*", "\n", plain)


def about_work(text: str) -> str:
    """Return the lines of normalised ``text`` that speak of work in a company: two of its words, one in 14 characters."""
    kept = []
    for line in text.split("\n"):
        found = _WORK.findall(line)
        if len(set(found)) > 1 and len(found) * 14 >= len(line) and line.count("a") * 8 < len(line):
            kept.append(line)
    return "\n".join(["", *kept, ""])


def build(sources: dict[Path, float], skip: list[str]) -> dict[str, np.ndarray]:
    """Return the arrays of the table; each source has a weight."""
    simplify = OpenCC("t2s").convert
    seen: set[int] = set()
    parts: list[tuple[str, float]] = []
    for source, weight in sources.items():
        lines = "\n".join(line for text in texts(source, skip) for line in prose(text, seen))
        part = normalised(simplify(f"\n{lines}\n"))
        parts += [(part, weight), (about_work(part), ABOUT_WORK)]
    codes = [np.frombuffer(part.encode("utf-16-le", "ignore"), dtype="<u2") for part, _ in parts]
    times = sum(np.bincount(one, minlength=65536) for one in codes[::2])
    characters = np.flatnonzero(times >= LEAST_CHARACTER)
    index = np.zeros(65536, np.int64)
    index[characters] = np.arange(1, len(characters) + 1)
    known = dictionary()
    counts = count_words(
        [
            (index[np.frombuffer(word.encode("utf-16-le"), dtype="<u2")], float(int(number * DICTIONARY_SHARE)))
            for word, number in known.items()
            if len(word) <= 4 and number * DICTIONARY_SHARE >= 1 and max(word) <= "\uffff"
        ]
    )
    for one, (_, weight) in zip(codes, parts, strict=True):
        counts = added(counts, [(keys, times * weight) for keys, times in count([index[one]])])
    plain = [part for part, _ in parts[::2]]
    return arrays(smoothed(counts, len(characters) + 1), characters) | words(plain, known) | scripts()


def dictionary() -> dict[str, int]:
    """Return jieba's dictionary: words and their counts in 60 million words."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("needs jieba")
    fields = (Path(spec.origin).parent / "dict.txt").read_text("utf-8").split()
    return dict(zip(fields[0::3], map(int, fields[1::3]), strict=True))


def words(parts: list[str], known: dict[str, int]) -> dict[str, np.ndarray]:
    """Return the words of the texts and of the dictionary, up to four characters long, and their counts together."""
    found: Counter[str] = Counter()
    for part in parts:
        for start in range(0, len(part), 500_000):
            found.update(rjieba.cut(part[start : start + 500_000]))
    new = {word for word, times in found.items() if times >= LEAST_NEW_WORD and _WORD.fullmatch(word)}
    scale = WORD_SHARE * sum(known.values()) / sum(found.values())
    both = {
        word: round((1 - WORD_SHARE) * known.get(word, 0) + scale * found[word])
        for word in new | {word for word in known if len(word) <= 4}
    }
    kept = sorted(word for word, times in both.items() if times >= LEAST_WORD or len(word) == 1)
    return {
        "words": np.frombuffer("\n".join(kept).encode(), dtype=np.uint8),
        "times": np.array([max(1, both[word]) for word in kept], np.uint32),
    }


def scripts() -> dict[str, np.ndarray]:
    """Return which characters OpenCC writes otherwise in the other script, and how; of the basic block and of GBK."""
    block = {chr(code) for code in range(0x4E00, 0x9FA6)}
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) if trail != 0x7F)
    every = sorted(
        block | {one for pair in pairs if len(one := pair.decode("gbk", "ignore")) == 1 and not one.isascii()}
    )
    found = {}
    for name, way in (("folded", "t2s"), ("turned", "s2t")):
        written = OpenCC(way).convert("\n".join(every)).split("\n")
        differ = [(ord(one), ord(other)) for one, other in zip(every, written, strict=True) if one != other <= "\uffff"]
        found[name] = np.array(differ, np.uint16)
    return found


def arrays(tables: list[Table], characters: np.ndarray) -> dict[str, np.ndarray]:
    """Return the tables as a tree: for each run how many longer ones begin with it, and the last character of each."""
    # number 0 stands for every other character: nothing is kept of it
    whole = [~_holds_other(table.keys, length) for length, table in enumerate(tables, start=1)]
    keys = [table.keys[keep] for table, keep in zip(tables, whole, strict=True)]
    logs = [quantised(table.logs[keep]) for table, keep in zip(tables, whole, strict=True)]
    backoff = [quantised(table.backoff[keep]) for table, keep in zip(tables, whole, strict=True)]
    found = {"characters": characters.astype(np.uint16), "logs_1": logs[0], "backoff_1": backoff[0]}
    for length in range(2, len(tables) + 1):
        before = np.searchsorted(keys[length - 2], keys[length - 1] >> BITS)
        found[f"children_{length}"] = np.bincount(before, minlength=len(keys[length - 2])).astype(np.uint16)
        found[f"last_{length}"] = (keys[length - 1] & ((1 << BITS) - 1)).astype(np.uint16)
        found[f"logs_{length}"] = logs[length - 1]
        if length < len(tables):
            found[f"backoff_{length}"] = backoff[length - 1]
    return found


def _holds_other(keys: np.ndarray, length: int) -> np.ndarray:
    holds = np.zeros(len(keys), bool)
    for at in range(length):
        holds |= (keys >> (BITS * at)) & ((1 << BITS) - 1) == 0
    return holds


def main() -> None:
    """Build the file and say its size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+", metavar="SOURCE[=WEIGHT]")
    parser.add_argument("--out", type=Path, default=PATH)
    parser.add_argument("--skip", nargs="*", default=[])
    options = parser.parse_args()
    weighed = [source.partition("=") for source in options.sources]
    found = build({Path(name): float(weight or 1) for name, _, weight in weighed}, options.skip)
    np.savez_compressed(options.out, **found)
    sizes = ", ".join(f"{name} {len(array)}" for name, array in found.items())
    print(f"{options.out.stat().st_size / 1024:.0f} KB  {options.out.name}: {sizes}")


if __name__ == "__main__":
    main()
