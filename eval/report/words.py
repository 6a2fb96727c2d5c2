"""What the report calls things: metrics, question types and statuses in the readers' language."""

from __future__ import annotations

# Metric → (what it is called, what it says).
METRICS = {
    "hit@1": ("首位命中", "检索排第一的就是正确章节"),
    "hit@5": ("前五命中", "前五节里有正确章节"),
    "recall@5": ("前五召回", "正确的各节有多少在前五"),
    "recall@10": ("前十召回", "正确的各节有多少在前十"),
    "mrr@10": ("平均倒数排名", "1 ÷ 正确章节的名次，取平均"),
    "ndcg@10": ("nDCG", "名次越靠前分越高，1 为最好"),
    "facts": ("事实齐全", "答案里有应有的关键事实"),
    "answered": ("应答率", "手册里有答案的题，给出了回答"),
    "refused": ("拒答率", "手册里没有答案的题，如实说没有"),
    "refusal_precision": ("拒答准确", "说“没有”的题里，确实没有的"),
    "cited": ("引对章节", "回答至少有一处引用正确章节"),
    "citation_precision": ("引用精确", "引用里指向正确章节的"),
    "citation_recall": ("引用覆盖", "关键事实里能在引文中读到的"),
    "citation_valid": ("引文属实", "引文能在所引章节里逐字找到"),
    "completeness": ("列表完整", "问到的列表、步骤，给出的项 ÷ 原文的项"),
    "decision_auroc": ("可答判断 AUROC", "可答的题比不可答的题得分高的概率"),
    "risk_coverage_area": ("风险-覆盖面积", "越小越好，0 为最好"),
    "characters_p50": ("答案长度中位数", "字"),
    "characters_p95": ("答案长度 95 分位", "字"),
    "latency_p50_ms": ("耗时中位数", "毫秒"),
    "latency_p95_ms": ("耗时 95 分位", "毫秒"),
}
TYPES = {
    "list": "列举",
    "howto": "怎么做",
    "fact": "事实",
    "numeric": "数字",
    "definition": "是什么",
    "comparison": "比较",
    "who": "谁负责",
    "oos": "手册外",
    "near_miss": "近似但没写",
    "missing": "目录有正文缺",
    "typo": "错别字",
    "traditional": "繁体",
    "english": "英文",
    "abbrev": "缩写",
    "multi": "一问多事",
    "colloquial": "口语",
    "table": "查表",
}
STATUSES = {
    "answered": "已答",
    "partial": "答了一部分",
    "not_found": "拒答",
    "missing_in_source": "正文缺失",
}
BIAS = (
    "这份评测里有 {drafted} 题是程序照着知识库自己的标题、术语、数字和列表起草的。自拟题用词贴近原文，往往比员工真正的问法容易，"
    "手册没写到的事也不会被问到，所以得分偏高：只宜比较前后两次（换模型、重建索引、改手册），不宜当作真实使用的水平。"
    "把员工真实问过的题（shouce 的“待解问题”就是）加进来，数字才可信。"
)
BIAS_WRITTEN = (
    "题目由人编写。写题的人若边看手册边写，用词会贴近原文，得分会高于真实使用；越多用员工的原话，数字越可信。"
)
