"""Numbers of files, forms, standards and versions as texts write them: BD-KF-01-08, GB/T 38581-2020, ISO 9001:2015, V1.4.

A number is its parts, blanks left out; its year is the last of them. Knows no evidence and no questions.
"""

from __future__ import annotations

import re

Code = tuple[str, ...]

# Letters are taken whole: cut into pieces in every way, a word of thirty that no digit follows took minutes.
CODE = re.compile(
    r"(?<![a-z0-9])(?>[a-z]+(?:[-/ ][a-z]+)*)[-/ ]?\d(?>[a-z0-9]*)(?!个|年(?!版)|次|天|周|季度|小时|分钟)(?:[.:/-][a-z0-9]+)*"
    r"|(?<![a-z0-9])[a-z]{2,}(?:-[a-z]{2,})+(?![a-z0-9])"
)
_OF_DOCUMENTS = re.compile(r"(?=.*\d{2})(?:(?:iso|iec|gb|db|qb)|.*[a-z0-9][/-][a-z0-9])")
_YEAR = re.compile(r"(?:19|20)\d\d")


def codes(text: str) -> set[Code]:
    """Return the numbers in folded ``text``, each as its parts (iso 9001:2015 → iso9001, 2015)."""
    return {_parts(code) for code in CODE.findall(text)}


def of_documents(text: str) -> list[Code]:
    """Return the numbers of files and standards in folded ``text``, without their years; mostly none."""
    return [without_year(_parts(code)) for code in CODE.findall(text) if _OF_DOCUMENTS.match(code)]


def without_year(code: Code) -> Code:
    """Return ``code`` without its year: the standard is the same one."""
    return code[:-1] if len(code) > 1 and _YEAR.fullmatch(code[-1]) else code


def within(code: Code, other: Code) -> bool:
    """Say whether ``code`` is a part of ``other`` (KF-01 of BD-KF-01-08)."""
    return any(other[at : at + len(code)] == code for at in range(len(other) - len(code) + 1))


def _parts(code: str) -> Code:
    return tuple(part for part in re.split(r"[:/.-]", re.sub(r"\s", "", code)) if part)
