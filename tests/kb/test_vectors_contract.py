"""One contract for both stores: langchain-tests' own suite, and what search relies on beyond it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as some
from langchain_core.documents import Document
from langchain_tests.integration_tests import VectorStoreIntegrationTests
from numpy.typing import NDArray

from kb.errors import HomeUnusable, IndexOutdated, SettingsInvalid
from kb.vectors.chroma_store import ChromaStore
from kb.vectors.faiss_store import FaissStore
from kb.vectors.faiss_vectors import FaissVectors
from tests.fakes import HashEmbeddings

Store = FaissStore | ChromaStore
TEXTS = ["客户投诉处理", "客户回访时限", "供应商切换流程", "停机应急响应"]


class TestFaiss(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self) -> FaissStore:
        return FaissStore(self.get_embeddings())


class TestChroma(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path: Path) -> Iterator[ChromaStore]:
        store = ChromaStore(self.get_embeddings(), collection="shouce-test", directory=tmp_path)
        yield store
        store.close()


@pytest.fixture(params=["faiss", "chroma"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "faiss":
        yield FaissStore(HashEmbeddings())
        return
    chroma = ChromaStore(HashEmbeddings(), collection="shouce-test", directory=tmp_path)
    yield chroma
    chroma.close()


def embed(texts: list[str]) -> NDArray[np.float32]:
    return np.asarray(HashEmbeddings().embed_documents(texts), dtype=np.float32)


def fill(store: Store, texts: list[str] = TEXTS) -> None:
    ids = [f"id{at}" for at in range(len(texts))]
    store.add_vectors(ids, embed(texts), documents=["a", "b"] * (len(texts) // 2), texts=texts)


def test_store_returns_the_nearest_with_cosines(store: Store) -> None:
    fill(store)
    query = embed(["客户投诉怎么处理"])[0]
    found = store.search_vector(query, limit=10)
    wanted = sorted(((f"id{at}", float(row @ query)) for at, row in enumerate(embed(TEXTS))), key=lambda pair: -pair[1])
    assert [key for key, _ in found] == [key for key, _ in wanted]
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=1e-5)
    assert all(type(score) is float for _, score in found)


def test_store_scores_are_cosines_for_vectors_of_any_length(store: Store) -> None:
    store.add_vectors(
        ["long", "short"], embed(TEXTS[:2]) * np.array([[50.0], [0.01]], np.float32), documents=["a", "a"]
    )
    assert store.search_vector(embed(TEXTS[:1])[0] * 7, limit=1) == [("long", pytest.approx(1.0, abs=1e-5))]


def test_store_gives_vectors_back_in_the_order_asked_for(store: Store) -> None:
    fill(store)
    store.delete(["id1"])
    found = store.vectors_of(["id3", "nobody", "id0", "id1", "id3"])
    wanted = embed(TEXTS)
    np.testing.assert_allclose(found, [wanted[3], wanted[0] * 0, wanted[0], wanted[0] * 0, wanted[3]], atol=1e-5)
    assert len(store.vectors_of([])) == 0
    store.add_vectors(["id1"], wanted[2:3], documents=["b"])
    np.testing.assert_allclose(store.vectors_of(["id1"]), wanted[2:3], atol=1e-5)


def test_store_takes_a_zero_vector(store: Store) -> None:
    store.add_vectors(["zero", "one"], np.eye(2, 64, dtype=np.float32) * [[0], [1]], documents=["a", "a"])
    assert dict(store.search_vector(np.eye(1, 64)[0], limit=2)) == pytest.approx({"zero": 0, "one": 0}, abs=1e-5)
    assert dict(store.search_vector(np.zeros(64), limit=2)) == pytest.approx({"zero": 0, "one": 0}, abs=1e-5)


@pytest.mark.parametrize(("documents", "wanted"), [(["a"], {"id0", "id2"}), (["a", "b"], {"id0", "id1", "id2", "id3"})])
def test_store_finds_only_in_the_given_documents(store: Store, documents: list[str], wanted: set[str]) -> None:
    fill(store)
    assert {key for key, _ in store.search_vector(embed(["客户"])[0], limit=9, documents=documents)} == wanted


@pytest.mark.parametrize("documents", [[], ["nobody"]])
def test_store_finds_nothing_in_no_documents(store: Store, documents: list[str]) -> None:
    fill(store)
    assert store.search_vector(embed(["客户"])[0], limit=9, documents=documents) == []


def test_store_that_is_empty_finds_nothing(store: Store) -> None:
    assert store.search_vector(embed(["客户"])[0], limit=5) == []
    assert store.ids() == set()


def test_store_limits_what_it_finds(store: Store) -> None:
    fill(store)
    assert len(store.search_vector(embed(["客户"])[0], limit=3)) == 3
    assert store.search_vector(embed(["客户"])[0], limit=0) == []


def test_store_replaces_a_known_id(store: Store) -> None:
    fill(store)
    store.add_vectors(["id0", "id0"], embed(["无关", "全新内容"]), documents=["b", "c"], texts=["无关", "全新内容"])
    assert store.ids() == {"id0", "id1", "id2", "id3"}
    assert store.search_vector(embed(["全新内容"])[0], limit=1, documents=["c"]) == [
        ("id0", pytest.approx(1.0, abs=1e-5))
    ]


def test_store_never_finds_what_was_deleted(store: Store) -> None:
    fill(store)
    store.delete(["id0", "id3", "unknown"])
    store.delete([])
    assert store.ids() == {"id1", "id2"}
    assert {key for key, _ in store.search_vector(embed(TEXTS)[0], limit=9)} == {"id1", "id2"}


def test_store_deletes_everything_when_no_ids_are_given(store: Store) -> None:
    fill(store)
    store.delete()
    assert store.ids() == set()
    fill(store)
    assert len(store.ids()) == 4


def test_store_takes_many_at_once(store: Store) -> None:
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(6000, 8)).astype(np.float32)  # above Chroma's largest batch (5461)
    store.add_vectors([f"n{at}" for at in range(6000)], vectors, documents=["a"] * 6000)
    assert len(store.ids()) == 6000
    assert store.search_vector(vectors[5999], limit=1)[0][0] == "n5999"


def test_store_serves_langchain_with_filter_and_metadata(store: Store) -> None:
    documents = [Document(page_content=text, metadata={"document": text[:2]}) for text in TEXTS]
    ids = store.add_documents(documents)
    assert store.similarity_search("投诉", k=1)[0].page_content == "客户投诉处理"
    (found,) = store.similarity_search("投诉", k=4, filter={"document": "停机"})
    assert (found.page_content, found.id) == ("停机应急响应", ids[3])
    retriever = store.as_retriever(search_type="mmr", search_kwargs={"k": 2, "fetch_k": 4})
    assert len(retriever.invoke("客户投诉")) == 2
    relevant = store.similarity_search_with_relevance_scores("客户投诉处理", k=1)
    assert relevant[0][1] == pytest.approx(1.0, abs=1e-5)


@examples(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=some.lists(some.tuples(some.booleans(), some.integers(0, 7)), max_size=12))
def test_faiss_agrees_with_a_dictionary(steps: list[tuple[bool, int]]) -> None:
    store, wanted = FaissStore(), {}
    vectors = np.eye(8, dtype=np.float32)
    for adds, at in steps:
        if adds:
            store.add_vectors([f"k{at}"], vectors[[at]], documents=[f"d{at % 2}"])
            wanted[f"k{at}"] = at
        else:
            store.delete([f"k{at}"])
            wanted.pop(f"k{at}", None)
    assert store.ids() == set(wanted)
    for key, at in wanted.items():
        assert store.search_vector(vectors[at], limit=1, documents=[f"d{at % 2}"]) == [(key, 1.0)]


# FAISS files


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    store = FaissStore(HashEmbeddings())
    store.add_texts(TEXTS, [{"document": "甲"}] * 4, ids=["一", "二", "三", "四"])
    store.save(tmp_path)
    return tmp_path


@pytest.mark.parametrize("writable", [False, True])
def test_faiss_opens_what_it_saved(saved: Path, writable: bool) -> None:
    store = FaissStore.open(saved, embedding=HashEmbeddings(), writable=writable)
    assert store.ids() == {"一", "二", "三", "四"}
    assert store.similarity_search("客户投诉处理", k=1) == [
        Document(page_content="客户投诉处理", metadata={"document": "甲"}, id="一")
    ]


def test_faiss_opened_writable_can_be_changed_and_saved_again(saved: Path, tmp_path: Path) -> None:
    store = FaissStore.open(saved, embedding=HashEmbeddings(), writable=True)
    store.delete(["二"])
    store.add_texts(["新增的一条"], ids=["五"])
    (tmp_path / "next").mkdir()
    store.save(tmp_path / "next")
    assert FaissStore.open(tmp_path / "next").ids() == {"一", "三", "四", "五"}


def test_faiss_saves_an_empty_store(tmp_path: Path) -> None:
    FaissStore().save(tmp_path)
    assert FaissStore.open(tmp_path).search_vector([1.0], limit=3) == []


def test_faiss_keeps_its_label_with_the_data(tmp_path: Path) -> None:
    vectors = FaissVectors()
    vectors.label = {"generation": "7"}
    vectors.save(tmp_path)
    assert FaissVectors.open(tmp_path).label == {"generation": "7"}


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize("name", ["vectors.faiss", "ids.npy", "owners.npy", "store.json", "texts.jsonl"])
@pytest.mark.parametrize("damage", [Path.unlink, _truncate, lambda path: path.write_bytes(b"\0" * 64)])
def test_faiss_names_damaged_files(saved: Path, name: str, damage: Callable[[Path], Any]) -> None:
    damage(saved / name)
    if name == "texts.jsonl" and not (saved / name).exists():
        pytest.skip("texts of its own are optional")
    with pytest.raises(IndexOutdated, match="shouce rebuild"):
        FaissStore.open(saved)


def test_faiss_of_another_dimension_asks_for_a_rebuild(saved: Path) -> None:
    with pytest.raises(IndexOutdated, match=r"3 维.*64 维"):
        FaissStore.open(saved).search_vector([1.0, 2.0, 3.0], limit=1)


# Chroma's places


def test_chroma_server_that_is_not_there_is_named() -> None:
    with pytest.raises(HomeUnusable, match=r"http://127\.0\.0\.1:9"):
        ChromaStore(collection="shouce-test", url="http://127.0.0.1:9")


def test_chroma_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="chroma_url"):
        ChromaStore(collection="shouce-test", url="localhost:8000")


def test_chroma_keeps_its_label_with_the_data(tmp_path: Path) -> None:
    store = ChromaStore(collection="shouce-test", directory=tmp_path)
    store.label = {"generation": "3"}
    assert store.label == {"generation": "3"}
    store.close()
    again = ChromaStore(collection="shouce-test", directory=tmp_path)
    assert again.label == {"generation": "3"}
    again.close()


# FAISS with more vectors than are all compared


def units(count: int, *, seed: int = 3) -> NDArray[np.float32]:
    """Return vectors in sixty loose groups, as texts on sixty subjects would be."""
    rng, subjects = np.random.default_rng(seed), np.random.default_rng(0).normal(size=(60, 32))
    made = subjects[rng.integers(60, size=count)] + 0.4 * rng.normal(size=(count, 32))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def many(count: int) -> tuple[FaissVectors, NDArray[np.float32]]:
    vectors, made = FaissVectors(), units(count)
    vectors.train(made[::4], count)
    for start in range(0, count, 700):
        some = slice(start, min(start + 700, count))
        ids = [f"n{at}" for at in range(some.start, some.stop)]
        vectors.add_vectors(ids, made[some], documents=[f"d{at % 50}" for at in range(some.start, some.stop)])
    return vectors, made


def recall(vectors: FaissVectors, made: NDArray[np.float32], alive: NDArray[np.int64]) -> float:
    found = []
    for query in units(40, seed=4):
        best = alive[np.argsort(-(made[alive] @ query))[:10]]
        found.append(len({f"n{at}" for at in best} & {key for key, _ in vectors.search_vector(query, limit=10)}))
    return sum(found) / 400


def test_faiss_lists_find_nearly_what_comparing_all_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.vectors.lists.PROBES", 24)
    vectors, made = many(6000)
    vectors.save(tmp_path)
    opened = FaissVectors.open(tmp_path)
    assert recall(opened, made, np.arange(6000)) >= 0.98
    key, cosine = opened.search_vector(made[77], limit=1)[0]
    assert (key, cosine) == ("n77", pytest.approx(1.0, abs=0.01))


def test_faiss_lists_find_all_of_a_few_documents(tmp_path: Path) -> None:
    vectors, made = many(3000)
    vectors.save(tmp_path)
    found = FaissVectors.open(tmp_path).search_vector(made[0], limit=500, documents=["d3", "d7"])
    assert {key for key, _ in found} == {f"n{at}" for at in range(3000) if at % 50 in (3, 7)}


def test_faiss_lists_can_be_changed_after_opening(tmp_path: Path) -> None:
    vectors, made = many(3000)
    vectors.save(tmp_path)
    changed = FaissVectors.open(tmp_path, writable=True)
    changed.delete([f"n{at}" for at in range(0, 1500, 2)])
    changed.add_vectors(["new", "n1"], made[[0, 2]], documents=["d99", "d1"])
    (tmp_path / "next").mkdir()
    changed.save(tmp_path / "next")
    again = FaissVectors.open(tmp_path / "next")
    assert len(again) == len(again.ids()) == 2251
    assert again.search_vector(made[0], limit=1, documents=["d99"])[0][0] == "new"
    assert {key for key, _ in again.search_vector(made[2], limit=9000)}.isdisjoint({"n2", "n0"})
    assert again.search_vector(made[2], limit=1)[0][0] == "n1"
    np.testing.assert_allclose(again.vectors_of(["n1", "n0", "n3"]), [made[2], made[0] * 0, made[3]], atol=0.01)


@pytest.mark.parametrize("damage", [Path.unlink, _truncate])
def test_faiss_names_damaged_lists(tmp_path: Path, damage: Callable[[Path], Any]) -> None:
    many(2000)[0].save(tmp_path)
    damage(tmp_path / "vectors.faiss")
    with pytest.raises(IndexOutdated, match="shouce rebuild"):
        FaissVectors.open(tmp_path)


def test_faiss_says_when_it_should_be_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.vectors.lists.EXACT", 1000)
    assert FaissVectors().suits(1000)
    assert not FaissVectors().suits(1001)
    vectors, _ = many(2000)
    assert [vectors.suits(count) for count in (400, 1000, 2000, 4000, 4001)] == [False, True, True, True, False]
    vectors.delete([f"n{at}" for at in range(501)])
    assert not vectors.suits(1499)
