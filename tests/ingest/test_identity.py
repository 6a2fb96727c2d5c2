"""Which document a file is: by its place, its content and how much it has in common, never by its name alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import Report, ingest
from kb.knowledge import KnowledgeBase
from tests.fakes import HashEmbeddings
from tests.kb.samples import settings_for

DUTY = ("值班人员每小时巡查一次机房。", "发现异常10分钟内上报主管。", "交接班时当面核对记录。", "巡查记录保存三年。")
TRAVEL = ("出差住宿凭发票报销。", "市内交通每天不超过80元。", "机票由行政部统一预订。", "返回后五天内提交报销单。")


def write(path: Path, clauses: tuple[str, ...], title: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "\n\n".join(f"## {at} 要求{at}\n\n{clause}" for at, clause in enumerate(clauses, start=1))
    path.write_text(f"# {title or path.stem}\n\n{body}\n", encoding="utf-8")
    return path


@pytest.fixture
def knowledge(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(settings_for(tmp_path / "home"), HashEmbeddings()) as opened:
        yield opened


def run(knowledge: KnowledgeBase, *paths: Path) -> list[Report]:
    return list(ingest(list(paths), knowledge))


def test_copy_under_another_name_is_known(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    first = write(tmp_path / "值班制度.md", DUTY)
    second = tmp_path / "值班制度（副本）.md"
    second.write_bytes(first.read_bytes())
    reports = run(knowledge, first, second)
    assert [report.status for report in reports] == ["added", "unchanged"]
    assert "《值班制度》（值班制度.md）内容完全相同" in reports[1].note
    assert len(knowledge.documents()) == 1


def test_namesake_with_nothing_in_common_is_a_document_of_its_own(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    first = write(tmp_path / "运维部" / "管理制度.md", DUTY)
    second = write(tmp_path / "行政部" / "管理制度.md", TRAVEL)
    run(knowledge, first)
    (report,) = run(knowledge, second)
    assert report.status == "added"
    assert "作为另一份文档《管理制度（行政部）》" in report.note
    assert [one.source for one in knowledge.documents()] == ["管理制度.md", "行政部/管理制度.md"]
    assert [report.status for report in run(knowledge, first, second)] == ["unchanged", "unchanged"]


def test_namesake_keeps_its_own_versions(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    first = write(tmp_path / "运维部" / "管理制度.md", DUTY)
    second = write(tmp_path / "行政部" / "管理制度.md", TRAVEL)
    run(knowledge, first)
    run(knowledge, second)
    write(second, (*TRAVEL[:3], "返回后三天内提交报销单。"))
    (report,) = run(knowledge, second)
    assert (report.status, report.note) == ("updated", "")
    assert [(one.source, one.version) for one in knowledge.documents()] == [
        ("管理制度.md", 1),
        ("行政部/管理制度.md", 2),
    ]


def test_next_version_from_another_folder_is_a_version_and_says_so(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    run(knowledge, write(tmp_path / "旧" / "值班制度.md", DUTY))
    (report,) = run(knowledge, write(tmp_path / "新" / "值班制度.md", (*DUTY[:3], "巡查记录保存五年。")))
    assert report.status == "updated"
    assert "新版本" in report.note
    assert [one.version for one in knowledge.documents()] == [2]


def test_file_that_is_rewritten_in_its_place_is_a_version(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    path = write(tmp_path / "管理制度.md", DUTY)
    run(knowledge, path)
    (report,) = run(knowledge, write(path, TRAVEL))
    assert report.status == "updated"
    assert "没有相同的内容" in report.note
    assert len(knowledge.documents()) == 1


def test_file_is_the_same_alone_and_below_a_folder(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    path = write(tmp_path / "制度" / "运维" / "值班制度.md", DUTY)
    run(knowledge, tmp_path / "制度")
    write(path, (*DUTY[:3], "巡查记录保存五年。"))
    (report,) = run(knowledge, path)
    assert report.status == "updated"
    assert [(one.source, one.version) for one in knowledge.documents()] == [("运维/值班制度.md", 2)]


def test_stages_are_told(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    told: list[str] = []
    list(ingest([write(tmp_path / "值班制度.md", DUTY)], knowledge, progress=told.append))
    assert [word for word in ("读取", "修复", "分节", "切块", "向量化") if any(word in one for one in told)] == [
        "读取", "修复", "分节", "切块", "向量化",
    ]  # fmt: skip
