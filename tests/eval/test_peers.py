"""The runner of other people's pipelines, with a peer of ten lines; the real ones only where they are installed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.dataset import Case
from eval.gold import Gold
from eval.peers import process
from eval.peers.__main__ import compare
from eval.peers.corpus import raw_sources, repaired_sources
from eval.peers.environments import default_folder, failure, install, python_of
from eval.peers.judge import Reply, facts_in, judge
from eval.peers.places import Places, places_of
from eval.peers.process import PeerFailed, PeerProcess
from eval.peers.programs import plain_reading
from eval.peers.programs.link import Source
from eval.peers.registry import ENVIRONMENTS, PEERS, Peer
from eval.peers.rows import Row
from eval.peers.table import as_json, table
from ingest.pipeline import ingest, sample_folder
from kb.errors import NothingIndexed, SourceUnreadable
from kb.knowledge import KnowledgeBase
from kb.settings import Settings, load_settings
from tests.fakes import HashEmbeddings

ROOT = Path(__file__).resolve().parents[2]
SOURCE = sample_folder() / "服务质量抽检SOP.md"
GBK = sample_folder() / "供应商切换SOP.txt"

# Lines of every source, found by the product's vectors.
FAKE = """
from eval.peers.programs.link import Found, serve
class Lines:
    def __init__(self, model): self.model = model
    def ingest(self, sources):
        print("a library that prints on standard output")
        self.lines = [line for source in sources for line in source.text.splitlines() if line.strip()]
        self.vectors = self.model.passages(self.lines)
        return len(self.lines)
    def search(self, question, limit):
        asked = self.model.question(question)
        scores = [sum(a * b for a, b in zip(asked, vector)) for vector in self.vectors]
        best = sorted(range(len(scores)), key=lambda at: -scores[at])[:limit]
        return [Found(self.lines[at], scores[at]) for at in best]
serve(Lines)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Peer:
    """Return the peer of ten lines."""
    return _peer(tmp_path, FAKE)


def _peer(folder: Path, program: str) -> Peer:
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    return Peer("fake", "Fake", str(path))


def _started(peer: Peer) -> PeerProcess:
    return PeerProcess(peer, python=Path(sys.executable), model=HashEmbeddings())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with one document; tests only read it."""
    home = tmp_path_factory.mktemp("one")
    with KnowledgeBase.open(load_settings(home)) as knowledge:
        assert [report.status for report in ingest([SOURCE], knowledge)] == ["added"]
    return home


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return three questions on that document, one of them not answerable."""
    rows = [
        {"question": "什么是抽样池？", "gold_sections": ["3.1"], "facts": [["未结投诉", "投诉"], ["全部工单"]]},
        {"question": "抽中的加急工单占比太低怎么补抽？", "gold_sections": ["4.1"], "facts": [["10%"]]},
        {"question": "食堂几点开饭？", "gold_sections": [], "answerable": False},
    ]
    path = tmp_path / "three.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


# the runner


def test_a_peer_finds_what_it_was_given(fake: Peer) -> None:
    with _started(fake) as running:
        chunks, spent = running.ingest([Source("a.txt", text="退款七天到账\n投诉两小时内回电")])
        hits, _ = running.search("退款", limit=1)
    assert chunks == 2
    assert [hit.text for hit in hits] == ["退款七天到账"]
    assert 0 < spent.waited < spent.seconds


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import no_such_library", "No module named 'no_such_library'"),
        ("import sys; sys.exit(3)", "exit code 3"),
        (
            "from eval.peers.programs.link import serve\ndef make(model): raise ValueError('两个\\n行')\nserve(make)",
            "两个",
        ),
        ("print('no protocol at all')", "exit code 0"),
    ],
)
def test_a_peer_that_cannot_start_says_why(tmp_path: Path, program: str, reason: str) -> None:
    with pytest.raises(PeerFailed, match=reason):
        _started(_peer(tmp_path, program))


def test_a_peer_whose_interpreter_is_gone_says_so(fake: Peer, tmp_path: Path) -> None:
    with pytest.raises(PeerFailed, match="python"):
        PeerProcess(fake, python=tmp_path / "python", model=HashEmbeddings())


def test_a_silent_peer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = FAKE.replace("asked =", "import time; time.sleep(60); asked =")
    monkeypatch.setattr(process, "SEARCH_SECONDS", 0.5)
    with _started(_peer(tmp_path, slow)) as running:
        running.ingest([Source("a.txt", text="退款七天到账")])
        with pytest.raises(PeerFailed, match=r"no answer in [01] s"):
            running.search("退款", limit=1)


def test_a_peer_that_dies_while_searching_says_why(tmp_path: Path) -> None:
    dying = FAKE.replace("asked =", "raise RuntimeError('out of luck'); asked =")
    with _started(_peer(tmp_path, dying)) as running:
        running.ingest([Source("a.txt", text="退款七天到账")])
        with pytest.raises(PeerFailed, match="out of luck"):
            running.search("退款", limit=1)


def test_rows_of_one_dataset_side_by_side(fake: Peer, questions: Path, home: Path, tmp_path: Path) -> None:
    broken = Peer("broken", "Broken", str(tmp_path / "none.py"))
    rows = compare([questions], [], home=home, venvs=tmp_path / "venvs", peers=[fake, broken])
    ours, lines, none = rows
    assert [row.given for row in rows] == ["repaired"] * 3
    for row in (ours, lines):
        assert row.quality is not None
        assert row.times is not None
        assert row.quality.hit_at_5 == 1.0
        assert row.times.question > 0
    assert ours.facts_in_answer == 1.0
    assert lines.times is not None
    assert lines.times.ingest is not None
    assert lines.times.ingest > (lines.times.passages or 0) > 0
    assert none.quality is None
    assert "none.py" in none.reason
    page = table("three", rows)
    assert len({line.count("|") for line in page.splitlines() if line.startswith("|")}) == 1
    assert none.reason in page
    assert json.loads(json.dumps(as_json(rows)))[0]["quality"]["hit_at_5"] == 1.0


def test_raw_files_are_ingested_and_handed_over_as_they_are(questions: Path, tmp_path: Path) -> None:
    plain = next(peer for peer in PEERS if peer.name == "plain")
    rows = compare([questions], [SOURCE], home=tmp_path / "home", venvs=tmp_path, peers=[plain])
    assert [(row.title == plain.title, row.given) for row in rows] == [
        (False, "raw"),
        (True, "raw"),
        (True, "repaired"),
    ]
    assert all(row.quality and row.quality.hit_at_5 == 1.0 for row in rows)
    assert rows[0].times is not None
    assert rows[0].times.ingest is not None
    assert rows[0].times.ingest > (rows[0].times.passages or 0) > 0


def test_what_is_not_installed_and_what_nobody_can_find_is_said(
    questions: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions.write_text('{"question":"退款多久到账？","gold_sections":["99"]}\n', encoding="utf-8")
    peer = _peer(tmp_path, "import no_such_library")
    rows = compare([questions], [], home=home, venvs=tmp_path, peers=[peer])
    assert "three: 1 answerable questions have no right section" in capsys.readouterr().err
    assert rows[0].quality is not None
    assert rows[0].quality.hit_at_5 == 0.0
    assert "not installed" in rows[1].reason
    assert "--install" in rows[1].reason


def test_nothing_to_compare_is_said(questions: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingIndexed, match="--source"):
        compare([questions], [], home=tmp_path / "home", venvs=tmp_path, peers=[])
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="没有题"):
        compare([empty], [], home=tmp_path / "home", venvs=tmp_path, peers=[])


def test_the_command_prints_and_writes_one_table(questions: Path, home: Path, tmp_path: Path) -> None:
    options = ["--dataset", questions, "--home", home, "--peer", "plain", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "eval.peers", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, cwd=ROOT)
    assert done.stdout == (tmp_path / "out" / "peers.md").read_text(encoding="utf-8")
    assert len(json.loads((tmp_path / "out" / "peers.json").read_text(encoding="utf-8"))) == 2


# where a hit comes from, and what it is worth


def test_a_hit_comes_from_the_section_that_holds_most_of_it() -> None:
    places = Places(
        {("m", "1"): "服务流程设计应当以客户为中心。", ("m", "2"): "投诉由专人在两小时之内回电并记录在案。"}
    )
    assert places.of("客户为中心。 投诉由专人在两小时之内回电") == ("m", "2")
    assert places.of("投诉由專(zhuān)人在兩小時\n之內回電") == ("m", "2")
    assert places.of("食堂每天中午十二点开饭，过时不候") is None
    assert places.of("") is None


def test_a_wide_window_holds_every_section_that_stands_in_it() -> None:
    places = Places(
        {("m", "1"): "服务流程以客户为中心。", ("m", "2"): "投诉两小时之内回电。", ("m", "3"): "食堂中午开饭。" * 3}
    )
    wide = "投诉两小时之内回电。服务流程以客户为中心。食堂"
    assert places.of(wide) in {("m", "1"), ("m", "2")}
    assert places.within(wide) == {("m", "1"), ("m", "2")}
    assert places.within("") == frozenset()


def test_every_section_of_the_corpus_is_its_own_place(sample: KnowledgeBase) -> None:
    places = places_of(sample)
    bodies = [
        ((document.id, section.number), section.body)
        for document in sample.documents()
        for section in sample.sections(document.id)
        if len(section.body) > 60
    ]
    right = [places.of(body) == place for place, body in bodies]
    assert len(right) > 100
    assert sum(right) / len(right) > 0.98


def test_ranks_count_sections_once_and_hits_from_nowhere_too(sample: KnowledgeBase) -> None:
    document = next(one for one in sample.documents() if one.title == "服务质量抽检SOP")
    case = Case("1", "fact", "？", ("3.1",), (("甲", "乙"), ("丙",)), answerable=True, document=document.title)
    gold, other = (document.id, "3.1"), (document.id, "4.1")
    reply = Reply(("甲乙", "-", "-", "-", "丙"), (None, other, other, gold, gold), frozenset({other, gold}), 0.5)
    quality = judge([case], [reply], Gold(sample))
    assert (quality.hit_at_1, quality.hit_at_5) == (0.0, 1.0)
    assert quality.mrr == pytest.approx(1 / 3)
    assert quality.within_first == 1.0, "the first hit holds the right section beside another"
    assert quality.facts_in_context == 0.5, "the fifth hit is not read"
    assert quality.auroc is None


def test_facts_are_found_under_glosses_and_in_traditional_characters() -> None:
    case = Case("1", "fact", "？", (), (("企业流程",), ("92%",)), answerable=True)
    assert facts_in(["企業(yè)流\n程", "达到９２％"], case) == 1.0
    assert facts_in(["企业的流程"], case) == 0.0


def test_a_failed_row_keeps_its_reason_inside_the_table() -> None:
    line = table("x", [Row("P", "raw", "x", reason="a | b")]).splitlines()[-1]
    assert line.endswith("| a / b |")


# what they are given


def test_repaired_text_holds_headings_and_items(sample: KnowledgeBase) -> None:
    sources = {source.name: source for source in repaired_sources(sample)}
    text = sources["服务质量抽检SOP.md"].text
    assert "3.1 术语" in text.splitlines()
    assert all(piece.text in text for piece in sources["服务质量抽检SOP.md"].pieces[:20])


def test_archives_are_refused(tmp_path: Path, settings: Settings) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("一.txt", "1 总则\n本规定适用于全公司。")
    with pytest.raises(SourceUnreadable, match="解压"):
        raw_sources([tmp_path / "a.zip"], settings.limits)


@pytest.mark.parametrize(
    "path", sorted(set(sample_folder().iterdir()) - {GBK}), ids=lambda path: f"{path.stem}{path.suffix}"
)
def test_plain_reading_gives_the_words_of_every_format(path: Path) -> None:
    if path.suffix == ".pdf":
        pytest.importorskip("pypdf", reason="pypdf reads PDF files for the peers (extra peers)")
    words = "".join(plain_reading.read(path).split())
    assert len(words) > 500
    assert "<" not in words[:200]
    assert "客户" in words


def test_plain_reading_takes_every_text_for_utf8() -> None:
    assert plain_reading.read(GBK).count("\ufffd") > 100


def test_plain_reading_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"图\.png"):
        plain_reading.read(tmp_path / "图.png")


# environments and layers


def test_what_cannot_be_installed_leaves_its_reason(tmp_path: Path) -> None:
    told: list[str] = []
    python = tmp_path / "none" / "bin" / "python"  # there already, so that the test need not make one
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    install(tmp_path, {"none": [f"none @ {(tmp_path / 'none').as_uri()}"]}, tell=told.append)
    assert "pip install failed" in failure(tmp_path, "none")
    assert python_of(tmp_path, "none") == Path(sys.executable)
    assert failure(tmp_path, "another") == ""


def test_every_peer_has_its_program_and_its_environment() -> None:
    programs = ROOT / "eval" / "peers" / "programs"
    assert all((programs / f"{peer.program}.py").exists() for peer in PEERS)
    assert {peer.environment for peer in PEERS} - {""} <= set(ENVIRONMENTS)


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_the_product_never_imports_the_peers() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for part in ("kb", "ingest", "assistant", "eval", "ui")
        for path in (ROOT / part).rglob("*.py")
        if "peers" not in path.parts and path.name != "ragas_judge.py"
        if any(name.startswith("eval.peers") for name in _imports(path))
    ]
    assert wrong == []


def test_peers_libraries_are_met_in_their_programs_only() -> None:
    libraries = {"langchain_community", "langchain_text_splitters", "lancedb", "llama_index", "ragas", "txtai"}
    wrong = [
        str(path.relative_to(ROOT))
        for part in ("kb", "ingest", "assistant", "eval", "ui")
        for path in (ROOT / part).rglob("*.py")
        if "programs" not in path.parts and {name.split(".")[0] for name in _imports(path)} & libraries
    ]
    assert wrong == []


def test_programs_see_nothing_of_the_product() -> None:
    product = {"kb", "ingest", "assistant", "ui"}
    for path in (ROOT / "eval" / "peers" / "programs").glob("*.py"):
        names = _imports(path)
        assert not {name.split(".")[0] for name in names} & product
        assert all(name.startswith("eval.peers.programs") for name in names if name.startswith("eval"))


# the peers themselves


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_real_peer_finds_a_sentence(peer: Peer, tmp_path: Path) -> None:
    python = python_of(default_folder(), peer.environment)
    path = tmp_path / "规定.txt"
    lines = ["退款应当在七个工作日之内到账。", "投诉由专人在两小时之内回电。", "抽样池是上月办结的全部工单。"]
    path.write_text("\n\n".join(line * 20 for line in lines), encoding="utf-8")
    try:
        running = PeerProcess(peer, python=python, model=HashEmbeddings())
    except PeerFailed as error:
        pytest.skip(f"{peer.name} is not installed ({error}): python -m eval.peers --install --peer {peer.name}")
    with running:
        chunks, _ = running.ingest([Source("规定.txt", path=str(path))])
        hits, _ = running.search("投诉由专人在两小时之内回电", limit=3)
        again, _ = running.ingest([Source("规定.txt", text=path.read_text(encoding="utf-8"))])
    assert chunks >= 1
    assert again >= 1
    assert "投诉" in hits[0].text
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
