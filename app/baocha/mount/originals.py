"""The original file of a report, and images of its pages.

The path comes from the index. No part of a request is used in a path. The file must be the one that
was indexed. Both are offered only if the setting `offer_files` is on.
"""

from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from threading import Lock

from flask import Response, abort, request

from baocha.mount.access import settings
from baocha.search import Engine, ReportSummary
from baocha_indexer.errors import SourceError
from baocha_indexer.extract import PageImage, RenderTimeoutError, renderer_of
from baocha_indexer.messages import Message
from baocha_indexer.sources import SourceCopy, open_copy, state_on_disk

CACHED_IMAGES = 24
"""Number of images of pages in memory. An image has some 0.1 to 3 MB."""

_IMAGES: OrderedDict[Hashable, PageImage] = OrderedDict()
_IMAGES_LOCK = Lock()

NO_REPORT = Message(zh="没有这份报告", en="there is no such report")
NO_SOURCE = Message(
    zh="原文件不存在或无法读取", en="the original file is missing or cannot be read"
)
CHANGED_SOURCE = Message(
    zh="原文件在建立索引后已有改动", en="the original file is not the one that was indexed"
)
NO_PAGES = Message(
    zh="只有 PDF 和扫描图像可以查看原页",
    en="only pages of a PDF or a scan can be shown",
)
NO_PAGE = Message(zh="原文件没有这一页", en="the original file has no such page")


class OriginalError(Exception):
    """The original file, or the page, cannot be shown."""

    def __init__(self, status: int, key: str, message: Message) -> None:
        """`key` is the name of the message on the pages, `message` that of the API."""
        super().__init__(message.en)
        self.status, self.key, self.message = status, key, message


def checked_copy(engine: Engine, report: ReportSummary) -> SourceCopy:
    """Return the original file of a report. Raises OriginalError if it is missing or has changed."""
    try:
        copy = open_copy(Path(engine.source_path(report)), report.sha256)
    except SourceError as error:
        raise OriginalError(404, "no_source", NO_SOURCE) from error
    if copy is None:
        raise OriginalError(409, "changed_source", CHANGED_SOURCE)
    return copy


def has_page_images(report: ReportSummary) -> bool:
    """Return whether the pages of a report can be shown as images."""
    return settings().offer_files and renderer_of(Path(report.source).suffix) is not None


def page_response(engine: Engine, report_id: str, number: int) -> Response:
    """Return the response with the image of a page, from 1. Raises OriginalError if it cannot be shown."""
    if not settings().offer_files:
        abort(404)
    report = engine.report(report_id)
    if report is None:
        raise OriginalError(404, "no_report", NO_REPORT)
    tag = f"{report.sha256[:24]}-{number}"
    if tag in request.if_none_match:
        response = Response(status=304)
    else:
        image = _image(engine, report, number)
        response = Response(image.png, mimetype="image/png")
        response.headers["X-Scale"] = f"{image.scale:.4f}"
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    return response


def _image(engine: Engine, report: ReportSummary, number: int) -> PageImage:
    render = renderer_of(Path(report.source).suffix)
    if render is None:
        raise OriginalError(404, "no_pages", NO_PAGES)
    path = Path(engine.source_path(report))
    # An image is shown only while the file is there and unchanged.
    key = (report.sha256, number, path, state_on_disk(path))
    with _IMAGES_LOCK:
        if key in _IMAGES:
            _IMAGES.move_to_end(key)
            return _IMAGES[key]
    copy = checked_copy(engine, report)
    try:
        content = b"".join(copy)
    finally:
        copy.close()
    if len(content) != copy.size:
        raise OriginalError(409, "changed_source", CHANGED_SOURCE)
    try:
        image = render(content, number)
    except (SourceError, RenderTimeoutError) as error:
        raise OriginalError(422, "unreadable_page", error.message) from error
    if image is None:
        raise OriginalError(404, "no_source_page", NO_PAGE)
    with _IMAGES_LOCK:
        _IMAGES[key] = image
        while len(_IMAGES) > CACHED_IMAGES:
            _IMAGES.popitem(last=False)
    return image
