"""The web page, first form: ask, read the answer with its citations, open the cited section beside it.

Thin: it calls the session's assistant and knowledge base and draws what they return. Everything a person typed or a
document contains is shown as text. Works offline: no fonts, scripts or analytics from outside.
"""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING

from kb.errors import ShouceError
from ui.present import STATUS_WORDS

if TYPE_CHECKING:
    import gradio

    from kb.model import Answer
    from ui.session import Session

_EXAMPLES = ("客户投诉来了怎么处理？", "补偿800元要谁批准？", "服务质量指标包括哪几类？")
_STYLE = """
.citation {display:inline-block;margin:0 .15em;padding:0 .4em;border-radius:.6em;background:#e8eefc;color:#1d3f8f;font-size:.85em}
.status {display:inline-block;margin-bottom:.5em;padding:.1em .7em;border-radius:.8em;background:#e6f4ea;color:#145c2c}
.status[data-status=not_found], .status[data-status=missing_in_source] {background:#fdeceb;color:#8c1d18}
.status[data-status=partial] {background:#fff4d6;color:#6b4e00}
.cited {background:#fff3b0}
#chat, #reader {line-height:1.75}
"""


def answer_html(answer: Answer) -> str:
    """Return an answer as HTML: its status, its lines with their markers as chips, its follow-up questions as text."""
    clauses = {citation.marker: citation.clause for citation in answer.citations}
    lines = [f'<div class="status" data-status="{answer.status}">{STATUS_WORDS[answer.status]}</div>']
    for line in answer.text.split("\n"):
        text = escape(line)
        for marker, clause in clauses.items():
            chip = f'<span class="citation" data-clause="{escape(clause)}">{escape(clause)}</span>'
            text = text.replace(f"[{marker}]", chip)
        lines.append(f"<div>{text}</div>")
    return "\n".join(lines)


def reader_html(session: Session, answer: Answer) -> str:
    """Return the section of the first citation in full, every cited clause of it marked."""
    if not answer.citations:
        return "<div>没有可以打开的出处。</div>"
    first = answer.citations[0]
    section = session.knowledge.section(first.document, first.section)
    cited = {c.clause for c in answer.citations if (c.document, c.section) == (first.document, first.section)}
    path = " › ".join((session.titles.get(first.document, ""), *section.path))
    blocks = [
        f'<p class="{"cited" if block.clause in cited else ""}" data-clause="{escape(block.clause)}">'
        f"{escape(f'{block.ordinal}{block.text}')}</p>"
        for block in section.blocks
    ]
    return f"<h4>{escape(path)}</h4>{''.join(blocks)}"


def build(session: Session) -> gradio.Blocks:
    """Return the page for ``session``; nothing is started."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read by gradio when it is imported
    import gradio

    def reply(question: str) -> tuple[str, str]:
        if not question.strip():
            return "<div>请先输入问题。</div>", ""
        try:
            answer = session.assistant.ask(question)
        except ShouceError as error:
            return f"<div>{escape(str(error))}</div>", ""
        return answer_html(answer), reader_html(session, answer)

    page: gradio.Blocks
    with gradio.Blocks(title="手册助手", analytics_enabled=False) as page:
        gradio.Markdown("# 手册助手\n问公司手册和 SOP，每句话都有出处；手册没有写的，如实说没有。")
        with gradio.Row():
            question = gradio.Textbox(
                label="问题", placeholder="例如：客户投诉来了怎么处理？", elem_id="ask-input", scale=8, autofocus=True
            )
            send = gradio.Button("提问", elem_id="ask-send", variant="primary", scale=1)
        with gradio.Row():
            chat = gradio.HTML(label="回答", elem_id="chat")
            reader = gradio.HTML(label="原文", elem_id="reader")
        gradio.Examples([[example] for example in _EXAMPLES], inputs=[question], label="可以这样问")
        for event in (send.click, question.submit):
            event(reply, inputs=[question], outputs=[chat, reader], api_visibility="private")
    return page


def serve(session: Session, *, host: str, port: int) -> None:
    """Serve the page until the process ends.

    Raises:
        ShouceError: the port cannot be used.
    """
    page = build(session)
    try:
        page.launch(
            server_name=host, server_port=port, share=False, ssr_mode=False, css=_STYLE, quiet=True, footer_links=[]
        )
    except OSError as error:
        raise ShouceError(f"{host}:{port} 不能使用（{error}），请用 --port 换一个端口") from error
