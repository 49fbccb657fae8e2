"""The process that renders a user's Word template: `python -m baocha.exports.rendering`.

On stdin it reads 8 bytes with the length of the values, the values as JSON, and the template. It
writes the document to stdout. The template may use only what the sandbox of Jinja2 allows. The
memory, processor time and disk space of the process are limited.
"""

import json
import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NoReturn

from docxtpl import DocxTemplate, RichText
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from baocha.exports.template import REFUSED, SECONDS

MAX_MEMORY = 1024 * 1024 * 1024
MAX_DOCUMENT = 64 * 1024 * 1024
"""Maximum size of the document, in bytes."""

_FIELD = re.compile(r"\{[{%]")
_TAG = re.compile("<[^>]*>")


def main() -> None:
    """Render the template. Exit with `REFUSED` and a message on stderr if the template is wrong."""
    _limit()
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    values = json.loads(sys.stdin.buffer.read(size))
    template = DocxTemplate(BytesIO(sys.stdin.buffer.read()))
    if not has_fields(template):
        _refuse(
            "模板中没有字段；请用 {{ }} 写明各项内容的位置，如 {{ number }}",
            "the template has no fields: write them in {{ }}, for example {{ number }}",
        )
    for item in values["items"]:
        item["marked"] = _rich(item["marked"])
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        template.render(values, environment, autoescape=True)
    except SecurityError as error:
        _refuse(
            f"模板使用了不允许的内容：{error}",
            f"the template uses something that is not allowed: {error}",
        )
    except UndefinedError as error:
        _refuse(f"模板中有不存在的字段：{error}", f"the template has an unknown field: {error}")
    except TemplateSyntaxError as error:
        _refuse(
            f"模板的语法有误：{error.message}", f"the template has a syntax error: {error.message}"
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError, XMLSyntaxError) as error:
        _refuse(f"模板无法生成文档：{error}", f"the template cannot be rendered: {error}")
    properties = template.docx.core_properties
    properties.modified = datetime.now(UTC)
    properties.last_modified_by = values["prepared_by"]
    document = BytesIO()
    template.save(document)
    sys.stdout.buffer.write(document.getvalue())
    sys.stdout.buffer.flush()


def has_fields(template: DocxTemplate) -> bool:
    """Return whether the text, a header or a footer of a template has a field or a statement."""
    template.init_docx()
    xml = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        xml += [template.get_part_xml(part) for _, part in template.get_headers_footers(uri)]
    return any(_FIELD.search(_TAG.sub("", one)) for one in xml)


def _rich(runs: list[tuple[str, bool]]) -> RichText:
    rich = RichText()
    for text, lit in runs:
        rich.add(text, bold=lit, highlight="yellow" if lit else None)
    return rich


def _limit() -> None:
    """Limit what this process may use. Windows has no such limits; the time limit remains."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 — Windows does not have it

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_DOCUMENT, MAX_DOCUMENT))


def _refuse(zh: str, en: str) -> NoReturn:
    message: dict[str, Any] = {"zh": zh[:500], "en": en[:500]}
    sys.stderr.write("\n" + json.dumps(message) + "\n")
    sys.exit(REFUSED)


if __name__ == "__main__":
    main()
