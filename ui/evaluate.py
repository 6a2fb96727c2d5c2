"""``shouce eval``: what the options ask for, handed to ``eval/``. Knows options and what is printed, not how it is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.errors import SourceUnreadable
from ui.terminal import HomeOption, JsonOption, Progress, note, open_session, print_json

if TYPE_CHECKING:
    from eval.compare import Compared
    from eval.dataset import Case
    from eval.judged import Judged
    from ui.session import Session


def evaluate(  # noqa: PLR0913 (one argument an option)
    dataset: Annotated[
        Path | None,
        typer.Option("--dataset", help="评测题，JSON Lines 或 xlsx；不写则用自带样例题", show_default=False),
    ] = None,
    unapproved: Annotated[bool, typer.Option("--unapproved", help="没有人工确认的自拟题也评测")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="把网页报告和逐题结果写进这个文件夹", show_default=False)
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", help="与另一次评测（它的报告文件夹）逐题比较", show_default=False)
    ] = None,
    gate: Annotated[
        Path | None,
        typer.Option("--gate", help="与基线文件比较，有指标变差且超出偶然波动就以 1 退出", show_default=False),
    ] = None,
    save_gate: Annotated[
        Path | None, typer.Option("--save-gate", help="把这次的逐题数字存为基线文件", show_default=False)
    ] = None,
    export: Annotated[
        tuple[str, Path] | None,
        typer.Option("--export", metavar="ragas FILE", help="把逐题结果导出给 ragas（JSON Lines）", show_default=False),
    ] = None,
    build: Annotated[
        Path | None,
        typer.Option(
            "--build", help="从知识库起草一份评测题，写进这个文件（jsonl 或 xlsx），供人修改和确认", show_default=False
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=5000, help="与 --build 一起：起草多少题")] = 80,
    seed: Annotated[int, typer.Option("--seed", help="与 --build 一起：换一个数，换一批题")] = 0,
    bench: Annotated[
        Path | None,
        typer.Option("--bench", help="改为评测公开检索集（BEIR 格式的文件夹），与朴素做法比较", show_default=False),
    ] = None,
    refusal: Annotated[bool, typer.Option("--refusal", help="与 --bench 一起：删去正确段落，看能否拒答")] = False,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="与 --bench 一起：向量存放的文件夹", show_default=False)
    ] = None,
    json_: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """用一组问题评测：检索、事实、引用、回答和拒答；可出报告、与另一次比较、守住基线。"""
    if build:
        _build(open_session(home), build, count=count, seed=seed, as_json=json_)
        return
    if bench:
        _bench(open_session(home), bench, cache=cache, refusal=refusal, as_json=json_)
        return
    from eval.compare import compare_runs
    from eval.gate import check, load_gate
    from eval.gate import save_gate as store_gate
    from eval.judged import load as load_run
    from eval.ragas_export import export_ragas
    from eval.report.page import write_report
    from eval.summary import summary

    if export and export[0] != "ragas":
        raise typer.BadParameter(f"--export 只支持 ragas，不支持 {export[0]}")
    session = open_session(home)
    name, cases = _cases(dataset, unapproved=unapproved)
    baseline = load_gate(gate) if gate else None
    earlier = load_run(compare) if compare else None
    judged = _judge(session, cases)
    compared = compare_runs(judged, earlier) if earlier is not None else None
    fell = check(judged, baseline) if baseline is not None else None
    _tell(summary(name, judged), judged, compared=compared, fell=fell, as_json=json_)
    _keep(session, name, judged, compared=compared)
    if report:
        note(f"报告：{write_report(report, name, judged, about=_about(session), compared=compared)}")
    if save_gate:
        store_gate(save_gate, name, judged)
        note(f"基线已存到 {save_gate}")
    if export:
        export_ragas(export[1], judged, {case.id: case.facts for case in cases})
        note(f"已导出到 {export[1]}")
    if fell:
        raise typer.Exit(1)


def _keep(session: Session, name: str, judged: list[Judged], *, compared: Compared | None) -> None:
    """Keep the report in the home as well, where the dashboard looks for the latest one; a full disk is no failure."""
    from eval.report.page import write_report
    from ui.latest_report import folder_of

    with suppress(SourceUnreadable):
        write_report(folder_of(session.settings.home), name, judged, about=_about(session), compared=compared)


def _cases(dataset: Path | None, *, unapproved: bool) -> tuple[str, list[Case]]:
    """Return the name and the cases of the dataset, without those that nobody has approved unless they are wanted."""
    from eval.dataset import load, shipped

    paths = [dataset] if dataset else [shipped("sample_a"), shipped("sample_b")]
    cases = [case for path in paths for case in load(path)]
    name = "+".join(path.stem for path in paths)
    waiting = sum(not case.approved for case in cases)
    if waiting and not unapproved:
        note(f"注意：{waiting} 题还没有人工确认（approved 为 false），没有评测；加 --unapproved 一并评测")
        cases = [case for case in cases if case.approved]
    if not cases:
        raise SourceUnreadable(f"{dataset}：没有可以评测的题；确认过的题请把 approved 改为 true，或加 --unapproved")
    return name, cases


def _build(session: Session, path: Path, *, count: int, seed: int, as_json: bool) -> None:
    """Draft a test set from the knowledge base."""
    from eval.draft.build import draft, told, write

    drafted = draft(session.knowledge, count=count, seed=seed)
    write(path, drafted)
    if as_json:
        print_json({"file": str(path), "cases": len(drafted), "types": dict(Counter(one.type for one in drafted))})
    else:
        typer.echo(told(path, drafted))


def _bench(session: Session, folder: Path, *, cache: Path | None, refusal: bool, as_json: bool) -> None:
    """Print how the configured search does on public sets, beside a plain pipeline."""
    from eval.bench_sets import default_cache, run_sets, text

    progress = Progress()
    rows = run_sets(
        folder,
        cache=cache or default_cache(),
        settings=session.settings,
        refusal=refusal,
        progress=progress,
    )
    progress.close()
    print_json({"sets": rows}) if as_json else typer.echo(text(rows))


def _judge(session: Session, cases: list[Case]) -> list[Judged]:
    from eval.run import Runner

    runner = Runner(session.knowledge, session.assistant)
    if homeless := runner.homeless(cases):
        shown = "、".join(case.id for case in homeless[:5]) + ("……" if len(homeless) > 5 else "")
        note(f"注意：{len(homeless)} 题的正确章节在知识库里找不到（{shown}）：章节号或文档变了，请改评测题，否则算答错")
    progress = Progress()
    judged = runner.run(cases, progress=lambda done: progress(f"已评测 {done}/{len(cases)} 题"))
    progress.close()
    return judged


def _about(session: Session) -> dict[str, str]:
    documents = session.knowledge.documents()
    return {
        "知识库": f"{len(documents)} 份文档",
        "向量模型": session.knowledge.embeddings.model_id,
    }


def _tell(
    result: dict[str, Any], judged: list[Judged], *, compared: Compared | None, fell: list[str] | None, as_json: bool
) -> None:
    """Print the run, its comparison and whether the gate holds; a fallen metric is a line on standard error each."""
    from eval.compare import comparison_json, comparison_text

    if as_json:
        extra: dict[str, Any] = {"comparison": comparison_json(compared)} if compared else {}
        if fell is not None:
            extra["gate"] = {"passed": not fell, "fell": fell}
        print_json({**result, **extra})
    else:
        typer.echo(_text(result, judged))
        if compared:
            typer.echo(comparison_text(compared))
    for line in fell or ():
        note(f"未过基线：{line}")
    if fell == []:
        note("基线守住了")


def _text(result: Mapping[str, Any], judged: list[Judged]) -> str:
    """Return a run for a terminal: the numbers, then every case a person should look at, with the reasons."""
    from eval.why import reasons

    lines = [f"{result['dataset']}：{result['cases']} 题"]
    for name, value in result["metrics"].items():
        span = result["intervals"].get(name)
        interval = f"  95% [{span[0]:.3f}, {span[1]:.3f}]" if span else ""
        lines.append(f"  {name:<20} {value if value is not None else '—'}{interval}")
    for one in judged:
        if one.failed:
            lines.append(f"  ✗ {one.id} [{one.status}] {one.question}")
            lines += [f"      {reason}" for reason in reasons(one).values()]
    return "\n".join(lines)
