from __future__ import annotations

import pytest

from ingest.repair import notice, repair
from tests.damage_plain import HEAD_NOTICE, TAIL_NOTICE, add_glosses, corpus, source, to_traditional

BODY = ["第一章 总则", "1.1 目的 规范服务。", "1.2 范围：全体员工。", "综上，本手册自发布之日起施行。"]


def kept(lines: list[str]) -> list[str]:
    trim = notice.find(lines)
    return lines[trim.first : trim.last]


def test_notice_lines_at_both_ends_are_cut_and_recorded() -> None:
    mended = repair(source("\n".join([*HEAD_NOTICE, *BODY, *TAIL_NOTICE])))
    assert [line.text for line in mended.lines] == BODY
    cuts = [one for one in mended.repairs if one.kind == "notice"]
    assert [one.after for one in cuts] == ["", ""]
    assert cuts[1].before.startswith("温馨提示")
    assert "…" in cuts[1].before


@pytest.mark.parametrize("document", corpus())
def test_notice_around_every_document_is_cut_exactly(document: str) -> None:
    body = [line for line in document.split("\n") if line]
    turned = [add_glosses(to_traditional(line)) for line in (*HEAD_NOTICE, *body, *TAIL_NOTICE)]
    assert kept(turned) == turned[len(HEAD_NOTICE) : -len(TAIL_NOTICE)]
    assert kept(body) == body


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        (
            ["VIP免费下载", "企业手册.docx", "文档大小：1.2MB", "第1页 共20页"],
            ["还剩15页未读，继续阅读", "下载文档", "¥ 9.90", "猜你喜欢", "物业管理手册"],
        ),
        (["道客巴巴", "所需积分：200", "浏览次数：123"], ["1/20", "相关文档", "更多>>"]),
        (
            [],
            [
                "原创力文档创建于2008年，本站为文档C2C交易模式，即用户上传的文档直接分享给其他用户（可下载、阅读）。",
                "文档评论(0)",
                "发表评论",
            ],
        ),
        (
            [],
            [
                "该文档来自用户分享，如有侵权行为请发邮件ishare@vip.sina.com联系网站客服，我们会及时删除。",
                "下载需要:20积分",
            ],
        ),
        ([], ["豆丁网 docin.com", "下载此文档", "返回顶部", "京ICP备12345号"]),
        ([], ["（本资料来自网络整理，仅供学习参考，如有侵权请联系删除）", "关注公众号“管理资料库”获取更多免费模板"]),
        (["本文来源于某某文库，转载请注明出处 www.example.com"], ["更多资料请下载某某APP"]),
    ],
)
def test_notice_of_other_sites_is_cut(head: list[str], tail: list[str]) -> None:
    assert kept([*head, *BODY, *tail]) == BODY


@pytest.mark.parametrize(
    "own",
    [
        ["温馨提示：请保管好工牌，遗失请及时联系人力资源部。"],
        ["温馨提示", "1. 请提前预约。", "2. 上传附件不超过10MB，文件下载后请核对。"],
        ["8 相关文档", "客户投诉处理SOP", "服务质量抽检SOP"],
        ["本站所有资料由站长归档，下载须经批准。"],
        ["免责声明：本手册仅供公司内部使用，如有侵权请联系我们。"],
        ["登录系统下载文件模板。", "下载"],
        ["5. VIP客户由客户经理专人服务，VIP下载权限见附件。"],
        ["投诉建议", "联系我们：400-800-6120"],
        ["对外稿件转载请注明出处。"],
        ["关注公司公众号，获取最新排班。"],
        ["更多资料请登录内网下载。"],
        ["本手册仅供员工学习，不得外传。"],
    ],
)
def test_notice_of_the_company_itself_stays(own: list[str]) -> None:
    assert kept([*BODY, *own]) == [*BODY, *own]
    assert kept([*own, *BODY]) == [*own, *BODY]


def test_notice_does_not_take_the_document_s_own_list_along() -> None:
    lines = [*BODY, "相关文档", "客户投诉处理SOP", "服务质量抽检SOP", "提交评论"]
    assert kept(lines) == lines[:-1]
