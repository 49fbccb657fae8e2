"""Every sentence on the pages, in Chinese and English; `{}` are filled in by the template."""

from indexer.messages import Language, Message

TEXTS = {
    "name": Message(zh="报查", en="baocha"),
    "tagline": Message(
        zh="逐段、逐字检索政府报告", en="Government reports, searched paragraph by paragraph"
    ),
    "query": Message(zh="关键词或“短语”", en="keywords or a “phrase”"),
    "search": Message(zh="检索", en="Search"),
    "holds": Message(
        zh="{reports} 份报告，{paragraphs} 个段落，{departments} 个部门，{years}",
        en="{reports} reports, {paragraphs} paragraphs, {departments} departments, {years}",
    ),
    "written": Message(zh="索引更新于 {when}", en="indexed {when}"),
    "how": Message(
        zh="空格隔开的关键词都要出现；“引号”里的话逐字匹配。",
        en="Keywords apart by spaces must all occur; a “phrase” matches to the character.",
    ),
    "empty": Message(
        zh="索引里还没有报告。把报告放进一个文件夹，运行 baocha index 文件夹。",
        en="There are no reports in the index yet. Put some in a folder and run baocha index FOLDER.",
    ),
    "total": Message(
        zh="{total} 段，见于 {reports} 份报告", en="{total} paragraphs in {reports} reports"
    ),
    "total_one": Message(zh="仅此 1 段", en="This paragraph alone"),
    "took": Message(zh="{ms} 毫秒", en="{ms} ms"),
    "nothing": Message(
        zh="未找到：{query}（已在 {paragraphs} 个段落中逐字核对）",
        en="Nothing found: {query} (all {paragraphs} paragraphs were checked to the character)",
    ),
    "nothing_filtered": Message(
        zh="所选范围内未找到：{query}",
        en="Nothing found within the filters chosen: {query}",
    ),
    "beyond": Message(
        zh="没有第 {page} 页，共 {pages} 页。", en="There is no page {page}; there are {pages}."
    ),
    "first_page": Message(zh="回到第 1 页", en="Go to page 1"),
    "clear_filters": Message(zh="取消全部筛选", en="Clear all filters"),
    "remove_filter": Message(zh="取消这项筛选", en="Remove this filter"),
    "narrow": Message(zh="筛选", en="Narrow"),
    "department": Message(zh="部门", en="Department"),
    "year": Message(zh="年度", en="Year"),
    "section": Message(zh="章节", en="Section"),
    "kind": Message(zh="报告类型", en="Kind"),
    "unknown": Message(zh="未知", en="unknown"),
    "sort": Message(zh="排序", en="Order"),
    "relevance": Message(zh="相关", en="relevance"),
    "newest": Message(zh="新的在前", en="newest"),
    "oldest": Message(zh="旧的在前", en="oldest"),
    "document": Message(zh="按文件", en="document"),
    "pages": Message(zh="翻页", en="Pages"),
    "previous": Message(zh="上一页", en="Previous"),
    "next": Message(zh="下一页", en="Next"),
    "page_of": Message(zh="第 {page} / {pages} 页", en="page {page} of {pages}"),
    "more": Message(zh="更多（{count}）", en="{count} more"),
    "chip": Message(zh="{facet}：{value}", en="{facet}: {value}"),
    "paragraph": Message(zh="第 {ordinal} 段", en="paragraph {ordinal}"),
    "source_page": Message(zh="第 {page} 页", en="page {page}"),
    "cite": Message(zh="《{title}》第 {ordinal} 段", en="{title}, paragraph {ordinal}"),
    "cite_page": Message(
        zh="《{title}》第 {ordinal} 段，第 {page} 页",
        en="{title}, paragraph {ordinal}, page {page}",
    ),
    "back": Message(zh="回到检索结果", en="Back to the results"),
    "outline": Message(zh="目录", en="Outline"),
    "source": Message(zh="文件", en="File"),
    "lit": Message(zh="标出 {count} 处", en="{count} matches marked"),
    "no_report": Message(zh="没有这份报告", en="There is no such report"),
    "no_report_why": Message(
        zh="链接可能写错了，或者报告已从索引移除。请使用上方检索框。",
        en="The link may be wrong, or the report was removed. You can search above.",
    ),
    "no_page": Message(zh="没有这个页面", en="There is no such page"),
    "no_page_why": Message(zh="请使用上方检索框。", en="You can search above."),
    "broken": Message(zh="出错了", en="Something went wrong"),
    "broken_why": Message(
        zh="这次请求没有完成；原因已记入服务器日志。",
        en="The request could not be completed; the reason is in the server's log.",
    ),
    "unavailable": Message(zh="暂时无法检索", en="Search is not available"),
    "unavailable_why": Message(
        zh="索引不存在、已损坏或由另一版本建立；原因已记入服务器日志。",
        en="The index is missing, damaged or of another version; the server's log says which.",
    ),
    "skip": Message(zh="跳到正文", en="Skip to the text"),
    "language": Message(zh="English", en="中文"),
}


def text(language: Language, key: str, **values: object) -> str:
    """Return a sentence of the page, filled in; raises KeyError where there is none."""
    message = TEXTS[key]
    return (message.en if language == "en" else message.zh).format(**values)
