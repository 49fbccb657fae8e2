"""Find the number of an official document (发文字号), and the organ and year that it names.

京财预〔2023〕12号 is the code of the organ, the year and a serial number. `issuers.csv` has well-known
codes, `provinces.csv` the characters that stand for provinces. Source of the form:
《党政机关公文格式》 GB/T 9704-2012, 7.2.5.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from baocha_indexer.model import Certainty

_CODE = r"[\u4e00-\u9fff]{1,12}"
_OPEN, _CLOSE = r"[〔\[【(﹝〈{]", r"[〕\]】)﹞〉}]"
_NUMBER = re.compile(
    rf"(?P<code>{_CODE}|){_OPEN}(?P<year>(?:19|20)\d{{2}})年?{_CLOSE}(?:第)?(?P<serial>\d{{1,5}})号|"
    rf"(?P<notice>{_CODE}公告)(?P<notice_year>(?:19|20)\d{{2}})年?第(?P<notice_serial>\d{{1,5}})号|"
    rf"(?P<order>{_CODE}令){_OPEN}?第(?P<order_serial>\d{{1,5}})号{_CLOSE}?"
)
_AT_END = re.compile(
    rf"(?:\s+{_CODE})?\s*{_OPEN}(?:19|20)\d{{2}}年?{_CLOSE}\s*第?\s*\d{{1,5}}\s*号\s*$"
)
_BEFORE = re.compile(r"^(?:发文字号|文件编号|文件字号|发文文号|文号|编号)[:：]?")
_MAX_LINE = 100
_AFTER = re.compile(r"(?:签发人.*|[(（].*[)）])?$")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number in its standard form; the year is None in the number of an order (令)."""

    text: str
    year: int | None
    issuer: str | None
    certainty: Certainty


def document_number_in(text: str) -> DocumentNumber | None:
    """Return the first document number in a text, or None."""
    found = _NUMBER.search(_folded(text))
    return _number(found) if found else None


def document_number_of_line(text: str) -> DocumentNumber | None:
    """Return the document number if the text has nothing else, or also 签发人, or None."""
    if len(text) > _MAX_LINE:
        return None
    folded = _BEFORE.sub("", _folded(text))
    found = _NUMBER.match(folded)
    return _number(found) if found and _AFTER.match(folded, found.end()) else None


def without_document_number(title: str) -> str:
    """Return a title without the document number before or behind it."""
    found = _NUMBER.match(title)
    rest = title[found.end() :].lstrip() if found and found["year"] else ""
    return _AT_END.sub("", rest or title)


def _folded(text: str) -> str:
    return "".join(normalize("NFKC", text).split())


def _number(found: re.Match[str]) -> DocumentNumber:
    if found["order"]:
        issuer, certainty = _issuer(found["order"])
        text = f"{found['order']}第{int(found['order_serial'])}号"
        return DocumentNumber(text, None, issuer, certainty)
    if found["notice"]:
        issuer, certainty = _issuer(found["notice"])
        year = int(found["notice_year"])
        text = f"{found['notice']}{year}年第{int(found['notice_serial'])}号"
        return DocumentNumber(text, year, issuer, certainty)
    issuer, certainty = _issuer(found["code"]) if found["code"] else (None, "guess")
    year = int(found["year"])
    return DocumentNumber(
        f"{found['code']}〔{year}〕{int(found['serial'])}号", year, issuer, certainty
    )


def _rows(name: str) -> list[list[str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _longest_first(name: str) -> list[tuple[str, str]]:
    return sorted(((a, b) for a, b in _rows(name)), key=lambda row: -len(row[0]))


_ISSUERS = _longest_first("issuers.csv")
_PROVINCES = _longest_first("provinces.csv")
_LOCAL = (
    (re.compile(r"(?:政办|府办)[\u4e00-\u9fff]{0,2}$"), "人民政府办公厅"),
    (re.compile(r"(?:政|府)(?:发|函|字|规|令|任|批|文)?[\u4e00-\u9fff]?$"), "人民政府"),
    (re.compile(r"财[\u4e00-\u9fff]{1,3}$"), "财政"),
    (re.compile(r"发改[\u4e00-\u9fff]{0,3}$"), "发展和改革委员会"),
)


def _issuer(code: str) -> tuple[str | None, Certainty]:
    """Return the organ that a code stands for, and how sure that is.

    A code of a province is only a guess, because a county may use the same character.
    """
    if named := re.match(
        r"(?:中华人民共和国)?(.{2,}(?:院|部|委员会|总局|局|银行|署|政府|会))(?:公告|令)$", code
    ):
        return named[1], "certain"
    for begin, issuer in _ISSUERS:
        if code.startswith(begin):
            return issuer, "certain" if begin.startswith(("国", "中")) else "likely"
    for short, province in _PROVINCES:
        if code.startswith(short):
            for pattern, organ in _LOCAL:
                if pattern.fullmatch(code.removeprefix(short)):
                    bureau = "局" if province.endswith("市") else "厅"
                    return f"{province}{organ}{bureau if organ == '财政' else ''}", "guess"
    return None, "guess"
