import json
import resource
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb import backup as module
from kb.backup import MANIFEST, backup, restore
from kb.errors import HomeUnusable, SourceTooLarge, SourceUnreadable
from kb.home import CATALOGUE
from kb.knowledge import KnowledgeBase
from kb.model import Answer
from tests.fakes import HashEmbeddings
from tests.kb.samples import TOPICS, parsed_document, settings_for


@pytest.fixture
def filled(home: Path) -> Path:
    """Return a home with a document, settings, synonyms and a conversation."""
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
        knowledge.records.record(Answer(question="问", text="答", status="answered"), conversation="c1")
    (home / "settings.toml").write_text("[search]\nstore = 'faiss'\n", encoding="utf-8")
    (home / "同义词.txt").write_text("投诉 客户反馈\n", encoding="utf-8")
    return home


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> Path:
    return backup(filled, tmp_path / "备份.zip").path


def texts(home: Path) -> set[str]:
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        found = knowledge.vector_search(knowledge.embeddings.embed_query("投诉"), limit=999)
        return {knowledge.chunk(key)[1].text for key, _ in found}


def test_backup_holds_all_but_what_can_be_rebuilt(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        assert set(packed.namelist()) == {CATALOGUE, "settings.toml", "同义词.txt", MANIFEST}
    assert archive.stat().st_mode & 0o077 == 0


def test_restore_brings_everything_back(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    restored = restore(archive, home)
    assert set(restored.files) == {CATALOGUE, "settings.toml", "同义词.txt"}
    assert texts(home) == set(TOPICS)
    assert (home / "同义词.txt").read_text(encoding="utf-8") == "投诉 客户反馈\n"
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        assert knowledge.records.turns("c1")[0].answer.text == "答"
        assert knowledge.add(parsed_document()).status == "unchanged"


def test_restore_needs_no_embedding(archive: Path, tmp_path: Path) -> None:
    restore(archive, tmp_path / "new")
    model = HashEmbeddings()
    with KnowledgeBase.open(settings_for(tmp_path / "new"), model) as knowledge:
        assert len(knowledge.vector_search([1.0] * 64, limit=999)) == len(TOPICS)
        knowledge.rebuild()
    assert model.calls == []


def test_restore_refuses_a_home_that_is_not_empty(archive: Path, filled: Path) -> None:
    with pytest.raises(HomeUnusable, match="不是空目录"):
        restore(archive, filled)
    (archive.parent / "file").write_text("x")
    with pytest.raises(HomeUnusable, match="不是空目录"):
        restore(archive, archive.parent / "file")


def test_restore_into_a_home_that_is_open_is_seen_by_its_reader(archive: Path, filled: Path) -> None:
    with KnowledgeBase.open(settings_for(filled), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document(["后来的要求"]))
        knowledge.refresh()
        restore(archive, filled, replace=True)
        assert knowledge.documents()[0].version == 1
        found = knowledge.vector_search(knowledge.embeddings.embed_query("投诉"), limit=999)
        assert {knowledge.chunk(key)[1].text for key, _ in found} == set(TOPICS)
        # the generation is the one that the later text had: its index must not be taken for this one
        knowledge.add(parsed_document(["又一份"]))
    assert texts(filled) == {"又一份"}


def test_restore_mends_a_damaged_home(archive: Path, filled: Path) -> None:
    (filled / CATALOGUE).write_bytes(b"damaged" * 1000)
    restore(archive, filled, replace=True)
    assert texts(filled) == set(TOPICS)


def test_backup_is_consistent_while_another_writes(filled: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with KnowledgeBase.open(settings_for(filled), HashEmbeddings()) as knowledge:
            while not stop.is_set():
                for at in range(20):
                    knowledge.add(parsed_document([f"第{at}次"] * 8))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        archives = [backup(filled, tmp_path / f"{at}.zip").path for at in range(5)]
    finally:
        stop.set()
        thread.join()
    for at, path in enumerate(archives):
        restore(path, tmp_path / str(at))
        assert len(texts(tmp_path / str(at))) in (1, len(TOPICS))


def test_backup_inside_the_home_does_not_hold_itself(filled: Path) -> None:
    backup(filled, filled / "a.zip")
    assert CATALOGUE in backup(filled, filled / "b.zip").files
    assert "a.zip" not in backup(filled, filled / "c.zip").files


def test_backup_does_not_overwrite_unless_told(filled: Path, archive: Path) -> None:
    with pytest.raises(HomeUnusable, match="已存在"):
        backup(filled, archive)
    assert backup(filled, archive, replace=True).size > 0


def test_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match="没有知识库"):
        backup(tmp_path, tmp_path / "a.zip")


def test_backup_of_a_damaged_home_is_refused(filled: Path, tmp_path: Path) -> None:
    data = bytearray((filled / CATALOGUE).read_bytes())
    data[4096:12288] = b"\xff" * 8192
    (filled / CATALOGUE).write_bytes(data)
    with pytest.raises(HomeUnusable, match=r"损坏|备份"):
        backup(filled, tmp_path / "a.zip")
    assert list(tmp_path.glob("*.zip")) == []


# hostile and damaged archives


def rewrite(archive: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """Return a copy of ``archive`` whose members and manifest ``change`` has edited."""
    with zipfile.ZipFile(archive) as packed:
        members = {name: packed.read(name) for name in packed.namelist() if name != MANIFEST}
        manifest = json.loads(packed.read(MANIFEST))
    change(members, manifest)
    target = archive.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
        packed.writestr(MANIFEST, json.dumps(manifest))
    return target


def smuggle(name: str) -> Callable[[dict[str, bytes], dict[str, Any]], None]:
    def change(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[name] = b"x"
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        manifest["files"].append({"name": name, "size": 1, "sha256": digest})

    return change


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/tmp/evil.txt", "a/../../evil", "a\\..\\evil", "C:evil", "index/x", "write.lock", "a//b", "./a"],
)
def test_restore_refuses_names_that_lead_elsewhere(archive: Path, tmp_path: Path, name: str) -> None:
    home = tmp_path / "deep" / "home"
    with pytest.raises(SourceUnreadable, match="文件名"):
        restore(rewrite(archive, smuggle(name)), home)
    assert list(home.iterdir()) == []
    assert not (tmp_path / "deep" / "evil.txt").exists()


def test_restore_takes_only_what_the_manifest_names(archive: Path, tmp_path: Path) -> None:
    restore(rewrite(archive, lambda members, _: members.update({"../evil.txt": b"x"})), tmp_path / "new")
    assert not (tmp_path / "evil.txt").exists()


def test_restore_refuses_a_bomb_that_lies_about_its_size(archive: Path, tmp_path: Path) -> None:
    bomb = rewrite(archive, lambda members, _: members.update({"settings.toml": b"\0" * (50 << 20)}))
    with pytest.raises(SourceUnreadable, match="校验不符"):
        restore(bomb, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_restore_refuses_a_bomb_that_does_not(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_RATIO_FREE", 1 << 20)

    def inflate(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["settings.toml"] = b"\0" * (40 << 20)
        manifest["files"][1]["size"] = 40 << 20

    with pytest.raises(SourceTooLarge, match="压缩比"):
        restore(rewrite(archive, inflate), tmp_path / "new")


def test_restore_refuses_what_does_not_fit_on_the_disk(archive: Path, tmp_path: Path) -> None:
    huge = rewrite(archive, lambda _, manifest: manifest["files"][0].update(size=1 << 60))
    with pytest.raises(SourceTooLarge, match="磁盘空间"):
        restore(huge, tmp_path / "new")


@pytest.mark.parametrize(
    "change",
    [
        lambda members, _: members.update({CATALOGUE: b"x" + members[CATALOGUE][1:]}),
        lambda members, _: members.pop(CATALOGUE),
        lambda _, manifest: manifest["files"].pop(0),
        lambda _, manifest: manifest.update(format=99),
        lambda _, manifest: manifest.clear(),
        lambda _, manifest: manifest.update(files=[{"name": CATALOGUE, "size": -1, "sha256": ""}]),
        lambda _, manifest: manifest.update(files="x"),
    ],
)
def test_restore_refuses_a_changed_archive(archive: Path, tmp_path: Path, change: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(SourceUnreadable):
        restore(rewrite(archive, change), tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_restore_refuses_a_database_that_is_no_catalogue(archive: Path, filled: Path, tmp_path: Path) -> None:
    other = filled / "other.sqlite3"
    other.write_bytes(b"no database" * 100)
    (filled / CATALOGUE).rename(tmp_path / "kept")

    def replace(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        import hashlib

        members[CATALOGUE] = other.read_bytes()
        digest = hashlib.sha256(members[CATALOGUE]).hexdigest()
        manifest["files"][0].update(size=len(members[CATALOGUE]), sha256=digest)

    with pytest.raises(SourceUnreadable, match="无法打开"):
        restore(rewrite(archive, replace), tmp_path / "new")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"hello"])
def test_restore_refuses_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable, match=r"x\.zip"):
        restore(path, tmp_path / "new")


def test_restore_of_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"missing\.zip"):
        restore(tmp_path / "missing.zip", tmp_path / "new")


def test_backup_to_a_full_disk_blames_the_target(filled: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))
    try:
        with pytest.raises(HomeUnusable, match=r"备份文件 .*满\.zip 无法写入：.*知识库没有改变"):
            backup(filled, tmp_path / "满.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert texts(filled) == set(TOPICS)
    assert not (tmp_path / "满.zip").exists()


def test_backup_makes_no_folders(filled: Path, tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable, match=r"文件夹 .*打错 不存在"):
        backup(filled, tmp_path / "打错" / "b.zip")
    assert not (tmp_path / "打错").exists()
    with pytest.raises(HomeUnusable, match="是文件夹"):
        backup(filled, tmp_path)
