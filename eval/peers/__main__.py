"""Side by side: ``python -m eval.peers [--source FILE…] [--dataset FILE…] [--home H] [--out DIR]``.

Ingests the documents (default: the shipped sample) into a home of its own, gives the same files, and the text as it was
repaired, to every peer, asks all the same questions, and prints one table a dataset. ``--home`` names the home whose settings
hold, the embedding model above all; without ``--source`` its documents are taken as they stand, so that there are no raw rows.

The peers are run by interpreters of their own: ``--install`` makes one for each under ``--venvs`` (several gigabytes: txtai
brings torch). Or ``pip install shouce[peers]`` puts them beside the product, where their requirements agree. A peer that is not
there is a row that says so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.ask import Assistant
from eval.command import run
from eval.dataset import load, shipped
from eval.gold import Gold
from eval.peers.corpus import raw_sources, repaired_sources
from eval.peers.environments import default_folder, failure, install, python_of
from eval.peers.places import places_of
from eval.peers.programs.link import Source
from eval.peers.registry import ENVIRONMENTS, PEERS, Peer
from eval.peers.rows import Corpus, Given, Row, own_rows, peer_rows
from eval.peers.table import ABOUT, as_json, table
from eval.peers.timed import TimedEmbeddings
from ingest.pipeline import ingest, sample_folder
from kb.embeddings import open_embeddings
from kb.errors import NothingIndexed, ShouceError, SourceUnreadable, TargetUnwritable
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class _Opened:
    """The product's knowledge base, the raw files it was made of (none: it was there), and what that took."""

    knowledge: KnowledgeBase
    raw: list[Source]
    ingest: tuple[float, float] | None


def compare(
    datasets: Sequence[Path], sources: Sequence[Path], *, home: Path | None, venvs: Path, peers: Sequence[Peer] = PEERS
) -> list[Row]:
    """Return every row of every dataset, the product's first; ``sources`` may be empty where ``home`` has documents.

    Raises:
        ShouceError: a dataset or a document cannot be read, or there is none.
    """
    cases = {path.stem: load(path) for path in datasets}
    if empty := [str(path) for path in datasets if not cases[path.stem]]:
        raise SourceUnreadable(f"{empty[0]}：评测集里没有题")
    settings = load_settings(home)
    model = TimedEmbeddings(open_embeddings(settings.embedding))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        opened = _opened(settings, sources, folder, model)
        knowledge = stack.enter_context(opened.knowledge)
        corpus = Corpus(datasets=cases, gold=Gold(knowledge), places=places_of(knowledge))
        searcher = HybridSearcher(knowledge)
        chunks = sum(1 for _ in knowledge.chunks())
        if not chunks:
            raise NothingIndexed(f"{settings.home} 里没有文档：请用 --source 给出文件，或先运行 shouce ingest")
        _warn_of_homeless(corpus)
        _tell("Shouce")
        rows = own_rows(
            searcher, Assistant(knowledge, searcher), corpus, model=model, ingest=opened.ingest, chunks=chunks
        )
        given: list[tuple[Given, list[Source]]] = [("raw", opened.raw), ("repaired", repaired_sources(knowledge))]
        for peer in peers:
            for kind, texts in given:
                if texts and (peer.raw or kind == "repaired"):
                    rows += _rows(peer, kind, texts, corpus, venvs=venvs, model=model)
    return rows


def _rows(
    peer: Peer, given: Given, sources: Sequence[Source], corpus: Corpus, *, venvs: Path, model: TimedEmbeddings
) -> list[Row]:
    _tell(f"{peer.title}, {given}")
    if reason := failure(venvs, peer.environment):
        return [Row(peer.title, given, name, reason=reason) for name in corpus.datasets]
    rows = peer_rows(peer, given, sources, corpus, python=python_of(venvs, peer.environment), model=model)
    if rows and rows[0].reason:
        missing = rows[0].reason.startswith("ModuleNotFoundError")
        reason = f"not installed ({rows[0].reason}): --install" if missing else rows[0].reason
        _tell(f"  {reason}")
        rows = [replace(row, reason=reason) for row in rows]
    return rows


def _warn_of_homeless(corpus: Corpus) -> None:
    """Tell of questions whose right section is not in these documents: nobody can find it."""
    for name, cases in corpus.datasets.items():
        homeless = sum(case.answerable and not corpus.gold.sections_of(case) for case in cases)
        if homeless:
            _tell(
                f"{name}: {homeless} answerable questions have no right section in these documents and count as missed"
            )


def _opened(settings: Settings, sources: Sequence[Path], folder: Path, model: TimedEmbeddings) -> _Opened:
    """Return the home's knowledge base, or one of ``sources`` made anew under ``folder``, and timed."""
    if not sources:
        return _Opened(KnowledgeBase.open(settings, model), [], None)
    raw = raw_sources(sources, settings.limits)
    _ingested(
        settings, folder / "warm", [_warm_up(folder)], model
    )  # dictionaries are loaded: neither side pays for them
    clock = model.restart()
    started = time.perf_counter()
    knowledge = _ingested(settings, folder / "home", [Path(source.path) for source in raw], model)
    return _Opened(knowledge, raw, (time.perf_counter() - started, clock.passages))


def _ingested(settings: Settings, home: Path, sources: Sequence[Path], model: TimedEmbeddings) -> KnowledgeBase:
    knowledge = KnowledgeBase.open(settings.model_copy(update={"home": home}), model)
    for report in ingest(sources, knowledge):
        if report.status == "failed":
            raise ShouceError(report.error)
        _tell(f"  {report.source}: {report.sections} sections")
    HybridSearcher(knowledge).search("预热", limit=1)
    return knowledge


def _warm_up(folder: Path) -> Path:
    path = folder / "预热.txt"
    path.write_text("1 总则\n服务人员应当按照流程处理客户的请求?,并做好記錄。\n" * 3, encoding="utf-8")
    return path


def main() -> None:
    """Compare, print, and write what ``--out`` asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", action="append", type=Path, default=[], help="a file or folder; may be repeated")
    parser.add_argument("--dataset", action="append", type=Path, default=[], help="questions; may be repeated")
    parser.add_argument("--home", type=Path, help="the home whose settings hold, and whose documents without --source")
    parser.add_argument("--peer", action="append", choices=[peer.name for peer in PEERS], help="only these")
    parser.add_argument("--venvs", type=Path, default=default_folder(), help="where the peers' interpreters are")
    parser.add_argument("--install", action="store_true", help="make those interpreters first")
    parser.add_argument("--out", type=Path, help="a folder for peers.md and peers.json")
    options = parser.parse_args()
    peers = [peer for peer in PEERS if not options.peer or peer.name in options.peer]
    if options.install:
        install(options.venvs, _environments(peers), tell=_tell)
    sources = options.source or ([] if options.home else [sample_folder()])
    datasets = options.dataset or [shipped("sample_a"), shipped("sample_b")]
    rows = compare(datasets, sources, home=options.home, venvs=options.venvs, peers=peers)
    page = "\n".join(table(name, _of(rows, name)) for name in dict.fromkeys(row.dataset for row in rows))
    sys.stdout.write(f"{ABOUT}\n{page}")
    if options.out:
        _write(options.out, f"{ABOUT}\n{page}", rows)


def _environments(peers: Sequence[Peer]) -> dict[str, tuple[str, ...]]:
    return {peer.environment: ENVIRONMENTS[peer.environment] for peer in peers if peer.environment}


def _of(rows: Sequence[Row], dataset: str) -> list[Row]:
    return [row for row in rows if row.dataset == dataset]


def _write(folder: Path, page: str, rows: Sequence[Row]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "peers.md").write_text(page, encoding="utf-8")
        (folder / "peers.json").write_text(
            json.dumps(as_json(rows), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise TargetUnwritable(f"{folder}：无法写入（{error.strerror or error}）") from error


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    run(main)
