"""The words by which a source obliges, forbids, names who, and what is left as proof.

Knows Chinese work instructions in general, no company and no document. Places are character offsets in the text given.
"""

from __future__ import annotations

import re
from importlib import resources

from assistant.checklist.timing import frequency_in


def _listed(name: str) -> set[str]:
    """Return the words of a word list beside this module; lines with # are remarks."""
    lines = (resources.files("assistant.checklist") / name).read_text(encoding="utf-8").splitlines()
    return {word for line in lines if not line.startswith("#") for word in line.split()}


PROHIBITION = re.compile(
    r"严禁|禁止(?!事项|行为|令)|不得(?!不)|(?<![拿看说])不准(?!时|确)|不许|不允许|切勿|请勿|严格禁止|一律不准|杜绝|谢绝|切忌|[绝决]不(?:可|能)?|(?:绝对|无论如何|千万|任何情况下)[都也]?不(?:要|能|可|得)?|不宜(?!超过|[低高少多大小]于)|(?:也|都|均|的人)不[能可](?![满按正完理确及继])"
    r"|(?<![^，；。：]必)不可(?![抗避或缺分逆用见知再预信靠控替])"
    r"|(?<![户客方员知诉醒示了])不要(?!求)|不予(?=[报受办批放退支付])|(?:^|[，；。：])(?:[也都就更]|当天|千万|可)?(?:别(?![的人处名墅急怕慌]|往心里|担心|在意|紧张)|勿)|一[概律]不(?![另计收])|^[^，]{1,8}就别(?![的人处])|[^，]+也不行$"
)
# 应急, 供应, 响应 … hold the character of duty without its meaning; 需要 mostly opens a condition (需要上门的).
DUTY = re.compile(
    r"必须|务必|应当|应该|均应|(?<![反供相响适对效答因感照呼顺回])应(?![急用变届酬聘征力邀收对答付])"
    r"|(?<![无必不毋])须(?!知)|(?<![无不所急必按供各特约仅])需(?![求要量方用])|(?:都|还|均|就|也)要(?!求)|才(?:能|可)(?!以)|方[可能](?!以)"
)
_ROLE_END = "|".join(sorted(_listed("roles.txt"), key=len, reverse=True))
_ROLE_LEAD = r"[^，。；：、！？\s\d（）《》“”由在将把给向对与和或及的了被让请经按凭每须应需以从不所为其当如若凡听]"
# 专职审核人 is only the half of 专职审核人员
ROLE = re.compile(
    rf"{_ROLE_LEAD}{{0,6}}?(?:{_ROLE_END})+(?!员(?!工)|[字力数次])(?:（[^（）]{{1,12}}）)?(?:本人|或其指定(?:的)?人员)?"
)
_ROLE_TAIL = re.compile(rf"(?:{_ROLE_END})+(?:（[^（）]{{1,12}}）)?(?:本人|或其指定(?:的)?人员)?$")
# Verbs that name a post: 采购专员, 投诉处理专员.
_POSTS = frozenset(
    "采购 维修 检验 培训 接待 操作 调度 质检 审核 巡检 配送 清洁 管理 检修 监控 值守 统计 评审 运输 处理 审批 检测 采集 录入 "
    "分析 值班 检查 复核 执行 使用 保管 收取 考试 讲解 学习 清理 受理".split()
)
_OR_WHOM = re.compile(r"(?:或其|及其)(?:指定|授权|委托)(?:的)?人员?|本人")
# Names of everybody are nobody's post: 企业应建立… leaves open who does it.
NOBODY = frozenset("人员 服务团队 部门 公司 企业 中心 小组 团队 门店 员工 总部 服务站 专家 班组".split())
_NO_ROLE = re.compile(
    r"^(?:客户|顾客|用户|会员|患者|业主|住户|学员|家长|旅客|租客|外部|不经手|原派|本企业|其他|同一|新|改派|派|转|报|交|通知|请|让|给|告知|提醒|联系|指定|安排|抄送|移交|上报|督促|协助|陪同|会同|召集|组织|组建|建立|成立|包括|包含|适用于?|覆盖|涉及|激励|引导|鼓励|帮助|教会|担任|跨|单个|无|没有|未|用|设(?![备计施])|培训(?=员工)|同时|并|店外|先|再|保证|确保|保障|[本该此每])"
)
# What a unit that orders something begins with. Verbs of work instructions, longest first where one begins another.
# An activity that only names something (巡检路线, 检查结果), and nouns that begin with a verb of one character.
_NOUNS = (
    r"(?!(?:巡检|巡查|检查|检验|检测|抽查|评估|评价|评审|考核|考试|培训|接待|操作|处理|处置|审核|审批|维修|检修|采购|统计|监控|监测|值班|值守"
    r"|演练|清洁|消毒|调度|回访|响应|受理|引导|分析|录入|测量)(?:路线|方式|方法|内容|范围|结果|时间|周期|频率|对象|质量|效率|量表|[表单]"
    r"|[组部站队岗区室]|员(?!工)|人员)"
    r"|备[用件选]|抽屉|开关|报[表纸]|建[议筑]|设[备施]|定金|请假|补[贴助]|加班|听力)"
)
# What may stand before the verb of an order.
_ADVERB = (
    r"(?:一次性|马上|当场|全程|随时|尽快|如实|直接|共同|分别|一并|同步|随即|另行|照常|原则上"
    r"|重新|单独|主动|严格|妥善|认真|按时|准时|轻轻|逐(?:一|项|个|台|间|层))?"
)
VERB = re.compile(f"{_NOUNS}{_ADVERB}(?:{'|'.join(sorted(_listed('verbs.txt'), key=len, reverse=True))})")
# A bare negation that opens a sentence of orders (不看手机, 未经同意不拍照); one that measures (不少于) is a standard.
_NOT = (
    r"不(?!超过|[低高少多大小早晚迟]于|足|符|合格|到|同|便|满|良|当"
    r"|清|明|[愿想会是能仅但论管断利全变限另仔严认]|再[^用]|影响|涉及|一|属于|需|必|用[^手]|计|含|限|等|得不|在[^，]{0,6}[的时]|锈|断|久|妨|仅|只|慎|对|了|下|起|良|如|因|由|料|免|要|在|齐|完整|规范|正[常确]|匹配|方便|稳|牢)[一-龥]"
)
BAN = re.compile(rf"^(?:未经[^，]{{2,12}}?|[^，、]{{2,10}}?(?:途中|期间|过程中|[时内中]))?{_NOT}")
# The same anywhere near the start of a part (阴雨天不浇水, 也不能带走): a ban only where the part is an order anyway.
MAY_BAN = re.compile(
    rf"^[^，：是有]{{0,10}}?(?<![拿看听说对来联要走打找登可])(?<!可以)(?:{_NOT}|不能(?!够|保证|确[认定]|完全|及时|按[时期]|正常|完成|到[场岗]|满足))"
    r"|^[^，：]{0,14}的[^，：]{0,3}不[能可]"
)
PROOF = re.compile(
    r"填写|填报|记入|记在|记录|写入|写明|写下|登记|留痕|留下|留存|签字|签名|签署|签收|签到|盖章|拍照|照片|截图|上传|存档|归档|存入|"
    r"(?<![吸依])附(?![近属着带加])|录音|台账|备注|出具|形成《|回执|打卡|提交《|填《|签《|挂在|留记录|存学习平台|双签"
)
STANDARD = re.compile(
    r"不少于|不低于|不超过|不高于|不大于|不小于|不足|至少|最多|最少|(?:以上|以下|以内)$|为准|达到|合格|包括|写明|说清|讲清|不漏|"
    r"符合|只显示|(?<![任第])[一二两三四五六七八九十\d]+(?:项|份|张|次|个(?!月|工作日|小时))|100%|\d+%|逐项|逐条|一致|齐全|缺一不可|不[打辩作解]"
)
PHOTO = re.compile(r"拍照|(?<![核查看])照片|截图(?!(?:一律)?无效)|拍下|全程录像|录像(?=留存|取证|上传)|视频留存")
SIGNATURE = re.compile(r"(?:签字|签名)(?!当[天日]|之日)|签署|签收|双签|会签|签《|盖章(?!的)|签到")
FORM = re.compile(r"《[^《》]{2,24}》")


def role_at_start(text: str, known: frozenset[str] = frozenset()) -> str:
    """Return who ``text`` begins with (``采购经理和质量主管``), or ``""``. ``known`` are the document's own role names."""
    end = 0
    while True:
        found = _one_role(text[end:], known)
        if not found:
            return ""  # 服务站前台、公众号留言…: a list of other things
        end += len(found)
        helper = _OR_WHOM.match(text[end:])
        if helper:
            end += helper.end()
            break
        if end >= len(text) or text[end] not in "、和或与及":
            break
        end += 1
    return "" if text[end : end + 1] == "的" else text[:end]


def _one_role(text: str, known: frozenset[str]) -> str:
    named = max((name for name in known if text.startswith(name)), key=len, default="")
    spelt = _spelt_role(text)
    return named if named and spelt.startswith(named) else max(named, spelt, key=len)


def _spelt_role(text: str) -> str:
    """Return the post that ``text`` begins with by its last word (客服主管), "" where an order comes before (通知客服主管)."""
    found = ROLE.match(text)
    if (
        not found
        or _NO_ROLE.match(found[0])
        or found[0] in NOBODY
        or found[0].endswith(("企业", "公司"))
        or PROHIBITION.search(found[0])
        or "期间" in found[0]
        or re.search(
            r"经(?![理办营济纪])|并|.(?:后(?![勤厨台])|时(?!工))|[^移外邦社]交(?![接通班警流换])", found[0]
        )  # 处方经药师审核, 同意后质量主管
    ):
        return ""
    lead = _ROLE_TAIL.sub("", found[0])
    verbs = (verb[0] for verb in VERB.finditer(lead))
    return "" if any(len(verb) > 1 and verb not in _POSTS for verb in verbs) else found[0]


def role_by(text: str, known: frozenset[str] = frozenset()) -> str:
    """Return who does it where ``text`` says 由某岗…, or ``""``."""
    for place in re.finditer(r"(?<![自理])由", text):
        role = role_at_start(text[place.end() :], known)
        if role:
            return role
    return ""


def orders(text: str, known: frozenset[str] = frozenset()) -> bool:
    """Say whether ``text`` (a part between commas) tells someone to do something."""
    return bool(
        DUTY.search(text)
        or PROHIBITION.search(text)
        or VERB.match(text)
        or role_at_start(text, known)
        or role_by(text, known)
        or frequency_in(text)
        or re.match(r"(?:把|将|对|向|从|在|于|与)", text)
    )
