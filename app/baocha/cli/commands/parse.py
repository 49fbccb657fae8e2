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
from baocha_indexer.model import UNKNOWN, Paragraph, Report
from baocha_indexer.sources import Failure, Source, read_declarations, unsupported
from baocha_indexer.workers import Parsed, Task, parse_all


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
    del values["columns"], values["boxes"]
    return values | {
        "cells": [cell._asdict() for cell in paragraph.cells],
        "box": [box._asdict() for box in paragraph.boxes],
    }


def _report_lines(report: Report, language: Language) -> Iterator[str]:
    """Yield the lines of a parsed report."""
    metadata = report.metadata
    labels = (
        (Message(zh="标题", en="title"), metadata.title),
        (FACET_NAMES["department"], metadata.department or UNKNOWN),
        (FACET_NAMES["year"], metadata.year or UNKNOWN),
        (FACET_NAMES["kind"], metadata.kind),
    )
    for label, value in labels:
        yield f"{click.style(label.render(language), bold=True)}  {value}"
    for paragraph in report.paragraphs:
        indent = "    " if paragraph.role in ("body", "table") else "  "
        text = click.style(paragraph.text, bold=paragraph.role in ("title", "heading"))
        yield f"{paragraph.ordinal:>5}{indent}{text}"
