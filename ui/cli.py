"""The command line. Standard output holds results only; progress, notes and errors go to standard error.

Knows arguments and exit codes: 0 done, 1 a problem named in one line, 2 wrong usage. Everything else it calls.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from kb.errors import ShouceError
from ui import present
from ui.bank_command import bank
from ui.batch import each, ingest_all
from ui.checklist_command import checklist
from ui.evaluate import evaluate
from ui.mcp import mcp
from ui.owner_command import owner
from ui.plan_command import plan
from ui.plans_command import plans
from ui.quiz_command import quiz
from ui.runs_command import runs
from ui.start import INTERRUPTED, INTERRUPTED_LINE
from ui.terminal import HomeOption, JsonOption, Progress, chosen_home, note, open_session, print_json
from ui.usage import usage_message

app = typer.Typer(
    name="shouce",
    help="手册助手：读懂公司的运营手册和 SOP，每句话都有出处。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DocumentOption = Annotated[
    str | None, typer.Option("--document", "-d", help="文档：编号、文件名或标题", show_default=False)
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("shouce"))
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="显示版本号", callback=_show_version, is_eager=True, show_default=False)
]


@app.callback()
def _root(home: HomeOption = None, _version: VersionOption = False) -> None:
    chosen_home[0] = home


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="文件、文件夹、通配符或 zip 包", show_default=False)],
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """读入文档：修复、分节、切块、建索引；没有变化的文件不重做。"""
    if not all(path.strip() for path in paths):
        raise typer.BadParameter("文件路径是空的")
    ingest_all(open_session(home), paths, as_json=json_)


@app.command()
def sample(json_: JsonOption = False, home: HomeOption = None) -> None:
    """载入自带的样例：一本运营手册和十份 SOP。"""
    from ingest.pipeline import sample_folder

    ingest_all(open_session(home), [sample_folder()], as_json=json_)


@app.command()
def outline(
    document: Annotated[
        str | None, typer.Argument(help="文档：编号、文件名或标题；不写则全部", show_default=False)
    ] = None,
    chosen: DocumentOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """列出文档的章节，标明缺失和中断的节。"""
    if document and chosen:
        raise typer.BadParameter("文档写了两次，请只用 --document 或只写参数")
    document = document or chosen
    knowledge = open_session(home).knowledge
    documents = [knowledge.find_document(document)] if document else list(knowledge.documents())
    trees = [(found, knowledge.sections(found.id)) for found in documents]
    if json_:
        print_json({"documents": [present.outline_json(found, sections) for found, sections in trees]})
    elif trees:
        typer.echo("\n\n".join(present.outline_text(found, sections) for found, sections in trees))
    else:
        note("知识库还是空的：请先运行 shouce ingest 文件…，或用 shouce sample 载入自带样例")


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="章节号，如 5.5、附录A；- 表示从标准输入逐行读取", show_default=False)],
    document: DocumentOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """显示一节的全文（含下级各节）。"""
    knowledge = open_session(home).knowledge

    def answer(one: str) -> dict[str, Any]:
        found, section = knowledge.find_section(one, document)
        return present.section_json(found.id, section, knowledge.section_text(found.id, section.number))

    def text(one: str) -> str:
        found, section = knowledge.find_section(one, document)
        body = knowledge.section_text(found.id, section.number)
        return f"{' > '.join(section.path)}{present.SECTION_WORDS[section.status]}\n\n{body}".rstrip()

    each(number, as_json=json_, answer=answer, text=text)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="要查的词或问题；- 表示从标准输入逐行读取", show_default=False)],
    limit: Annotated[int, typer.Option("-k", "--limit", min=1, max=1000, help="最多给出几条")] = 10,
    document: DocumentOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """检索：词和语义一起查，给出最相关的段落。"""
    from kb.search import Filter

    session = open_session(home)
    chosen = Filter(documents=frozenset({session.knowledge.find_document(document).id})) if document else None

    def titles(hits: Iterable[Any]) -> dict[tuple[str, str], str]:
        keys = {(hit.document, hit.chunk.section) for hit in hits}
        return {(d, s): session.knowledge.section(d, s).title for d, s in keys}

    def answer(one: str) -> dict[str, Any]:
        hits = session.assistant.search(one, limit=limit, filter=chosen)
        return present.hits_json(one, hits, titles(hits))

    def text(one: str) -> str:
        hits = session.assistant.search(one, limit=limit, filter=chosen)
        return present.hits_text(hits, titles(hits), session.titles)

    each(query, as_json=json_, answer=answer, text=text)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题；- 表示从标准输入逐行读取", show_default=False)],
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="接着这个会话问", show_default=False)
    ] = None,
    document: DocumentOption = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """提问：用原文回答，每句标明出处；手册没有写的如实说没有。"""
    from kb.search import Filter

    session = open_session(home)
    chosen = Filter(documents=frozenset({session.knowledge.find_document(document).id})) if document else None

    def reply(one: str) -> Any:  # noqa: ANN401
        return session.assistant.ask(one, conversation=conversation, filter=chosen)

    each(
        question,
        as_json=json_,
        answer=lambda one: present.answer_json(reply(one)),
        text=lambda one: present.answer_text(reply(one), session.titles),
    )


@app.command()
def remove(
    document: Annotated[str, typer.Argument(help="文档：编号、文件名或标题", show_default=False)],
    home: HomeOption = None,
) -> None:
    """从知识库删除一份文档（源文件不动）。"""
    knowledge = open_session(home).knowledge
    found = knowledge.remove(document)
    note(f"已删除《{found.title}》")


@app.command()
def rebuild(home: HomeOption = None) -> None:
    """按当前的向量模型和设置重建索引。"""
    session = open_session(home)
    progress = Progress()
    try:
        session.knowledge.rebuild(progress=lambda done, of: progress(f"已向量化 {done}/{of} 块"))
    finally:
        progress.close()
    note("索引已重建")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="备份文件，如 手册备份.zip", show_default=False)],
    home: HomeOption = None,
) -> None:
    """把整个数据目录备份成一个 zip（正在使用时也可以）。"""
    from kb.backup import backup as run

    run(open_session(home).settings.home, target)
    note(f"已备份到 {target}")


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="backup 生成的 zip", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="数据目录不为空时也恢复（原内容被替换）")] = False,
    home: HomeOption = None,
) -> None:
    """从备份恢复整个数据目录。"""
    from kb.backup import restore as run

    run(archive, open_session(home).settings.home, replace=force, notice=note)
    note("已恢复")


app.command(name="mcp")(mcp)
app.command(name="eval")(evaluate)
app.command(name="owner")(owner)
app.command(name="quiz")(quiz)
app.command(name="bank")(bank)
app.command(name="checklist")(checklist)
app.command(name="plan")(plan)
app.command(name="runs")(runs)
app.command(name="plans")(plans)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="监听的地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="监听的端口")] = 7860,
    home: HomeOption = None,
) -> None:
    """打开网页和接口：问答、手册、知识库、待解问题、看板。"""
    from ui.page.app import serve as run

    run(open_session(home), host=host, port=port)


@app.command()
def doctor(json_: JsonOption = False, home: HomeOption = None) -> None:
    """检查：装了什么、怎样配置、索引了什么，有问题怎么修。"""
    from ui.doctor import examine, report_text

    checks = examine(home or chosen_home[0])
    print_json({"checks": checks}) if json_ else typer.echo(report_text(checks))
    if any(check["status"] == "problem" for check in checks):
        raise typer.Exit(1)


def _fail(message: str) -> NoReturn:
    note(f"错误：{message}")
    sys.exit(1)


# What typer raises for wrong usage; it does not export the class itself.
_Usage: type[Exception] = typer.BadParameter.__bases__[0]


def main() -> None:
    """Run the command line; every expected error becomes one line."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        if _has_empty_home(sys.argv):
            raise typer.BadParameter("--home 后面的目录是空的")
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except ShouceError as error:
        _fail(str(error))
    except _Usage as error:
        note(usage_message(error))
        sys.exit(2)
    except SystemExit:  # how typer ends when the reader of a pipe has gone
        _drop_output()
        sys.exit(0)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except OSError as error:
        _drop_output()
        _fail(f"无法写出结果：{error.strerror or error}")
    if code == INTERRUPTED:
        note(INTERRUPTED_LINE)
    sys.exit(code if isinstance(code, int) else 0)


def _has_empty_home(arguments: list[str]) -> bool:
    """Say whether ``--home ""`` stands there, as a variable without a value leaves it; it would mean this folder."""
    pairs = zip(arguments, [*arguments[1:], "-"], strict=True)
    return any(one == "--home=" or (one == "--home" and not after) for one, after in pairs)


def _drop_output() -> None:
    """Keep the interpreter from flushing into an output that is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    main()
