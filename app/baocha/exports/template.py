"""Fill in a user's own Word template with the content of a working paper.

A template is a program: it may loop forever or use all memory. So it is rendered in a process of its
own, `baocha.exports.rendering`, with limits. `docs/working-papers.md` describes the fields.
"""

import json
import subprocess
import sys
from typing import Any, BinaryIO

from baocha.exports.citations import gb7714, quotation, section_text, source_text
from baocha.exports.paper import STATE_NAMES, VERDICT_NAMES, Entry, Paper, runs_of
from baocha.exports.provenance import xml_text
from baocha_indexer.errors import BaochaError, SourceError
from baocha_indexer.messages import Language

MAX_TEMPLATE_BYTES = 8 * 1024 * 1024
SECONDS = 15
"""Time limit for rendering: less than another export waits for its turn. 500 items take some seconds."""

REFUSED = 3
"""Exit code of the process if the template is wrong; the reason is on its stderr, as JSON."""

_UNEXPECTED = 1
"""Exit code of Python for an unexpected error."""

_LIMIT_ERRORS = ("MemoryError", "RecursionError", "OSError")


class TemplateError(BaochaError):
    """The template cannot be filled in. The message says why."""


def write_template(template: bytes, paper: Paper, language: Language, file: BinaryIO) -> None:
    """Write the filled-in template. `file` must be a real file. Raises TemplateError."""
    if len(template) > MAX_TEMPLATE_BYTES:
        raise TemplateError(
            zh=f"模板超过 {MAX_TEMPLATE_BYTES // 2**20} MB",
            en=f"the template is over {MAX_TEMPLATE_BYTES // 2**20} MB",
        )
    # Imported here: the command line loads this module, and a search needs no reader of files.
    from baocha_indexer.extract import check_archive  # noqa: PLC0415

    try:
        check_archive(template, "word/document.xml")
    except SourceError as error:
        raise TemplateError(
            zh=f"模板无法读取：{error.message.zh}", en=f"the template: {error.message.en}"
        ) from error
    values = json.dumps(values_of_paper(paper, language)).encode()
    try:
        # -P: no module is imported from the working directory of the server.
        done = subprocess.run(
            [sys.executable, "-P", "-m", "baocha.exports.rendering"],
            input=len(values).to_bytes(8, "big") + values + template,
            stdout=file,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _over_limit() from error
    if done.returncode == REFUSED:
        raise TemplateError(**json.loads(done.stderr.splitlines()[-1]))
    if done.returncode:
        reason = done.stderr[-2000:].decode("utf-8", "replace")
        # A limit ends the process with a signal, or with one of these errors.
        is_limit = done.returncode != _UNEXPECTED or any(one in reason for one in _LIMIT_ERRORS)
        raise (_over_limit() if is_limit else _not_usable()) from RuntimeError(reason)


def _not_usable() -> TemplateError:
    return TemplateError(
        zh="模板无法使用；请用 Word 打开，另存为 .docx（不含宏）后再试，并检查其中的字段",
        en="the template cannot be used: open it in Word, save it as .docx without macros, and check its "
        "fields",
    )


def _over_limit() -> TemplateError:
    return TemplateError(
        zh=f"按模板生成底稿超过 {SECONDS} 秒，或超过内存、文件大小的上限；请检查模板中的循环，或减少底稿夹的条数",
        en=f"rendering the template took more than {SECONDS} seconds, or exceeded the limit of memory or "
        "of file size: check its loops, or use fewer items",
    )


def values_of_paper(paper: Paper, language: Language) -> dict[str, Any]:
    """Return the values of the fields. They have only characters that XML allows."""
    fields = paper.fields
    return {
        "name": xml_text(paper.name),
        **{name: xml_text(getattr(fields, name)) for name in fields.__dataclass_fields__},
        "items": [
            _values_of_entry(number, entry, language)
            for number, entry in enumerate(paper.entries, start=1)
        ],
        "searches": [
            {
                "is_absence": record.is_absence,
                "lines": [
                    {"label": xml_text(label.render(language)), "value": xml_text(value)}
                    for label, value in record.lines
                ],
            }
            for record in paper.searches
        ],
    }


def _values_of_entry(number: int, entry: Entry, language: Language) -> dict[str, Any]:
    hit = entry.hit
    report, path, location = hit.report, hit.section_path, hit.location
    texts = {
        "text": hit.text,
        "quotation": quotation(hit.text, (), report, path, location, language).text,
        "citation": source_text(report, path, location, language),
        "gb7714": gb7714(report, location.page),
        "note": entry.note,
        "verdict": VERDICT_NAMES[entry.verdict].render(language),
        "state": STATE_NAMES[entry.state].render(language),
        "text_now": entry.text_now,
        "title_of_report": report.title,
        "department": report.department or "",
        "kind": report.kind,
        "section": section_text(path),
        "source": report.source,
        "sha256": report.sha256,
    }
    return {
        "number": number,
        "ordinal": hit.ordinal,
        "year": report.year or "",
        "page": location.page or "",
        "marked": [(xml_text(text), lit) for text, lit in runs_of(hit.text, hit.spans)],
        **{name: xml_text(text) for name, text in texts.items()},
    }
