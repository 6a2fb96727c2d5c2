"""Notices that document-sharing sites put before and after what they share: copyright, paging, prices, comment boxes.

Knows the wording of the sites (人人文库, 百度文库, 道客巴巴, 豆丁, 原创力, 新浪爱问). Only whole lines at either end are cut,
and only where a line among them is one that nobody but such a site writes: a manual's own 温馨提示, 版权说明 or list of
相关文档 stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.repair import gloss
from kb.fold import converter

# All patterns are for simplified text with half-width colons and commas, without blanks and ordinals.
# Nobody but a site writes these.
_PROOF = re.compile(
    r"文档由用户.{0,6}(?:提供|上传|分享)|文档(?:来自|由)用户.{0,4}分享|由用户.{0,6}上传.{0,40}(?:侵权|收益|版权)|收益归属内容提供方|进行举报或认领"
    r"|本站.{0,40}(?:电脑安装|RAR|中间服务平台|用户分享|文档C2C|第三方提供的附件)|仅提供信息存储空间|未经权益所有人同意|下载文件中如有侵权"
    r"|(?:人人|百度|原创力|爱问|金锄头|天天|三一|冰豆|蚂蚁|得力|皮皮)文库|原创力文档|道客巴巴|豆丁网|MBA智库|文档之家|装配图网|淘豆网|book118|docin|doc88|renrendoc"
    r"|上传者所有|上传用户所有|联系上传者|文档C2C|VIP.{0,2}(?:免费下载|精品文档|专享文档)|^(?:开通|成为|升级)VIP|文库币|下载券|豆元"
    r"|^(?:提交评论|发表评论|我要评论|文档评论(?:\(\d*\))?|用户评[价论]:?)$|自觉遵守互联网相关的?政策法规|(?:还剩|剩余)\d+页未读|请使用软件OFFICE|作品中的文字与图"
    r"|(?:来源于?|来自于?|转载自|转自|摘自):?.{0,10}文库|(?:网络|互联网|网友|网上)(?:收集|搜集|整理|上传|分享).{0,30}(?:仅供|侵权|删除|转载)"
    r"|仅供(?:个人|大家)?(?:学习|参考|交流|研究).{0,30}(?:侵权|删除|商业|商用|24小时)|公众号.{0,30}(?:免费|更多|海量|领取).{0,8}(?:资料|模板|文档|课件|干货|范本)"
    r"|(?:更多|海量|精品)(?:资料|文档|模板|范本|课件).{0,10}(?:下载|安装)\w{0,6}APP|转载请(?:注明|保留).{0,10}(?:出处|来源|链接).{0,30}(?:WWW\.|HTTPS?:|\.COM|\.CN)"
    r"|WinRAR软件解压|党政主题相关内容|本作品所展示的图片|(?:下载|所需|需要)(?:文档)?:?\d+(?:个)?(?:积分|金币)|举报(?:该|此|本)?文档$",
    re.IGNORECASE,
)
# A company may write one of these, a site writes several.
_LIKELY = re.compile(
    r"本(?:网)?站.{0,40}(?:上传|下载|侵权|图纸|版权归)|权利被侵害.{0,20}(?:联系|发)|侵权.{0,30}(?:联系|客服|及时删除|立即删除|立即纠正)|上传(?:人|者)所有"
    r"|转载请(?:注明|保留)|(?:更多|海量)(?:资料|文档|模板|范本|课件).{0,20}(?:下载|关注|访问|搜索|尽在)|扫码关注|关注.{0,6}公众号"
    r"|点击(?:查看更多|阅读全文)>*$|所需积分:?\d+|(?:浏览|下载)(?:次数|量):?\d+|上传(?:时间|日期|者):",
    re.IGNORECASE,
)
_TITLED = (
    r"(?:版权[说声]明|文档(?:简介|介绍|描述|信息|摘要|大纲|预览)|内容(?:简介|提要)"
    r"|资源描述|资料简介|温馨提示|友情提示|特别[说声]明|免责声明)"
)
_CONTROL = (
    r"(?:(?:全部|最新|暂无)?评论|收藏|分享|举报|下载|点赞|打印|赞|踩|赏|登录|注册|首页|上一[页篇]|下一[页篇]|返回顶部|投诉建议|在线客服|联系我们|会员中心|立即(?:下载|购买)"
    r"|免费(?:下载|阅读|预览)|下载(?:本|此|该)?文档|收藏本文|展开(?:全文|更多)?|(?:查看)?更多|(?:阅读)?全文|继续阅读|全屏阅读|全文阅读已结束|阅读已结束|预览已结束)"
)
_PAGING = (
    r"\d+/\d+|第?\d+页?[,/]?共\d+页|共\d+页"
    r"|(?:大小|(?:文件|文档)(?:大小|页数|格式)|页数|格式|类型|字数|编号|文档编号|热度|评分|星级|阅读(?:量|数)?|浏览(?:量|次数)?|下载(?:量|次数)?|收藏(?:量|数)?|价格|所需积分|积分|上传(?:时间|日期|人|者))"
    r":?[¥￥]?[\w.,:/-]{0,24}|[¥￥]\d+(?:\.\d+)?"
)
_BESIDE = re.compile(
    rf"(?:{_TITLED}:?|{_CONTROL}[>».…\d()]*|{_PAGING}|[^。]{{1,60}}\.(?:docx?|pdf|pptx?|xlsx?|wps|rar|zip)(?:[下在].{{0,8}})?"
    r"|.{0,12}Copyright.{0,60}|©.{0,60}|.{0,12}ICP[备证].{0,30}|[*=_—-]{3,})$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:(?:相关|最新|热门|推荐|精选|类似|同类|相似)的?(?:文档|资料|文库|资源)(?:推荐)?|(?:您|你)?可能(?:感兴趣|喜欢|需要|关注)的?(?:文档|资料|内容)?|猜你喜欢):?$"
)
# headings that company documents use too
_OWN_LIST = re.compile(r"相关的?(?:文档|资料):?$")
_TIPS = re.compile(r"(?:温馨提示|友情提示|免责声明|版权[说声]明|特别[说声]明):?$")
_TIP_WORDS = re.compile(r"本站|上传|下载|文[件档]|附件|侵权|版权|权益|资源|预览|用户|网站|图纸|解压")
_SENTENCE_END = re.compile(r"[。;？！]$")
_ORDINAL = re.compile(r"^(?:[-•·*]|\d+[.、)])+")
_HEAD_LINES = 15
_LONGEST_BLOCK = 60
_LONGEST_LINE = 400
_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Trim:
    """Keep ``lines[first:last]``; of the first kept line ``drop_start`` characters go, of the last ``drop_end``.

    ``cuts`` are the words of each cut piece, shortened.
    """

    first: int
    last: int
    drop_start: int = 0
    drop_end: int = 0
    cuts: tuple[str, ...] = ()


def find(texts: Sequence[str]) -> Trim:
    """Return where the document proper begins and ends; blank lines among those of a notice go with it."""
    first = _head([_folded(text) for text in texts[:_HEAD_LINES]])
    last = len(texts) - _tail_length(texts[first:], proven=first > 0)
    pieces = (texts[:first], texts[last:])
    return Trim(first, last, cuts=tuple(_shown(piece) for piece in pieces if piece))


def _tail_length(texts: Sequence[str], *, proven: bool) -> int:
    """Return how many lines at the end are a notice. They are folded piece by piece: a notice is short."""
    known, tail = 0, 0
    while known < len(texts) and tail >= known // 2:
        known = min(len(texts), max(2 * _LONGEST_BLOCK, 2 * known))
        tail = _tail([_folded(text) for text in texts[len(texts) - known :]], proven=proven)
    return tail


def _shown(lines: Sequence[str]) -> str:
    words = " ".join(line.strip() for line in lines if line.strip())
    return words if len(words) <= 2 * _SHOWN else f"{words[:_SHOWN]}…{words[-_SHOWN:]}"


def _folded(text: str) -> str:
    if len(text) > 2 * _LONGEST_LINE:
        return text
    text = str(converter("t2s").convert(gloss.strip(text)[0]))
    text = re.sub(r"\s+", "", text).translate(str.maketrans("：，；（）．", ":,;().")).upper()
    return _ORDINAL.sub("", text)


def _is_site(line: str) -> bool:
    return len(line) < _LONGEST_LINE and (_PROOF.search(line) is not None or _LIKELY.search(line) is not None)


def _is_proven(lines: Sequence[str]) -> bool:
    """Say whether a site wrote these lines: one sure sign, or two likely ones."""
    return any(_PROOF.search(line) for line in lines if len(line) < _LONGEST_LINE) or sum(map(_is_site, lines)) > 1


def _head(lines: Sequence[str]) -> int:
    """Return the number of lines up to the last one of a notice among the first ones."""
    end = 0
    for index, line in enumerate(lines):
        if _is_site(line) or (line and _BESIDE.match(line)):
            end = index + 1
        elif line:
            break
    return end if _is_proven(lines[:end]) else 0


def _tail(lines: Sequence[str], *, proven: bool) -> int:
    """Return the number of lines from the first one of the notice at the end; ``proven`` says that one stood before."""
    start = index = len(lines)
    while index:
        index -= 1
        line = lines[index]
        if not line:
            continue
        if _is_site(line) or _BESIDE.match(line):
            start = index
            continue
        opened = _opened_above(lines, index)
        if opened is None:
            break
        start = index = opened
    notice = lines[start:]
    if not _is_proven(notice) and not (proven and sum(map(bool, notice)) > 1):
        return 0
    return len(notice) - next((at for at in range(len(notice)) if _opens_notice(notice, at)), len(notice))


def _opened_above(lines: Sequence[str], index: int) -> int | None:
    """Return where the list of other documents, or the tips, begin whose last line is ``index``."""
    for at in range(index, max(-1, index - _LONGEST_BLOCK), -1):
        below = [line for line in lines[at + 1 : index + 1] if line]
        if _LISTED.match(lines[at]):
            titles = [line for line in below if len(line) <= _LONGEST_BLOCK and not _SENTENCE_END.search(line)]
            return at if len(titles) >= 0.9 * len(below) else None
        if _TIPS.match(lines[at]):
            spoken = [line for line in below if _TIP_WORDS.search(line)]
            return at if _is_proven(below) and len(spoken) >= 0.7 * len(below) else None
    return None


def _opens_notice(lines: Sequence[str], at: int) -> bool:
    """Say whether the notice begins at this line; one that may be the document's own does not begin it."""
    line = lines[at]
    if _is_site(line):
        return True
    following = [other for other in lines[at + 1 :] if other]
    if _OWN_LIST.match(line):
        end = next((i for i, other in enumerate(following) if _is_site(other) or _BESIDE.match(other)), 0)
        return end >= 8
    if _LISTED.match(line) or re.fullmatch(_PAGING, line):
        return bool(line)
    # a title of the site stands straight above what the site says
    return bool(_TIPS.match(line) or re.fullmatch(f"{_TITLED}:?", line)) and bool(following) and _is_site(following[0])
