"""Judged cases made up for tests."""

from __future__ import annotations

from eval.judged import Judged, Retrieved

SECTION = Retrieved("投诉SOP", "5.1", "受理", 0.9, 0.8, 0.88, gold=False, text="听完诉求")
GOLD = Retrieved("投诉SOP", "5.2", "核查", 0.7, 0.5, 0.86, gold=True, text="两天内查清")


def good(number: int = 1, **changes: object) -> Judged:
    """Return an answerable case without fault."""
    values = {"hit@1": 1.0, "hit@5": 1.0, "mrr@10": 1.0, "ndcg@10": 1.0}
    values |= {"facts": 1.0, "answered": 1.0, "cited": 1.0, "citation_valid": 1.0}
    fields = {
        "id": f"g{number}",
        "type": "fact",
        "question": f"第{number}问？",
        "answerable": True,
        "status": "answered",
        "values": values,
        "place": "投诉SOP 5",
        "probability": 0.9,
        "right": True,
        "characters": 20,
        "milliseconds": 12.5,
        "gold": ("投诉SOP 5.2",),
        "cited": ("投诉SOP 5.2 核查",),
        "found": (GOLD, SECTION),
        "answer": "两天内查清。[1]",
    }
    return Judged(**{**fields, **changes})  # type: ignore[arg-type]


def poor(number: int = 1, **changes: object) -> Judged:
    """Return an answerable case whose section came second and whose fact is missing."""
    worse = {"hit@1": 0.0, "mrr@10": 0.5, "ndcg@10": 0.63, "facts": 0.0, "cited": 0.0}
    values = {**good().values, **worse}
    fields = {
        "values": values,
        "right": False,
        "found": (SECTION, GOLD),
        "missing_facts": ("两天",),
        "probability": 0.7,
    }
    return good(number, **{**fields, **changes})


def invented(number: int = 1) -> Judged:
    """Return a question without answer that was answered."""
    values = {"refused": 0.0, "citation_valid": 1.0}
    return good(number, id=f"o{number}", type="oos", answerable=False, values=values, right=False, gold=(), place="")


def refused(number: int = 1) -> Judged:
    """Return a question without answer that was refused."""
    values = {"refused": 1.0, "citation_valid": 1.0}
    fields = {"status": "not_found", "values": values, "right": False, "gold": (), "place": "", "probability": 0.1}
    return good(number, id=f"r{number}", type="oos", answerable=False, cited=(), **fields)
