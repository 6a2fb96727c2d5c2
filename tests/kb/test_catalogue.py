import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as some
from sqlalchemy import insert, select

from kb.catalogue import Catalogue, Model
from kb.errors import HomeBusy, HomeUnusable
from kb.model import Block, Chunk, Document, Health, ParsedDocument, Repair, Section, SourceWarning
from kb.rows import document_id, stored_chunks, text_key
from kb.tables import embeddings
from tests.kb.samples import parsed_document

MODEL = Model("fake/hash-64", 64)
text = some.text(some.characters(exclude_categories=("Cs",)), max_size=30)
block = some.builds(
    Block,
    clause=text,
    kind=some.sampled_from(["paragraph", "item", "row"]),
    text=text,
    start=some.integers(0, 10**6),
    end=some.integers(0, 10**6),
    ordinal=text,
    term=text,
    level=some.integers(0, 9),
    header=some.tuples(text, text),
    cells=some.lists(text, max_size=3).map(tuple),
    repaired=some.booleans(),
)
section = some.builds(
    Section,
    number=text,
    title=text,
    level=some.integers(1, 9),
    parent=text,
    path=some.lists(text, max_size=3).map(tuple),
    body=text,
    blocks=some.lists(block, max_size=3).map(tuple),
    status=some.sampled_from(["present", "missing_body", "truncated"]),
)
health = some.builds(
    Health,
    repairs=some.lists(some.builds(Repair, before=text, after=text, section=text), max_size=2).map(tuple),
    warnings=some.lists(some.builds(SourceWarning, section=text, message=text), max_size=2).map(tuple),
)


def put(catalogue: Catalogue, parsed: ParsedDocument) -> Document:
    stored = stored_chunks(document_id(parsed.source), parsed.chunks)
    return catalogue.put(parsed, stored, model=MODEL, parser="")


@examples(max_examples=25, deadline=None)
@given(sections=some.lists(section, max_size=4, unique_by=lambda one: one.number), health=health, title=text)
def test_catalogue_returns_what_was_put(sections: list[Section], health: Health, title: str) -> None:
    catalogue = Catalogue(Path(":memory:"))
    try:
        chunks = tuple(Chunk(one.number, (one.number,), title, one.body, one.level) for one in sections)
        document = put(catalogue, ParsedDocument(title, "甲.txt", "c", tuple(sections), chunks, health))
        assert catalogue.documents() == (document,)
        assert document.health == health
        assert catalogue.sections(document.id, 1) == tuple(sections)
        assert tuple(stored.chunk for stored in catalogue.chunks()) == chunks
    finally:
        catalogue.close()


def test_catalogue_keeps_sections_of_older_versions(catalogue: Catalogue) -> None:
    first, second = parsed_document(["旧的要求", "另一条"]), parsed_document(["新的要求", "另一条"])
    document = put(catalogue, first)
    assert put(catalogue, second).version == 2
    assert catalogue.sections(document.id, 1) == first.sections
    assert catalogue.sections(document.id, 2) == second.sections
    assert [version.checksum for version in catalogue.versions(document.id)] == [first.checksum, second.checksum]
    assert [stored.chunk.text for stored in catalogue.chunks()] == ["新的要求", "另一条"]


def test_catalogue_raises_generation_with_every_change(catalogue: Catalogue) -> None:
    generations = [catalogue.state().stamp.generation]
    document = put(catalogue, parsed_document())
    generations.append(catalogue.state().stamp.generation)
    put(catalogue, parsed_document(["改了"]))
    generations.append(catalogue.state().stamp.generation)
    catalogue.remove(document.id)
    generations.append(catalogue.state().stamp.generation)
    assert generations == [0, 1, 2, 3]


def test_catalogue_forgets_all_of_a_removed_document(catalogue: Catalogue) -> None:
    document, other = put(catalogue, parsed_document()), put(catalogue, parsed_document(source="乙.txt"))
    catalogue.remove(document.id)
    assert catalogue.documents() == (other,)
    assert catalogue.versions(document.id) == ()
    assert catalogue.sections(document.id, 1) == ()
    assert {stored.document for stored in catalogue.chunks()} == {other.id}


def test_catalogue_forgets_vectors_that_no_chunk_needs(catalogue: Catalogue) -> None:
    kept, gone = parsed_document(["留下", "去掉"]).chunks
    rows = [{"model": MODEL.id, "key": text_key(one.indexed), "vector": bytes(256)} for one in (kept, gone)]
    with catalogue.write() as connection:
        connection.execute(insert(embeddings), rows)
    put(catalogue, parsed_document(["留下", "去掉"]))
    put(catalogue, parsed_document(["留下", "换掉"]))
    with catalogue.read() as connection:
        assert list(connection.execute(select(embeddings.c.key)).scalars()) == [text_key(kept.indexed)]


def test_catalogue_rolls_back_a_change_that_fails(catalogue: Catalogue) -> None:
    document = put(catalogue, parsed_document())
    before = catalogue.state()
    broken = stored_chunks(document.id, parsed_document(["重复"]).chunks) * 2
    with pytest.raises(Exception, match="UNIQUE"):
        catalogue.put(parsed_document(["重复"]), broken, model=MODEL, parser="")
    assert catalogue.state() == before
    assert catalogue.documents() == (document,)


def test_catalogue_reader_keeps_its_snapshot_and_does_not_wait(catalogue: Catalogue) -> None:
    put(catalogue, parsed_document(["一", "二", "三"]))
    reading = catalogue.chunks()
    first = next(reading)
    put(catalogue, parsed_document(["四"]))
    assert [first.chunk.text, *(stored.chunk.text for stored in reading)] == ["一", "三", "二"]


def test_catalogue_takes_lone_surrogates_and_nul(catalogue: Catalogue) -> None:
    document = put(catalogue, parsed_document(["坏\ud800字", "零\0字节"]))
    assert [one.body for one in catalogue.sections(document.id, 1) if one.body] == ["1.坏?字", "1.零\0字节"]


def test_chunk_ids_are_ascii_and_stay_with_their_text() -> None:
    chunks = parsed_document(["同样", "同样", "不同"], chapters=1).chunks
    same = [Chunk("9", (), chunks[0].heading, chunks[0].text), *chunks]
    ids = [stored.id for stored in stored_chunks("doc-1", same)]
    assert len(set(ids)) == len(ids)
    assert all(key.isascii() for key in ids)
    assert stored_chunks("doc-1", chunks)[0].id == ids[0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("手册.docx", "手册.docx", True),
        ("甲/手册.docx", "甲\\手册.docx", True),
        ("é.txt", "e\u0301.txt", True),
        ("甲/手册.docx", "乙/手册.docx", False),
        ("手册.docx", "手册.pdf", False),
    ],
)
def test_document_id_is_of_the_source(one: str, other: str, same: bool) -> None:
    assert (document_id(one) == document_id(other)) is same
    assert document_id(one).isascii()


def test_document_id_is_readable_where_the_name_is() -> None:
    assert document_id("SOP_Complaint v2.docx").startswith("sop-complaint-v2-")


def test_catalogue_names_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(HomeUnusable, match=r"catalogue\.sqlite3 已损坏.*shouce restore"):
        Catalogue(path)


def test_catalogue_names_damaged_pages(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    catalogue = Catalogue(path)
    put(catalogue, parsed_document([f"第{number}条" * 40 for number in range(200)]))
    catalogue.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(HomeUnusable, match="已损坏") as caught:
        list(Catalogue(path).chunks())
    assert "\n" not in str(caught.value)


def test_catalogue_names_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HomeUnusable, match="应该是文件夹"):
        Catalogue(tmp_path / "file" / "catalogue.sqlite3")


def test_catalogue_that_stays_locked_is_busy(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.database.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(catalogue.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = Catalogue(catalogue.path)
        with pytest.raises(HomeBusy):
            put(impatient, parsed_document())
        impatient.close()
