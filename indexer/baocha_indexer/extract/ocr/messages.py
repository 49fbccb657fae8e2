"""The errors and warnings of scans."""

from collections.abc import Sequence

from baocha_indexer.errors import SourceError
from baocha_indexer.extract.page import Page
from baocha_indexer.messages import Message, counted
from baocha_indexer.model import LOW_CONFIDENCE, Changes

_ADVICE = Message(
    zh="请安装 OCR 扩展（见 docs/formats.zh-CN.md），再用 --rebuild 重建",
    en="install the OCR extra (see docs/formats.md) and rebuild with --rebuild",
)


def not_installed() -> SourceError:
    """Return the error for a scan if OCR is not installed."""
    return SourceError(
        zh="扫描件，没有文字层，未索引；请安装 OCR 扩展后再试（见 docs/formats.zh-CN.md）",
        en="a scan without a text layer, not indexed; "
        "install the OCR extra (see docs/formats.md) and try again",
    )


def skipped_pages(pages: Sequence[int]) -> Message:
    """Return the warning for pages that are scans and were not read."""
    zh, en = _page_list(pages)
    return Message(
        zh=f"{zh}是扫描图像，没有文字层，未索引；{_ADVICE.zh}",
        en=f"{en} scanned, without a text layer, and left out; {_ADVICE.en}",
    )


def broken_pages(pages: Sequence[int]) -> Message:
    """Return the warning for pages with a broken text layer that were not read by OCR."""
    zh, en = _page_list(pages)
    return Message(
        zh=f"{zh}文字层有误，读出的文字可能不正确；{_ADVICE.zh}",
        en=f"{en} read from a broken text layer and may be wrong; {_ADVICE.en}",
    )


def recognised_pages(pages: Sequence[int]) -> Message:
    """Return the warning for pages that were read by OCR."""
    zh, en = _page_list(pages)
    return Message(
        zh=f"{zh}由扫描图像识别而来，可能有错字",
        en=f"{en} recognised from scans and may have errors",
    )


def too_many_pages(read: int, pages: int) -> Message:
    """Return the warning for a file of which only the first pages were read."""
    return Message(
        zh=f"共 {pages:,} 页，只读取前 {read:,} 页，其余 {pages - read:,} 页未读取；请拆分后再试",
        en=f"only the first {read:,} of {pages:,} pages were read, and {pages - read:,} were left out; "
        "split the file",
    )


def low_confidence(pages: Sequence[Page], changes: Changes) -> list[Message]:
    """Return warnings for pages with low confidence and for lines that were left out, if any.

    The lines are recorded in `changes`.
    """
    unsure = [text for page in pages for text in page.unsure]
    changes.remove("low confidence", *unsure)
    warnings = _low_pages(pages)
    if unsure:
        characters = sum(map(len, unsure))
        zh, en = _page_list([page.number for page in pages if page.unsure])
        verb = "was" if len(unsure) == 1 else "were"
        warnings.append(
            Message(
                zh=f"{zh}有 {len(unsure):,} 行（{characters:,} 字）识别可信度过低，未读取，请核对原件",
                en=f"{counted(len(unsure), 'line')} ({counted(characters, 'character')}) {verb} recognised "
                f"with too low confidence and left out ({en.rpartition(' ')[0]}); check the original",
            )
        )
    return warnings


def _low_pages(pages: Sequence[Page]) -> list[Message]:
    """Return a warning that names the pages whose mean confidence is low, if there are any."""
    means = {page.number: mean for page in pages if (mean := page.mean_confidence) is not None}
    low = [number for number, mean in means.items() if mean < LOW_CONFIDENCE]
    if not low:
        return []
    percent = int(100 * min(means[number] for number in low))
    zh, en = _page_list(low)
    return [
        Message(
            zh=f"{zh}识别可信度低（最低 {percent}%），请核对原件",
            en=f"{en} recognised with low confidence (lowest: {percent} %); check the original",
        )
    ]


def _page_list(pages: Sequence[int]) -> tuple[str, str]:
    """Return up to ten page numbers as the subject of a sentence, in Chinese and in English."""
    listed = [str(page) for page in pages[:10]]
    is_more = len(pages) > len(listed)
    noun, verb = ("page", "was") if len(pages) == 1 else ("pages", "were")
    return (
        f"第 {'、'.join(listed)} {f'等 {len(pages)} ' if is_more else ''}页",
        f"{noun} {', '.join(listed)}{' and more' if is_more else ''} {verb}",
    )
