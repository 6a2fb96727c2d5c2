"""The HTTP API over the shipped corpus: a real application, asked through its own protocol and with OpenAI's client."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from kb.knowledge import KnowledgeBase
from kb.records.drafts import Author
from kb.settings import ApiSettings, ChatSettings, Settings
from tests.scripted_model import scripted_model
from ui.api import router
from ui.session import Session


class SetSession(Session):
    """A session with settings of the test's own."""

    def __init__(self, home: Path, **parts: Any) -> None:
        super().__init__(home)
        self.settings: Settings = self.settings.model_copy(update=parts)


def client_of(session: Session) -> TestClient:
    app = FastAPI()
    app.include_router(router(session))
    return TestClient(app)


@pytest.fixture(scope="module")
def session(sample_home: Path) -> Session:
    return Session(sample_home)


@pytest.fixture(scope="module")
def api(session: Session) -> Iterator[TestClient]:
    with client_of(session) as client:
        yield client


@pytest.fixture
def copied(sample_copy: KnowledgeBase) -> Iterator[TestClient]:
    with client_of(Session(Path(sample_copy.home))) as client:
        yield client


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_ask_replies_with_the_keys_of_the_command(api: TestClient) -> None:
    answer = api.post("/api/ask", json={"question": "投诉多久响应？"}).json()
    assert set(answer) >= {
        "question",
        "answer",
        "status",
        "citations",
        "followups",
        "nearest",
        "missing",
        "engine",
        "timings_ms",
    }
    assert (answer["status"], answer["engine"]) == ("answered", "embedded")
    assert "sentences" not in answer


def test_ask_streams_on_wish(api: TestClient) -> None:
    text = api.post("/api/ask", json={"question": "投诉多久响应？"}, headers={"accept": "text/event-stream"}).text
    (name, answer), *rest = events(text)
    assert (name, answer["status"], rest) == ("answer", "answered", [])


def test_search_documents_and_clauses(api: TestClient) -> None:
    hits = api.post("/api/search", json={"query": "投诉时限", "limit": 3}).json()["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    listed = api.get("/api/documents").json()["documents"]
    assert len(listed) == 11
    assert api.post("/api/documents", json={"document": "客户投诉处理SOP"}).json()["documents"][0]["sections"]
    read = api.get("/api/documents/客户投诉处理SOP/5.1-3").json()
    assert "10分钟" in read["quote"]
    assert read["number"] == "5.1"


def test_checklist_and_quiz(api: TestClient) -> None:
    items = api.post("/api/checklist", json={"topic": "投诉处理"}).json()["items"]
    assert all(item["citation"] for item in items)
    made = api.post("/api/quiz", json={"topic": "投诉", "n": 3, "types": "single,true_false"}).json()
    assert {question["type"] for question in made["questions"]} <= {"single", "true_false"}


def test_plan(api: TestClient) -> None:
    body = {"problem": "客户满意度从92%降到85%，投诉集中在响应慢", "framework": "8d", "start": "2026-12-01"}
    made = api.post("/api/plan", json=body).json()
    assert (made["framework"], len(made["phases"])) == ("8d", 8)


def test_a_draft_is_exported_as_it_was_made(copied: TestClient) -> None:
    made = copied.post("/api/checklist", json={"topic": "投诉处理"}).json()
    again = copied.get(f"/api/exports/draft-checklist/{made['draft']}")
    assert again.json() == made
    book = load_workbook(io.BytesIO(copied.get(f"{again.request.url}?format=xlsx").content))
    assert sum(isinstance(cell.value, int) for cell in book["检查表"]["A"]) == len(made["items"])
    refused = copied.get(f"{again.request.url}?format=pdf")
    assert (refused.status_code, "json、md、xlsx" in refused.json()["error"]["message"]) == (400, True)
    assert copied.get("/api/exports/draft-plan/ab12").status_code == 404


def test_drafts_are_listed_but_for_those_of_people_at_the_page(copied: TestClient, sample_copy: KnowledgeBase) -> None:
    checklist = copied.post("/api/checklist", json={"topic": "投诉处理"}).json()
    plan = copied.post("/api/plan", json={"problem": "客户满意度从92%降到85%"}).json()
    sample_copy.records.drafts.put("plan", "王芳的", {"title": "王芳的"}, by=Author("王芳", "1"))
    found = copied.get("/api/drafts").json()["drafts"]
    assert {one["draft"] for one in found} >= {plan["draft"], checklist["draft"]}
    assert "王芳的" not in {one["title"] for one in found}
    listed = copied.get("/api/drafts", params={"kind": "checklist", "limit": 1}).json()["drafts"]
    assert [(one["draft"], one["title"]) for one in listed] == [(checklist["draft"], checklist["title"])]
    assert listed[0]["documents"] == checklist["documents"]
    assert copied.get(f"/api/exports/draft-checklist/{listed[0]['draft']}").json()["title"] == checklist["title"]


def test_a_run_is_worked_through(copied: TestClient) -> None:
    made = copied.post("/api/checklist", json={"topic": "附录B", "document": "服务中断应急响应SOP"}).json()
    template = copied.post("/api/templates", json={"draft": made["draft"], "repeat": "daily"}).json()
    assert template["id"] in {one["template"]["id"] for one in copied.get("/api/due").json()["due"]}
    run = copied.post("/api/runs", json={"template": template["id"], "place": "东站", "by": "张三"}).json()
    line = f"/api/runs/{run['id']}/lines/3"
    refused = copied.post(line, json={"result": "fail"})
    assert (refused.status_code, "写明情况" in refused.json()["error"]["message"]) == (400, True)
    ticked = copied.post(line, json={"result": "fail", "note": "打不通", "by": "李四"}).json()
    assert (ticked["done"], ticked["failed"], ticked["lines"][2]["by"]) == (1, [3], "李四")
    assert copied.post(f"/api/runs/{run['id']}/finish", json={}).status_code == 400
    closed = copied.post(f"/api/runs/{run['id']}/finish", json={"incomplete": True}).json()
    assert "打不通" in closed["problem"]
    assert copied.get(f"/api/runs/{run['id']}").json()["finished_at"]
    assert [one["id"] for one in copied.get("/api/runs").json()["runs"]] == [run["id"]]
    assert "打不通" in copied.get(f"/api/exports/run/{run['id']}?format=csv").text
    assert copied.get("/api/runs/没有").status_code == 404


def test_a_picture_of_a_line_is_kept_with_those_of_the_page(copied: TestClient, sample_copy: KnowledgeBase) -> None:
    made = copied.post("/api/checklist", json={"topic": "附录B", "document": "服务中断应急响应SOP"}).json()
    template = copied.post("/api/templates", json={"draft": made["draft"]}).json()
    run = copied.post("/api/runs", json={"template": template["id"]}).json()["id"]
    address = f"/api/runs/{run}/lines/2/photo"
    picture = b"\xff\xd8\xff" + bytes(300 << 10)  # larger than any JSON may be
    line = copied.post(address, files={"photo": ("a.jpg", picture)}, data={"by": "李四"}).json()["lines"][1]
    assert (line["by"], line["result"]) == (None, None)
    kept = copied.get(f"/api/runs/{run}/photos/{line['photo']}")
    assert (kept.content, kept.headers["content-type"]) == (picture, "image/jpeg")
    folder = Path(sample_copy.home) / "photos" / run
    assert [one.name for one in folder.iterdir()] == [line["photo"]]
    several = [("photo", ("a.jpg", picture)), ("photo", ("b.jpg", picture))]
    for files, status, said in (
        ({"photo": ("a.jpg", b"<script>")}, 400, "这不是照片"),
        ({"photo": ("a.jpg", picture * 25)}, 413, "请求太大"),
        ({"file": ("a.jpg", picture)}, 400, "photo"),
        (several, 400, "一次只收一张"),
    ):
        refused = copied.post(address, files=files)
        assert (refused.status_code, said in refused.json()["error"]["message"]) == (status, True)
    elsewhere = copied.post(address, files={"photo": ("a.jpg", picture)}, headers={"origin": "http://evil.example"})
    assert elsewhere.status_code == 415
    assert copied.post(address, json={"photo": "a.jpg"}).status_code == 415
    missing = copied.post(f"/api/runs/{run}/lines/99/photo", files={"photo": ("a.jpg", picture)})
    assert (missing.status_code, "没有第 99 项" in missing.json()["error"]["message"]) == (400, True)
    copied.post(f"/api/runs/{run}/finish", json={"incomplete": True})
    assert "已经结束" in copied.post(address, files={"photo": ("a.jpg", picture)}).json()["error"]["message"]
    assert len(list(folder.iterdir())) == 1  # what was refused left nothing


def test_a_plan_is_kept_with_its_data_and_followed(copied: TestClient) -> None:
    table = "日期,原因,数量\n2026-09-01,响应慢,9\n2026-10-01,响应慢,4\n2026-10-02,收费,2\n"
    data = {"name": "../投诉.csv", "content": base64.b64encode(table.encode()).decode()}
    body: dict[str, Any] = {"problem": "客户满意度从92%降到85%", "start": "2026-01-05", "data": data}
    made = copied.post("/api/plan", json=body).json()
    assert (made["data"]["file"], made["data"]["rows"]) == ("投诉.csv", 3)
    kept = copied.post("/api/plans", json={"draft": made["draft"], "by": "王经理"}).json()
    assert kept["late"] == kept["total"] > 0
    first = kept["actions"][0]["id"]
    marked = copied.post(f"/api/plans/{kept['id']}/actions/{first}", json={"state": "done", "note": "好了"}).json()
    assert (marked["done"], marked["actions"][0]["note"]) == (1, "好了")
    again = copied.post("/api/plan", json={**body, "problem": "客户满意度从92%降到85%，培训没有效果"}).json()
    second = copied.post("/api/plans", json={"draft": again["draft"], "plan": kept["id"]}).json()
    assert second["version"] == 2
    changes = copied.get(f"/api/plans/{kept['id']}/changes").json()
    assert changes["added"]
    sheet = load_workbook(io.BytesIO(copied.get(f"/api/exports/plan/{kept['id']}?format=xlsx&version=1").content))
    assert "已完成" in {cell.value for cell in sheet["行动清单"]["K"]}
    broken = copied.post("/api/plan", json={**body, "data": {"name": "a.csv", "content": "=1+1"}})
    assert (broken.status_code, "base64" in broken.json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/api/runs", {"template": "没有"}, 404, "没有编号为 没有 的检查表模板"),
        ("/api/templates", {"draft": "没有"}, 404, "检查表草稿"),
        ("/api/plans", {"draft": "没有"}, 404, "改进方案草稿"),
        ("/api/plans/没有/actions/D1", {"state": "done"}, 404, "没有编号为 没有 的改进方案"),
        ("/api/ask", {"question": ""}, 400, "question 是空的"),
        ("/api/ask", {}, 400, "question 没有写"),
        ("/api/ask", {"question": "a", "documnet": "b"}, 400, "documnet 没有这个字段"),
        ("/api/ask", {"question": "a", "document": "没有的文档"}, 404, "没有名为“没有的文档”"),
        ("/api/search", {"query": "a", "limit": 0}, 400, "limit 太小"),
        ("/api/checklist", {"topic": " "}, 400, "请写明要检查什么"),
        ("/api/quiz", {"types": "riddle"}, 400, "不认识的题型“riddle”"),
        ("/api/plan", {"problem": "投诉多", "framework": "9d"}, 400, "不认识的方法“9d”"),
        ("/api/plan", {"problem": "投诉多", "start": "哪天"}, 400, "哪天"),
        ("/v1/chat/completions", {"messages": [{"role": "system", "content": "x"}]}, 400, "没有 user 消息"),
    ],
)
def test_what_is_wrong_is_said_in_one_form(
    api: TestClient, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    reply = api.post(path, json=body)
    assert reply.status_code == status
    assert says in reply.json()["error"]["message"]


def test_form_of_another_site_is_refused(api: TestClient) -> None:
    reply = api.post("/api/ask", content='{"question":"a"}', headers={"content-type": "text/plain"})
    assert reply.status_code == 415


def test_broken_json_is_refused(api: TestClient) -> None:
    reply = api.post("/api/ask", content="{", headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")


HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"question":["a"]}',
    b'{"question":{"a":1}}',
    b'{"question":null}',
    b'{"question":"\\ud800"}',
    b'{"question":"a","question":""}',
    b'{"question":"a","stream":"vielleicht"}',
    b'{"question":"a","conversation":12}',
    b'{"question":"' + b"a" * 5000 + b'"}',
)


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/api/quiz", "/api/plan", "/v1/chat/completions"])
def test_hostile_body_gets_one_clear_line(api: TestClient, path: str, body: bytes) -> None:
    reply = api.post(path, content=body, headers={"content-type": "application/json"})
    said = reply.json()["error"]["message"]
    assert (reply.status_code, "\n" in said) == (400, False)
    assert any("\u4e00" <= character <= "\u9fff" for character in said)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ask", 405),
        ("DELETE", "/api/documents", 405),
        ("GET", "/v1/chat/completions", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/v1/embeddings", 404),
        ("GET", "/v1/models/gpt-4o", 404),
        ("GET", "/api/documents/没有/5.1", 404),
    ],
)
def test_wrong_address_or_method_is_said_in_the_same_form(api: TestClient, method: str, path: str, status: int) -> None:
    reply = api.request(method, path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, status)


def test_guessing_keys_is_limited_too(sample_home: Path) -> None:
    with client_of(SetSession(sample_home, api=ApiSettings(keys=("geheim",), requests_per_minute=3))) as client:
        tried = [client.get("/v1/models", headers={"x-api-key": str(number)}).status_code for number in range(5)]
        assert tried == [401, 401, 401, 429, 429]
        assert client.get("/v1/models", headers={"x-api-key": "geheim"}).status_code == 200


def test_what_breaks_inside_is_told_without_its_insides(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret path")

    monkeypatch.setattr("ui.operations.search", broken)
    reply = api.post("/api/search", json={"query": "投诉"})
    assert (reply.status_code, "secret" in reply.text) == (500, False)


def test_many_at_once_are_all_answered(api: TestClient) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def ask(number: int) -> int:
        body = {"question": "投诉多久响应？"} if number % 2 else {"question": ""}
        return api.post("/api/ask", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(16))) == [400, 200] * 8


def test_markup_in_a_question_comes_back_as_text(api: TestClient) -> None:
    question = "<script>alert(1)</script>投诉多久响应？"
    reply = api.post("/api/ask", json={"question": question})
    assert reply.headers["content-type"] == "application/json"
    assert reply.json()["question"] == question


def test_keys_are_asked_for_where_they_are_set(sample_home: Path) -> None:
    with client_of(SetSession(sample_home, api=ApiSettings(keys=("geheim",)))) as client:
        assert client.get("/v1/models").status_code == 401
        assert client.get("/v1/models", headers={"authorization": "Bearer falsch"}).status_code == 401
        assert client.get("/v1/models", headers={"authorization": "Bearer geheim"}).status_code == 200
        assert client.get("/v1/models", headers={"x-api-key": "geheim"}).status_code == 200
        assert client.post("/mcp", json={}).status_code == 401


def test_rate_is_limited_for_each_key(sample_home: Path) -> None:
    limited = ApiSettings(keys=("a", "b"), requests_per_minute=3)
    with client_of(SetSession(sample_home, api=limited)) as client:
        replies = [client.get("/v1/models", headers={"x-api-key": "a"}) for _ in range(4)]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
        assert int(replies[-1].headers["retry-after"]) <= 21
        assert client.get("/v1/models", headers={"x-api-key": "b"}).status_code == 200


@pytest.mark.parametrize("told", [True, False])
def test_request_that_is_too_large_is_refused(sample_home: Path, told: bool) -> None:
    with client_of(SetSession(sample_home, api=ApiSettings(request_kilobytes=1))) as client:
        body = json.dumps({"question": "长" * 3000}).encode()
        content: Any = body if told else iter([body])
        reply = client.post("/api/ask", content=content, headers={"content-type": "application/json"})
        assert (reply.status_code, reply.json()["error"]["type"]) == (413, "request_too_large")


def test_reference_needs_nothing_from_outside(api: TestClient) -> None:
    page = api.get("/api/docs").text
    assert "/api/ask" in page
    assert "src=" not in page
    assert "https://" not in page
    assert "/v1/chat/completions" in api.get("/api/openapi.json").json()["paths"]


def test_follow_up_in_messages_stands_on_what_was_asked(api: TestClient) -> None:
    messages = [
        {"role": "user", "content": "一般投诉多久响应？"},
        {"role": "assistant", "content": "2小时"},
        {"role": "user", "content": [{"type": "text", "text": "那紧急的呢？"}]},
    ]
    reply = api.post("/v1/chat/completions", json={"model": "x", "messages": messages, "temperature": 1}).json()
    assert "15分钟" in reply["choices"][0]["message"]["content"]
    assert reply["citations"]


@pytest.mark.parametrize("stream", [True, False])
def test_official_client_reads_text_and_citations(api: TestClient, stream: bool) -> None:
    from openai import OpenAI

    client = OpenAI(base_url="http://testserver/v1", api_key="none", http_client=api)
    assert [model.id for model in client.models.list()] == ["shouce"]
    assert client.models.retrieve("shouce").id == "shouce"
    messages: Any = [{"role": "user", "content": "退款多久到账？"}]
    if stream:
        options: Any = {"include_usage": True}
        chunks = list(
            client.chat.completions.create(model="shouce", messages=messages, stream=True, stream_options=options)
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        citations = next(c for c in chunks if c.choices and c.choices[0].finish_reason).model_extra["citations"]
        assert chunks[-1].usage.total_tokens > 0
    else:
        reply = client.chat.completions.create(model="shouce", messages=messages)
        text, citations = reply.choices[0].message.content, reply.model_extra["citations"]
    assert "7个工作日" in text
    assert "出处：" in text
    assert citations[0]["marker"] == 1


def test_stream_of_a_chat_model_sends_only_what_stands(sample_home: Path) -> None:
    with scripted_model() as model:
        model.script = lambda e: e.say(f"{e.evidence()[1]}[1]\n编造99天。[2]\n{e.evidence()[2]}[2]")
        session = SetSession(sample_home, chat=ChatSettings(base_url=model.url, model="scripted"))
        with client_of(session) as client:
            body = {"messages": [{"role": "user", "content": "SOP怎么起草？"}], "stream": True}
            sent = client.post("/v1/chat/completions", json=body).text
            asked = events(client.post("/api/ask", json={"question": "SOP怎么起草？", "stream": True}).text)
    assert "编造" not in sent.replace("shouce", "").split('"shouce"')[0].split("sentences")[0]
    judged = [data["supported"] for name, data in asked if name == "sentence"]
    assert judged == [True, False, True]
    assert asked[-1][0] == "answer"
    assert asked[-1][1]["engine"] == "scripted"
    assert "编造" not in asked[-1][1]["answer"]


def test_empty_home_says_what_to_do(tmp_path: Path) -> None:
    with client_of(Session(tmp_path / "new")) as client:
        reply = client.post("/api/ask", json={"question": "投诉多久响应？"})
    assert reply.status_code == 409
    assert "shouce" in reply.json()["error"]["message"]
