"""`baocha parse`."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from baocha.cli.console import ERROR, FOUND, NOT_FOUND, print_message, to_json
from baocha.cli.options import json_option
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.search import FACET_NAMES
from baocha.settings import load
from baocha_indexer.analysis import analyse
from baocha_indexer.checks import Subject
from baocha_indexer.compare import Comparison, Difference, DifferenceKind, compare
from baocha_indexer.extract import SUFFIXES
from baocha_indexer.gold import read_gold
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.model import (
    UNKNOWN,
    Account,
    Certainty,
    Check,
    Origin,
    OriginSource,
    Paragraph,
    Reason,
    Report,
)
from baocha_indexer.sources import METADATA, Failure, Source, read_declarations, unsupported
from baocha_indexer.workers import Parsed, Task, parse_all

_LABELS = FACET_NAMES | {
    "document_number": Message(zh="发文字号", en="document number"),
    "published": Message(zh="公开日期", en="published"),
}
_SOURCES: dict[OriginSource, Message] = {
    "title": Message(zh="标题", en="title"),
    "cover": Message(zh="封面", en="cover"),
    "fact box": Message(zh="信息栏", en="fact box"),
    "document number": Message(zh="发文字号", en="document number"),
    "signature": Message(zh="落款", en="signature"),
    "file name": Message(zh="文件名", en="file name"),
    "file properties": Message(zh="文件属性", en="file properties"),
    "metadata.csv": Message(zh=METADATA, en=METADATA),
}
_CERTAINTIES: dict[Certainty, Message] = {
    "certain": Message(zh="确定", en="certain"),
    "likely": Message(zh="较可靠", en="likely"),
    "guess": Message(zh="推测", en="guess"),
}
_CHARACTERS = Message(zh="字数", en="characters")
_REASONS: dict[Reason, Message] = {
    "page head": Message(zh="页眉页脚", en="page heads"),
    "page number": Message(zh="页码", en="page numbers"),
    "contents": Message(zh="目录", en="contents"),
    "repeated title": Message(zh="重复的标题", en="repeated title"),
    "table head": Message(zh="续页重复的表头", en="repeated table heads"),
    "fact box": Message(zh="信息栏", en="fact box"),
    "navigation": Message(zh="网站导航", en="navigation"),
    "mark": Message(zh="标记符号", en="marks"),
    "note mark": Message(zh="脚注序号", en="note marks"),
    "link": Message(zh="链接地址", en="links"),
    "front matter": Message(zh="文件头信息", en="front matter"),
    "hidden text": Message(zh="隐藏文字", en="hidden text"),
    "outside the page": Message(zh="页面以外的文字", en="outside the page"),
    "tracked deletion": Message(zh="修订删除的文字", en="tracked deletions"),
    "low confidence": Message(zh="识别可信度过低的文字", en="recognised with too low confidence"),
}

_DIFFERENCES: dict[DifferenceKind, Message] = {
    "value": Message(zh="不同", en="different"),
    "extra split": Message(zh="多分段", en="extra split"),
    "missing split": Message(zh="少分段", en="missing split"),
    "missing text": Message(zh="缺文字", en="missing text"),
    "added text": Message(zh="多文字", en="added text"),
    "missing cell": Message(zh="缺单元格", en="missing cell"),
    "added cell": Message(zh="多单元格", en="added cell"),
}
_FIELDS: dict[str, Message] = {
    **_LABELS,
    **dict(_REASONS.items()),
    "years": Message(zh="各年度", en="years"),
    "origins": Message(zh="来源", en="origins"),
    "source": Message(zh="出处", en="source"),
    "certainty": Message(zh="可靠程度", en="certainty"),
    "account": _CHARACTERS,
    "found": Message(zh="共有", en="found"),
    "kept": Message(zh="读入", en="in paragraphs"),
    "dropped": Message(zh="略去", en="left out"),
    "unexplained": Message(zh="原因不明", en="unexplained"),
    "example": Message(zh="示例", en="example"),
    "unread_pages": Message(zh="未读取的页数", en="pages not read"),
    "warnings": Message(zh="提示", en="warnings"),
    "section_path": Message(zh="各级标题", en="headings"),
    "page": Message(zh="页码", en="page"),
    "box": Message(zh="页面位置", en="boxes"),
    "place": Message(zh="文件位置", en="place"),
    "sheet": Message(zh="工作表", en="sheet"),
    "cells": Message(zh="单元格", en="cells"),
    "paragraph": Message(zh="段落序号", en="paragraph"),
    "ocr": Message(zh="文字识别", en="OCR"),
    "confidence": Message(zh="识别可信度", en="confidence"),
    "figures": Message(zh="数字", en="figures"),
    "indicators": Message(zh="指标", en="indicators"),
    "checks": Message(zh="勾稽核对", en="checks"),
}
"""Names of what `--json` has, and a gold file too."""

_SIDES = (Message(zh="应为 ", en="expected "), Message(zh="读出 ", en="found "))


@click.command(
    "parse",
    cls=Command,
    help=localized(
        "查看一个文件的解析结果，不建立索引。", "Show how a file is parsed, without indexing it."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="GOLD",
    help=localized(
        "与标准答案（JSON，格式同 --json，可只写部分内容）比较，列出差异；退出码：0 一致，1 有差异，2 出错",
        "Compare with a correct parse (JSON in the form of --json, or a part of it) and list the "
        "differences. Exit code: 0 no differences, 1 differences, 2 error.",
    ),
)
@json_option
def command(*, file: Path, against: Path | None, as_json: bool) -> int:
    """Parse one file."""
    found = _parsed(file)
    if isinstance(found, Failure):
        why = found.message
        print_message(Message(zh=f"{file}：{why.zh}", en=f"{file}: {why.en}"))
        return ERROR
    report = found.report
    if against is not None:
        return _compare(_report_dict(report, LANGUAGE), against, as_json=as_json)
    if as_json:
        click.echo(to_json(_report_dict(report, LANGUAGE)))
        return FOUND
    for warning in report.warnings:
        print_message(warning)
    click.echo("\n".join(_report_lines(report, LANGUAGE)))
    return FOUND


def _parsed(file: Path) -> Parsed | Failure:
    """Parse a file like indexing does: in a process that is killed if it takes too long."""
    if file.is_file() and file.suffix.lower() not in SUFFIXES:
        return Failure(str(file), unsupported())
    declared = read_declarations(file.parent).of(file.name)
    (found,) = parse_all([Task(Source(file, file.name), declared)])
    return found


def _compare(found: Mapping[str, Any], path: Path, *, as_json: bool) -> int:
    """Print the differences between a parse and a gold file; return the exit code."""
    try:
        gold = read_gold(path)
    except OSError:
        print_message(
            Message(zh=f"无法读取 {path}；请检查路径", en=f"cannot read {path}; check the path")
        )
        return ERROR
    # Convert the tuples of the parse to lists.
    comparison = compare(json.loads(to_json(found)), gold)
    if as_json:
        click.echo(to_json(comparison.to_dict()))
    else:
        for difference in comparison.differences:
            click.echo(_difference(difference).render(LANGUAGE))
        click.echo(_scores(comparison).render(LANGUAGE))
    return NOT_FOUND if comparison.differences else FOUND


def _difference(difference: Difference) -> Message:
    name, where = _DIFFERENCES[difference.kind], _place(difference.where)
    values = [
        Message(
            zh=f"{label.zh}{'无' if value is None else value}",
            en=f"{label.en}{'none' if value is None else value}",
        )
        for label, value in zip(_SIDES, (difference.gold, difference.found), strict=True)
        if value is not None or difference.kind == "value"
    ]
    zh = "；".join(value.zh for value in values)
    en = "; ".join(value.en for value in values)
    return Message(zh=f"{name.zh} {where.zh}：{zh}", en=f"{name.en} {where.en}: {en}")


def _place(where: str) -> Message:
    """Return the place of a difference with the names of its fields for display."""
    number, _, path = where.partition(" ") if where[:1].isdigit() else ("", "", where)
    names = [_FIELDS.get(name) or Message(name, name) for name in path.split(".")]
    zh, en = " ".join(name.zh for name in names), " ".join(name.en for name in names)
    return Message(zh=f"{number} {zh}".strip(), en=f"{number} {en}".strip())


def _scores(comparison: Comparison) -> Message:
    """Return the summary of a comparison."""
    zh, en = [], []
    for name, score in (
        (Message(zh="段落边界", en="boundaries"), comparison.boundaries),
        (Message(zh="单元格", en="cells"), comparison.cells),
    ):
        if score.is_empty:
            zh.append(f"{name.zh}：未比较")
            en.append(f"{name.en}: not compared")
            continue
        precision, recall, f1 = (f"{v:.3f}" for v in (score.precision, score.recall, score.f1))
        zh.append(f"{name.zh}：精确率 {precision}，召回率 {recall}，F1 {f1}")
        en.append(f"{name.en}: precision {precision}, recall {recall}, F1 {f1}")
    count = len(comparison.differences)
    return Message(
        zh="；".join([f"差异 {count:,} 处", *zh]),
        en="; ".join([counted(count, "difference"), *en]),
    )


def _report_dict(report: Report, language: Language) -> dict[str, Any]:
    """Return the JSON values of `parse --json`."""
    analysis = analyse(report.paragraphs, load({}).least_execution, Subject.of(report.metadata))
    return {
        **asdict(report.metadata),
        "account": asdict(report.account),
        "warnings": [warning.render(language) for warning in report.warnings],
        "paragraphs": [_paragraph_dict(paragraph) for paragraph in report.paragraphs],
        "indicators": [row for table in analysis.evaluations for row in table.to_dicts()],
        "checks": [check.to_dict(language) for check in analysis.checks],
    }


def _paragraph_dict(paragraph: Paragraph) -> dict[str, Any]:
    values = asdict(replace(paragraph, figures=()))
    del values["columns"], values["location"], values["figures"]
    values["cells"] = [cell._asdict() for cell in paragraph.cells]
    values["figures"] = [figure.to_dict() for figure in paragraph.figures]
    return values | paragraph.location.to_dict()


def _origin(origin: Origin | None, language: Language) -> str:
    """Return where a value comes from and how sure it is, in brackets."""
    if origin is None:
        return ""
    source, certainty = _SOURCES[origin.source], _CERTAINTIES[origin.certainty]
    found = Message(
        zh=f"来源：{source.zh}，{certainty.zh}", en=f"from: {source.en}, {certainty.en}"
    )
    return click.style(f"  [{found.render(language)}]", dim=True)


def _account_line(account: Account) -> Message:
    """Return how many characters the file has, and where they are."""
    zh = [f"共 {account.found:,} 个", f"读入 {account.kept:,} 个"]
    en = [f"{account.found:,}", f"in paragraphs {account.kept:,}"]
    for reason, count in account.dropped.items():
        zh.append(f"{_REASONS[reason].zh} {count:,} 个")
        en.append(f"{_REASONS[reason].en} {count:,}")
    if account.unexplained:
        zh.append(f"原因不明 {account.unexplained:,} 个")
        en.append(f"unexplained {account.unexplained:,}")
    if account.unread_pages:
        zh.append(f"另有 {account.unread_pages:,} 页未读取")
        en.append(f"pages not read {account.unread_pages:,}")
    return Message(zh="，".join(zh), en=", ".join(en))


def _figures_line(report: Report, rows: int, checks: Sequence[Check]) -> Message:
    """Return how many figures, rows of indicators and checks a report has."""
    figures = sum(len(paragraph.figures) for paragraph in report.paragraphs)
    results = Counter(check.holds for check in checks)
    zh, en = [f"共 {figures:,} 个"], [f"{figures:,}"]
    if rows:
        zh.append(f"指标 {rows:,} 行")
        en.append(counted(rows, "row") + " of indicators")
    if checks:
        zh.append(
            f"勾稽核对 {len(checks):,} 项，其中不符 {results[False]:,} 项，未判定 {results[None]:,} 项"
        )
        en.append(
            f"{counted(len(checks), 'check')}, {results[False]:,} of them failed, "
            f"{results[None]:,} undecided"
        )
    return Message(zh="；".join(zh), en="; ".join(en))


def _failed_check(check: Check) -> Message:
    zh = "、".join(map(str, check.paragraphs))
    en = ", ".join(map(str, check.paragraphs))
    noun = "paragraph" if len(check.paragraphs) == 1 else "paragraphs"
    return Message(
        zh=f"不符：{check.explanation.zh}（第 {zh} 段）",
        en=f"failed: {check.explanation.en} ({noun} {en})",
    )


def _report_lines(report: Report, language: Language) -> Iterator[str]:
    """Yield the lines of a parsed report."""
    metadata = report.metadata
    years = "、".join(map(str, metadata.years)) if len(metadata.years) > 1 else ""
    values: dict[str, object] = {
        "title": metadata.title,
        "department": metadata.department or UNKNOWN,
        "year": f"{metadata.year or UNKNOWN}{years and f'（{years}）'}",
        "kind": metadata.kind,
        "level": metadata.level,
        "region": metadata.region,
        "document_number": metadata.document_number,
        "published": metadata.published,
    }
    for name, value in values.items():
        if value:
            label = click.style(_LABELS[name].render(language), bold=True)
            yield f"{label}  {value}{_origin(metadata.origins.get(name), language)}"
    label = click.style(_CHARACTERS.render(language), bold=True)
    yield f"{label}  {_account_line(report.account).render(language)}"
    analysis = analyse(report.paragraphs, load({}).least_execution, Subject.of(report.metadata))
    rows = sum(len(table.rows) for table in analysis.evaluations)
    label = click.style(_FIELDS["figures"].render(language), bold=True)
    yield f"{label}  {_figures_line(report, rows, analysis.checks).render(language)}"
    for check in analysis.failed:
        yield f"  {_failed_check(check).render(language)}"
    for paragraph in report.paragraphs:
        indent = "    " if paragraph.role in ("body", "table") else "  "
        text = click.style(paragraph.text, bold=paragraph.role in ("title", "heading"))
        yield f"{paragraph.ordinal:>5}{indent}{text}"
