"""`baocha parse`."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from baocha.cli.console import ERROR, FOUND, print_message, to_json
from baocha.cli.options import json_option
from baocha.cli.usage import LANGUAGE, Command, localized
from baocha.search import FACET_NAMES
from baocha_indexer.extract import SUFFIXES
from baocha_indexer.messages import Language, Message
from baocha_indexer.model import UNKNOWN, Certainty, Origin, OriginSource, Paragraph, Report
from baocha_indexer.sources import METADATA, Failure, Source, read_declarations, unsupported
from baocha_indexer.workers import Parsed, Task, parse_all

_LABELS = FACET_NAMES | {
    "document_number": Message(zh="发文字号", en="document number"),
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


@click.command(
    "parse",
    cls=Command,
    short_help=localized("查看一个文件的解析结果", "Show how a file is parsed."),
    help=localized(
        "查看一个文件的解析结果，不建立索引。", "Show how a file is parsed, without indexing it."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@json_option
def command(*, file: Path, as_json: bool) -> int:
    """Parse one file."""
    found = _parsed(file)
    if isinstance(found, Failure):
        why = found.message
        print_message(Message(zh=f"{file}：{why.zh}", en=f"{file}: {why.en}"))
        return ERROR
    report = found.report
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


def _report_dict(report: Report, language: Language) -> dict[str, Any]:
    """Return the JSON values of `parse --json`."""
    return {
        **asdict(report.metadata),
        "warnings": [warning.render(language) for warning in report.warnings],
        "paragraphs": [_paragraph_dict(paragraph) for paragraph in report.paragraphs],
    }


def _paragraph_dict(paragraph: Paragraph) -> dict[str, Any]:
    values = asdict(paragraph)
    del values["columns"], values["location"]
    cells = [cell._asdict() for cell in paragraph.cells]
    return values | {"cells": cells} | paragraph.location.to_dict()


def _origin(origin: Origin | None, language: Language) -> str:
    """Return where a value comes from and how sure it is, in brackets."""
    if origin is None:
        return ""
    source, certainty = _SOURCES[origin.source], _CERTAINTIES[origin.certainty]
    found = Message(
        zh=f"来源：{source.zh}，{certainty.zh}", en=f"from: {source.en}, {certainty.en}"
    )
    return click.style(f"  [{found.render(language)}]", dim=True)


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
    }
    for name, value in values.items():
        if value:
            label = click.style(_LABELS[name].render(language), bold=True)
            yield f"{label}  {value}{_origin(metadata.origins.get(name), language)}"
    for paragraph in report.paragraphs:
        indent = "    " if paragraph.role in ("body", "table") else "  "
        text = click.style(paragraph.text, bold=paragraph.role in ("title", "heading"))
        yield f"{paragraph.ordinal:>5}{indent}{text}"
