"""Whether there is anything to look up: mashed keys, code and one word over and over have nothing, short questions have."""

import pytest

from assistant.ask import NO_SUBJECT, Assistant
from assistant.content import has_content
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher

KNOWN = {"aaa", "complaint", "refund", "kpi", "bsc", "iso9001", "5s", "gb/t19001-2016"}

NOTHING = """
DROP TABLE documents;
SELECT * FROM users WHERE 1=1 --
UPDATE users SET admin=1
<script>alert(1)</script>
rm -rf /
../../etc/passwd
${jndi:ldap://x}
https://example.com/a?b=c
asdfghjkl
hjkl;hjkl;
jfkdlsa;fjdksla
zpkgexse uzndf nlebnjeot?
5efaf89fc43c5fa52f8b2b19b8f89a50
SGVsbG8gd29ybGQ=
8R5*2ppY11!!;<66FI:fwq;8y:RG#OV63B)KGnl!
lorem ipsum dolor sit amet, consectetur adipiscing elit
sed do eiusmod tempor incididunt ut labore et dolore magna aliqua
hello world
blah blah blah blah
question question question question
SELECT name FROM sqlite_master
def f(x): return x+1
null undefined NaN
one two three four five
对付对付对付
哈哈哈
投诉投诉投诉投诉投诉
客户 客户 客户 客户
很长的问题很长的问题很长的问题很长的问题很长的问题
""".strip().splitlines()

SOMETHING = """
How do I handle a customer complaint?
What does BSC stand for in this manual?
Which ISO standard is cited for staff training?
Can I take photos of a customer's ID card or home with my own phone?
Who approves refunds?
explain the escalation steps
Where is the company canteen?
refund policy
escalation
mentor
KPI
AAA
complaint(s) of tenant(s)
the supplier(s) we may not use
ISO9001
GB/T19001-2016
5S
投诉
投诉投诉
退款多久到账
BSC是什么
怎么处理客户投诉，急急急急
8.2
""".strip().splitlines()


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_found_in_what_asks_for_nothing(text: str) -> None:
    assert not has_content(text, KNOWN.__contains__)


@pytest.mark.parametrize("text", SOMETHING)
def test_short_and_english_questions_have_content(text: str) -> None:
    assert has_content(text, KNOWN.__contains__)


def test_what_asks_for_nothing_is_refused_and_no_question_for_the_owner(sample: KnowledgeBase) -> None:
    assistant = Assistant(sample, HybridSearcher(sample))
    for text in ("DROP TABLE documents;", "投诉" * 100, "lorem ipsum dolor sit amet"):
        answer = assistant.ask(text, record=False)
        assert (answer.status, answer.text, answer.citations) == ("not_found", NO_SUBJECT, ())
        assert not assistant.reach(text).found[0].hits
    assert assistant.ask("refund time limit", record=False).status == "answered"
