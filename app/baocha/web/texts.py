"""All texts of the pages and of `<report-search>`, in Chinese and English.

Templates fill in the fields in `{}`. After a change to a text that the component uses, run
`python -m tools.make_component`.
"""

import re

from baocha_indexer.messages import Language, Message

_PLURAL = re.compile(r"(\{(\w+)\} (?:paragraph|report|department|match))(?:es|s)\b")
"""A field and the English noun after it, which is singular if the value is 1."""

_PAGE_TEXTS = {
    "name": Message(zh="报查", en="baocha"),
    "tagline": Message(
        zh="按段落逐字检索政府报告", en="Exact search over government reports, by paragraph"
    ),
    "query": Message(zh="关键词或“短语”", en="keywords or a “phrase”"),
    "search": Message(zh="检索", en="Search"),
    "index_size": Message(
        zh="{reports} 份报告，{paragraphs} 个段落，{departments} 个部门，{years}",
        en="{reports} reports, {paragraphs} paragraphs, {departments} departments, {years}",
    ),
    "indexed_at": Message(zh="更新于 {when}", en="updated {when}"),
    "collection_size": Message(
        zh="{reports} 份报告 · {departments} 个部门",
        en="{reports} reports · {departments} departments",
    ),
    "newest_reports": Message(zh="最新年度的报告", en="Reports of the latest years"),
    "more_pages": Message(zh="更多", en="More"),
    "text_size": Message(zh="字号", en="Text size"),
    "size_normal": Message(zh="标准", en="normal"),
    "size_large": Message(zh="大", en="large"),
    "size_larger": Message(zh="特大", en="larger"),
    "theme": Message(zh="颜色", en="Colours"),
    "row": Message(zh="表格的一行", en="Row of a table"),
    "search_hint": Message(
        zh="关键词之间用空格隔开，须全部出现；“引号”里的短语逐字匹配。",
        en="All keywords must occur. Separate them with spaces. A “phrase” matches exactly.",
    ),
    "syntax": Message(zh="检索语法", en="Search syntax"),
    "examples": Message(zh="示例", en="Examples"),
    "other_pages": Message(zh="其他页面", en="Other pages"),
    "suggestions": Message(zh="建议", en="Suggestions"),
    "empty": Message(
        zh="尚未收录报告。请将报告放入一个文件夹，然后运行 baocha index 文件夹。",
        en="The index has no reports yet. Put reports in a folder and run baocha index FOLDER.",
    ),
    "total": Message(
        zh="{total} 段，见于 {reports} 份报告", en="{total} paragraphs in {reports} reports"
    ),
    "total_relaxed": Message(
        zh="最接近的 {total} 段，见于 {reports} 份报告",
        en="The closest: {total} paragraphs in {reports} reports",
    ),
    "total_one": Message(zh="共 1 段", en="1 paragraph"),
    "no_match": Message(
        zh="0 段：{query}。逐字核对，未见该表述。",
        en="0 paragraphs: {query}. None of the checked paragraphs contains it.",
    ),
    "mode_count": Message(zh="{mode} {count}", en="{mode}: {count}"),
    "did_you_mean": Message(zh="是否要找：", en="Did you mean:"),
    "other_forms": Message(zh="其他形式：", en="Also written:"),
    "by_value": Message(zh="按数值检索：", en="Search by value:"),
    "histogram": Message(zh="{label}：数值分布", en="{label}: by value"),
    "histogram_how": Message(
        zh="各区间有数字的段数；区间含下限、不含上限，100% 和 100 分单列。一段可计入几个区间，不受检索上下限影响",
        en="Paragraphs with a value in each range. A range includes its lower limit and excludes its upper "
        "limit; 100% and 100 points are separate ranges. A paragraph may be "
        "counted in several ranges, whatever the limits of the query.",
    ),
    "equal_words": Message(zh="同义词：", en="Synonyms:"),
    "related_words": Message(zh="相关表述：", en="Related terms:"),
    "expand": Message(zh="一并检索同义词", en="Search synonyms too"),
    "follow": Message(zh="合并有沿革的部门", en="Join departments with their successors"),
    "do_not_follow": Message(
        zh="分列有沿革的部门", en="Show departments and their successors separately"
    ),
    "follow_how": Message(
        zh="沿革由 departments.csv 的“后继”一列给出",
        en="departments.csv declares the successions in the column 后继",
    ),
    "do_not_expand": Message(zh="不检索同义词", en="Do not search synonyms"),
    "alternative_count": Message(zh="{count} 段", en="{count}"),
    "mode": Message(zh="匹配方式", en="Match"),
    "mode_words": Message(zh="含各词", en="all words"),
    "mode_exact": Message(zh="原样", en="as typed"),
    "mode_words_title": Message(
        zh="含有全部关键词的段落，原样出现的排在前面",
        en="Paragraphs with all keywords; those as typed come first",
    ),
    "mode_exact_title": Message(
        zh="只列关键词原样出现的段落", en="Only paragraphs with the keywords as typed"
    ),
    "marks_ignored": Message(
        zh="其中 {count} 段的引号、括号等与检索词不同",
        en="of them, {count} with other quotation marks, brackets or the like",
    ),
    "marks_always_ignored": Message(
        zh="{count} 段的引号、括号等均与检索词不同",
        en="{count}, all with other quotation marks, brackets or the like",
    ),
    "only_exact": Message(zh="只看标点也相同的", en="only those with the same marks"),
    "group_typed": Message(zh="原样出现：{count} 段", en="As typed: {count}"),
    "group_words": Message(
        zh="含各词，但未原样出现：{count} 段", en="All words, but not as typed: {count}"
    ),
    "group_labels": Message(zh="其余标题和表头", en="Other headings and table headers"),
    "group_partial": Message(
        zh="另外：只含部分关键词的段落，不计入上述段数",
        en="Also: paragraphs with some of the keywords, not counted above",
    ),
    "certificate": Message(zh="未见该表述", en="No paragraph contains it"),
    "certificate_version": Message(
        zh="索引版本 {generation}，更新于 {written}",
        en="Index version {generation}, updated {written}",
    ),
    "certificate_export": Message(zh="导出核查结果", en="Export this proof"),
    "no_match_filtered": Message(
        zh="未找到符合条件的段落：{query}", en="No paragraph matches: {query}"
    ),
    "no_such_page": Message(
        zh="没有第 {page} 页，共 {pages} 页。",
        en="There is no page {page}; the last one is {pages}.",
    ),
    "first_page": Message(zh="返回第 1 页", en="Go to page 1"),
    "clear_filters": Message(zh="取消全部筛选", en="Clear all filters"),
    "remove_filter": Message(zh="取消此项筛选", en="Remove this filter"),
    "filters": Message(zh="筛选", en="Filters"),
    "department": Message(zh="部门", en="Department"),
    "year": Message(zh="年度", en="Year"),
    "section": Message(zh="章节", en="Section"),
    "kind": Message(zh="报告类型", en="Kind"),
    "role": Message(zh="段落类型", en="Paragraph type"),
    "copied": Message(zh="雷同", en="Copied text"),
    "region": Message(zh="地区", en="Region"),
    "level": Message(zh="层级", en="Level"),
    "unknown": Message(zh="未知", en="unknown"),
    "sort": Message(zh="排序", en="Order"),
    "relevance": Message(zh="相关度", en="relevance"),
    "newest": Message(zh="由新到旧", en="newest"),
    "oldest": Message(zh="由旧到新", en="oldest"),
    "document": Message(zh="按文件", en="by file"),
    "highest": Message(zh="数值由大到小", en="highest value"),
    "lowest": Message(zh="数值由小到大", en="lowest value"),
    "pages": Message(zh="翻页", en="Pages"),
    "previous": Message(zh="上一页", en="Previous"),
    "next": Message(zh="下一页", en="Next"),
    "page_of": Message(zh="第 {page} / {pages} 页", en="page {page} of {pages}"),
    "more_values": Message(zh="更多（{count}）", en="{count} more"),
    "values_not_listed": Message(
        zh="另有 {count} 个未列出；可在检索框中加上“章节:”等条件",
        en="not listed: {count} more; add a condition such as 章节: to the query",
    ),
    "fewer_values": Message(zh="收起", en="fewer"),
    "chip": Message(zh="{facet}：{value}", en="{facet}: {value}"),
    "paragraph": Message(zh="第 {ordinal} 段", en="paragraph {ordinal}"),
    "recognised": Message(
        zh="由图像识别，可能有错字", en="Recognised from an image, may have errors"
    ),
    "recognised_badly": Message(
        zh="由图像识别，可信度 {percent}%，请核对原件",
        en="Recognised from an image, confidence {percent} %: check the original",
    ),
    "source_sheet": Message(zh="工作表“{sheet}”", en="sheet “{sheet}”"),
    "back_to_results": Message(zh="返回检索结果", en="Back to the results"),
    "outline": Message(zh="目录", en="Outline"),
    "source": Message(zh="原文件", en="File"),
    "searched_as": Message(
        zh="繁简、全角半角等视为相同：按“{text}”逐字核对。",
        en="Traditional characters equal simplified ones, and full width equals half width: "
        "searched as “{text}”.",
    ),
    "results_of": Message(zh="检索结果：{query}", en="Results: {query}"),
    "grouping": Message(zh="显示方式", en="Show results"),
    "by_paragraph": Message(zh="按段落", en="by paragraph"),
    "by_report": Message(zh="按报告", en="by report"),
    "in_report": Message(zh="本报告 {count} 段", en="{count} in this report"),
    "size": Message(zh="每页段数", en="Hits per page"),
    "export": Message(zh="导出", en="Export"),
    "export_csv": Message(zh="导出 CSV", en="CSV"),
    "export_xlsx": Message(zh="导出 Excel", en="Excel"),
    "export_docx": Message(zh="导出工作底稿（DOCX）", en="Working paper (DOCX)"),
    "export_json": Message(zh="导出 JSON", en="JSON"),
    "export_docx_how": Message(
        zh="生成 Word 文档，列出检索条件、全部段落及其出处",
        en="A Word document with the query, all paragraphs and their sources",
    ),
    "context": Message(zh="上下文", en="Context"),
    "hide_context": Message(zh="收起", en="Hide context"),
    "copy": Message(zh="复制引用", en="Copy citation"),
    "open_report": Message(zh="查看原文", en="Open report"),
    "find_value": Message(zh="在{facet}中查找", en="Find: {facet}"),
    "matches": Message(
        zh="命中 {count} 处，见于 {paragraphs} 段", en="{count} matches in {paragraphs} paragraphs"
    ),
    "matches_marked": Message(
        zh="（本页标出前 {count} 处）", en="(marked here: the first {count})"
    ),
    "part": Message(
        zh="报告较长，本页为第 {first}–{last} 段，共 {paragraphs} 段",
        en="A long report: paragraphs {first}–{last} of {paragraphs}",
    ),
    "part_before": Message(zh="前一部分", en="Previous part"),
    "part_after": Message(zh="后一部分", en="Next part"),
    "no_matches": Message(zh="本报告中未见检索词", en="This report does not contain the query"),
    "first_match": Message(zh="转到第一处", en="Go to the first match"),
    "find_in_report": Message(zh="在本报告中查找", en="Find in this report"),
    "find": Message(zh="查找", en="Find"),
    "pages_of": Message(zh="共 {pages} 页", en="pages: {pages}"),
    "earlier_year": Message(zh="较早年度：{year}", en="Earlier year: {year}"),
    "later_year": Message(zh="较晚年度：{year}", en="Later year: {year}"),
    "table": Message(zh="表格", en="Table"),
    "original": Message(zh="原件", en="Original"),
    "hide": Message(zh="隐藏", en="Hide"),
    "previous_match": Message(zh="上一处", en="Previous match"),
    "next_match": Message(zh="下一处", en="Next match"),
    "cite_paragraph": Message(zh="引用第 {ordinal} 段", en="cite paragraph {ordinal}"),
    "paragraph_before": Message(zh="上一段", en="Paragraph before"),
    "paragraph_after": Message(zh="下一段", en="Paragraph after"),
    "download": Message(zh="下载原文件", en="Download the file"),
    "unknown_department": Message(zh="部门未知", en="department unknown"),
    "unknown_year": Message(zh="年度未知", en="year unknown"),
    "compare": Message(zh="对比", en="Compare"),
    "compare_exact": Message(
        zh="按原样统计；含各词的共 {words} 段。",
        en="These are counts as typed. With all words: {words}.",
    ),
    "compare_words": Message(
        zh="按含各词统计；原样出现的共 {typed} 段。",
        en="These are counts with all words. As typed: {typed}.",
    ),
    "count_words": Message(zh="改按含各词统计", en="Count with all words"),
    "count_exact": Message(zh="改按原样统计", en="Count as typed"),
    "compare_how": Message(
        zh="在上方检索框输入一个检索式，统计哪些部门提及、哪些未提及、从哪一年开始；"
        "或在下面填写多个检索词，逐个统计。",
        en="Enter a query above to see which departments mention it, which do not, and since when. "
        "Or enter several terms below to count each of them.",
    ),
    "terms": Message(zh="多个检索词", en="Several terms"),
    "terms_how": Message(
        zh="每行一个，至多 {count} 个；可用检索语法",
        en="one on each line, at most {count}; each may use the search syntax",
    ),
    "terms_count": Message(zh="{count} 个检索词", en="terms: {count}"),
    "terms_send": Message(zh="统计", en="Count"),
    "terms_post": Message(zh="统计（检索词较多）", en="Count (long list)"),
    "terms_post_how": Message(
        zh="检索词太多、浏览器提示地址过长时，请用此按钮；所得结果不能用地址收藏或转发",
        en="Use this button if the browser says that the address is too long; the result then "
        "has no address of its own",
    ),
    "indicators": Message(zh="绩效指标", en="Indicators"),
    "report_indicators": Message(zh="指标与勾稽核对", en="Indicators and checks"),
    "indicators_total": Message(
        zh="共 {rows} 项指标，涉及 {reports} 份报告，其中扣分 {lost} 项",
        en="Indicators: {rows}. Reports: {reports}. With deducted points: {lost}.",
    ),
    "indicators_none": Message(
        zh="没有符合条件的指标。指标取自报告中的绩效自评表、绩效目标表。",
        en="No indicator matches. The indicators come from self-evaluation tables and tables of targets in the reports.",
    ),
    "report_indicators_none": Message(
        zh="未在本报告中找到绩效自评表、绩效目标表。",
        en="This report has no self-evaluation table and no table of targets.",
    ),
    "indicator_name": Message(zh="指标名称", en="Name"),
    "grade": Message(zh="等级", en="Grade"),
    "only_lost": Message(zh="仅显示扣分指标", en="only with deducted points"),
    "only_without_reason": Message(
        zh="仅显示扣分而未填原因的指标", en="only deducted points without a reason"
    ),
    "group_by_project": Message(zh="按项目", en="by project"),
    "group_by_name": Message(zh="按指标对比", en="compare by indicator"),
    "total_score": Message(zh="总分", en="Total"),
    "project": Message(zh="项目", en="Project"),
    "paragraph_number": Message(zh="段落", en="Paragraph"),
    "whole": Message(zh="总体", en="All"),
    "trends": Message(zh="用语走势", en="Terms over time"),
    "trends_of": Message(zh="{terms}（按{axis}）", en="{terms} by {axis}"),
    "trends_how": Message(
        zh="统计各年度、部门或地区提及各检索词的段落数、报告数或每万字段落数；点击图上的点或表中的数可查看原文。",
        en="How many paragraphs or reports mention each term, or how many paragraphs for every 10,000 characters, "
        "by year, department or region. Each mark and each number links to its paragraphs.",
    ),
    "trends_axis": Message(zh="按", en="by"),
    "trends_cut": Message(
        zh="图中仅有前 {count} 个检索词。", en="Terms in the plot: the first {count}."
    ),
    "trends_none": Message(zh="没有可以绘图的数据。", en="There is nothing to plot."),
    "mentioned_first": Message(zh="最早提及", en="First mention"),
    "mentioned_last": Message(zh="最近提及", en="Last mention"),
    "collocations": Message(zh="“{term}”的常见搭配", en="Words near “{term}”"),
    "collocations_how": Message(
        zh="与该词相距不超过 {distance} 字、出现段落多于期望值的词，按对数似然比排列（Dunning 1993）。",
        en="Words that stand near it more often than by chance, sorted by the log-likelihood ratio (Dunning 1993). "
        "Largest distance, in characters: {distance}.",
    ),
    "collocations_partial": Message(
        zh="候选词取自前 {count} 段，段数按全部段落统计。",
        en="Candidates are words of the first paragraphs, at most {count}; the counts are of all paragraphs.",
    ),
    "collocations_none": Message(zh="没有明显的搭配。", en="No word stands out."),
    "word": Message(zh="词", en="Word"),
    "word_together": Message(zh="同时出现的段落", en="Paragraphs with both"),
    "word_expected": Message(zh="期望段落数", en="Expected"),
    "word_paragraphs": Message(zh="含该词的段落", en="Paragraphs with the word"),
    "word_score": Message(zh="对数似然比", en="Log-likelihood"),
    "differences": Message(zh="报告对比", en="Comparison"),
    "differences_total": Message(zh="共 {count} 段有变化", en="Paragraphs that changed: {count}."),
    "no_differences": Message(zh="没有变化。", en="Nothing differs."),
    "first_report": Message(zh="原报告", en="First report"),
    "second_report": Message(zh="现报告", en="Second report"),
    "exchange_reports": Message(zh="对调", en="swap the two"),
    "change_kinds": Message(zh="变化类型", en="Kinds of changes"),
    "moved": Message(zh="移动", en="moved"),
    "paragraphs_unchanged": Message(zh="未变 {count} 段", en="unchanged: {count}"),
    "no_such_paragraph": Message(zh="无此段", en="no such paragraph"),
    "compare_years": Message(zh="与 {year} 年对比", en="compare with {year}"),
    "copies": Message(zh="雷同文字", en="Copied text"),
    "copies_unknown": Message(zh="未比对雷同文字", en="Copied text is not known"),
    "copies_unknown_why": Message(
        zh="集群中的索引未比对雷同文字；请用本地索引。",
        en="An index in a cluster does not compare the texts of reports. Use an index folder.",
    ),
    "copies_total": Message(
        zh="共 {count} 对报告有雷同文字", en="Pairs of reports that share text: {count}."
    ),
    "copies_how": Message(
        zh="连续 25 字以上相同即为雷同，数字、年度、部门名称和引号、括号的差异不计；同类报告中超过规定比例（默认三分之一）"
        "且不少于 4 份都有的文字视为模板，不计入。"
        "先后按年度、发布日期、文件名排列。雷同不等于抄袭，请查看原文。",
        en="Passages of 25 or more equal characters are shared text. Numbers, years, names of departments, quotation "
        "marks and brackets may differ. A passage in many of the reports of a kind (by default more than a third "
        "of them, and at least 4) is template text and does not count. Reports are ordered by year, then date of "
        "publication, then file name. Read the texts before you draw a conclusion.",
    ),
    "show_both_texts": Message(zh="对照原文", en="show both texts"),
    "copies_none": Message(zh="没有符合条件的雷同文字。", en="No pair of reports matches."),
    "copied_share": Message(zh="雷同占比", en="Shared"),
    "copied_characters": Message(zh="雷同字数", en="Characters"),
    "copied_paragraphs": Message(zh="雷同段落", en="Paragraphs"),
    "show_copied": Message(zh="对照 {count} 段", en="paragraphs: {count}"),
    "earlier_report": Message(zh="在先", en="Earlier"),
    "later_report": Message(zh="在后", en="Later"),
    "relation": Message(zh="范围", en="Reports of"),
    "relation_same": Message(zh="同一部门", en="the same department"),
    "relation_between": Message(zh="不同部门或部门未知", en="different or unknown departments"),
    "export_passages": Message(zh="导出雷同文字", en="Export the passages:"),
    "copied_badge": Message(zh="雷同 {count}", en="shared: {count}"),
    "copied_total": Message(
        zh="共 {count} 段有雷同文字", en="Paragraphs with shared text: {count}."
    ),
    "copied_none": Message(zh="未发现雷同文字。", en="No shared text was found."),
    "copies_marks": Message(
        zh="底色标出雷同文字，下划线标出其中不同的数字、年度和部门名称。",
        en="Shared text is marked. Numbers, years and names in it that differ are underlined.",
    ),
    "copies_outright": Message(
        zh="仅看完全相同的文字", en="Only text with the same numbers and names"
    ),
    "copies_masked": Message(
        zh="包括仅数字、名称不同的文字", en="Also text with other numbers and names"
    ),
    "all_copies": Message(zh="本报告的全部雷同文字", en="All shared text of this report"),
    "copies_of_all": Message(zh="各报告的雷同文字", en="All reports with shared text"),
    "compared_with": Message(zh="对照", en="Compared with"),
    "this_report": Message(zh="本报告", en="This report"),
    "more_copies": Message(zh="另有 {count} 段与之雷同", en="{count} more"),
    "copies_not_listed": Message(zh="另有 {count} 段未列出", en="{count} more are not listed"),
    "findings": Message(zh="核对发现", en="Findings"),
    "findings_total": Message(
        zh="共 {count} 条，涉及 {reports} 份报告", en="Findings: {count}. Reports: {reports}."
    ),
    "findings_how": Message(
        zh="以下为程序核对的发现：数字不符、年度或部门写错、文字雷同。是否确有差错，请查看原文。",
        en="Figures that contradict each other, wrong years and departments, copied text. Read the text "
        "before you treat one as an error.",
    ),
    "decision": Message(zh="处理", en="Decision"),
    "decide": Message(zh="处理…", en="Decide …"),
    "decide_open": Message(zh="撤销处理", en="Reopen"),
    "decide_confirmed": Message(zh="属实", en="Confirm"),
    "decide_dismissed": Message(zh="排除", en="Dismiss"),
    "decide_how": Message(
        zh="处理结果可用命令 baocha findings --confirm、--dismiss、--reopen 和发现的编号记录。",
        en="To decide about a finding, use baocha findings with --confirm, --dismiss or --reopen and its id.",
    ),
    "decision_reason": Message(zh="理由", en="Reason"),
    "reason_needed": Message(zh="理由（排除时必填）", en="reason (needed to dismiss)"),
    "not_decided": Message(zh="未记录", en="Nothing was recorded"),
    "not_decided_why": Message(zh="请返回后重试。", en="Go back and try again."),
    "no_finding_with_id": Message(zh="没有这条发现", en="There is no such finding"),
    "no_finding_with_id_why": Message(
        zh="报告可能已更新，请重新打开核对发现页。",
        en="The report may have changed. Open the page of findings again.",
    ),
    "front_findings": Message(
        zh="核对发现 {count} 条（不含雷同类）", en="findings without copied text: {count}"
    ),
    "front_copies": Message(zh="雷同文字 {count} 段", en="copied paragraphs: {count}"),
    "findings_none": Message(zh="没有符合条件的核对发现。", en="No finding matches."),
    "no_finding": Message(
        zh="未发现不符；未判定的除外。", en="No check failed. Some may be undecided."
    ),
    "paragraphs_of": Message(zh="等共 {count} 段", en="… ({count} paragraphs)"),
    "plot": Message(zh="分布图", en="plot"),
    "plots": Message(zh="分布图", en="Plots of figures"),
    "plot_values": Message(zh="{label}分布图（按部门）", en="{label} by department"),
    "plot_budget": Message(zh="预算与支出对照图", en="Budget and spending"),
    "plot_by_department": Message(zh="按部门", en="by department"),
    "plot_total": Message(zh="共 {count} 个数字", en="Figures: {count}."),
    "plot_total_pairs": Message(zh="共 {count} 对数字", en="Pairs of figures: {count}."),
    "plot_values_how": Message(
        zh="每个圆点是一个数字，点击可查看原文；竖线是该部门的中位数。目标值和“不低于”“以上”等限值不计入。",
        en="Each dot is a figure and links to its paragraph. The upright line is the median of the department. "
        "Targets and limits, such as 95% 以上, are left out.",
    ),
    "plot_budget_how": Message(
        zh="每个圆点是同一段中的一对预算数和支出数，点击可查看原文；虚线上两者相等。坐标按对数。",
        en="Each dot is a budget and what was spent of it, in one paragraph, and links to it. On the dashed "
        "line both are equal. The axes are logarithmic.",
    ),
    "plot_cut": Message(
        zh="数字较多，仅采用前面的一部分；可增加筛选条件。",
        en="There are more figures; only the first were used. Add filters.",
    ),
    "plot_query": Message(zh="数字条件", en="Condition"),
    "plot_none": Message(zh="没有符合条件的数字。", en="No figure matches."),
    "save_plot": Message(zh="保存图", en="Save plot:"),
    "plot_count": Message(zh="个数", en="figures"),
    "plot_least": Message(zh="最小", en="lowest"),
    "plot_median": Message(zh="中位数", en="median"),
    "plot_greatest": Message(zh="最大", en="highest"),
    "plot_budget_column": Message(zh="预算数", en="budget"),
    "plot_spent_column": Message(zh="支出数", en="spent"),
    "plot_ratio": Message(zh="支出 ÷ 预算", en="spent ÷ budget"),
    "amount_wan": Message(zh="{amount}万元", en="{amount}×10⁴ yuan"),
    "rule": Message(zh="核对事项", en="Rule"),
    "severity": Message(zh="可靠程度", en="Certainty"),
    "explanation": Message(zh="说明", en="Explanation"),
    "checks": Message(zh="勾稽核对", en="Checks"),
    "checks_how": Message(
        zh="核对报告中数字之间的关系。允许误差为每个数字末位的一半，比率为末位的 1。“未判定”指缺少数字、数字精度不足或对应关系不明，无法核对。",
        en="Relations between the figures of this report. The tolerance is half a unit in the last digit of "
        "each figure, and one unit for rates. “Undecided”: a figure is missing, the figures are rounded too "
        "much, or it is not clear which figures belong together.",
    ),
    "check_results": Message(zh="各项核对的结果", en="Results by rule"),
    "check_passed": Message(zh="相符", en="holds"),
    "check_failed": Message(zh="不符", en="failed"),
    "check_undecided": Message(zh="未判定", en="undecided"),
    "all_checks": Message(zh="全部核对（{count} 项）", en="All checks ({count})"),
    "checks_not_listed": Message(zh="另有 {count} 项未列出。", en="Not listed: {count} more."),
    "nothing_checked": Message(
        zh="本报告中没有可以核对的数字关系。",
        en="This report has no relations that can be checked.",
    ),
    "result": Message(zh="结果", en="Result"),
    "report": Message(zh="报告", en="Report"),
    "term": Message(zh="检索词", en="Term"),
    "rows": Message(zh="行", en="Rows"),
    "columns": Message(zh="列", en="Columns"),
    "unit": Message(zh="单位", en="Unit"),
    "unit_paragraphs": Message(zh="段数", en="paragraphs"),
    "unit_reports": Message(zh="报告份数", en="reports"),
    "unit_rate": Message(zh="每万字的段数", en="per 10,000 characters"),
    "update": Message(zh="更新", en="Update"),
    "group": Message(zh="报告范围", en="Scope"),
    "group_whole": Message(zh="整体", en="whole department"),
    "group_project": Message(zh="项目", en="project"),
    "group_other": Message(zh="其他", en="other"),
    "split_how": Message(
        zh="所选范围内既有整体报告，也有项目报告。项目资金已包含在整体之中，因此分别统计，不相加。",
        en="Some of these reports are about a whole department, others about a project. The "
        "money of a project is part of the money of its department, so they are counted "
        "separately and not added.",
    ),
    "split_columns": Message(
        zh="所选范围内既有整体报告，也有项目报告，因此各列不相加。",
        en="Some of these reports are about a whole department, others about a project, so the "
        "columns are not added.",
    ),
    "merge": Message(zh="合并统计", en="Count together"),
    "merged_how": Message(
        zh="整体报告与项目报告已合并统计。",
        en="Reports of whole departments and of projects are counted together.",
    ),
    "split": Message(zh="分别统计", en="Count separately"),
    "sort_typed": Message(zh="恢复原顺序", en="Original order"),
    "export_table": Message(zh="导出", en="Export"),
    "query_label": Message(zh="检索词", en="query"),
    "range": Message(zh="范围", en="filters"),
    "about_note": Message(zh="说明", en="note"),
    "about_version": Message(zh="索引版本", en="index version"),
    "index_written": Message(zh="索引更新时间", en="indexed"),
    "exported": Message(zh="导出时间", en="exported"),
    "filters_shown": Message(zh="范围：{filters}", en="Filters: {filters}"),
    "compare_none": Message(
        zh="所选范围内没有报告。", en="There are no reports with these filters."
    ),
    "compare_total": Message(
        zh="{total} 段；{departments} 个部门中 {mentioning} 个提及。",
        en="{total} paragraphs; it is mentioned by {mentioning} of {departments} departments.",
    ),
    "compare_other_marks": Message(
        zh="另有 {count} 段仅引号、括号等不同。",
        en="Besides, {count} paragraphs differ only in quotation marks and the like.",
    ),
    "compare_sum": Message(zh="{total} 段。", en="{total} paragraphs."),
    "trend": Message(zh="各年度段数", en="Paragraphs by year"),
    "trend_label": Message(
        zh="各年度段数的柱形图；数字见下表合计",
        en="Bar chart of paragraphs by year; the numbers are in the row Total of the table below",
    ),
    "matrix_label": Message(zh="统计表", en="Table of counts"),
    "matrix_how": Message(
        zh="0 表示有报告但未提及，点击可查看核对情况；“未收录”表示没有报告。"
        "带 * 的 0 不能证明未提及：有标点不同的段落。涉及多个年度的报告，每个年度均计入，合计"
        "只计一次。",
        en="0: there are reports, but none mentions it; the link shows what was checked. 0 with "
        "* is no proof: there are paragraphs with other marks. “No report”: the index has no "
        "report. A report about several years is counted in each of these years, but only "
        "once in sums.",
    ),
    "matrix_terms_how": Message(
        zh="最后一行是各检索词之和：一段含几个检索词，计几次。",
        en="The last row adds up the terms: a paragraph with several terms is counted once for "
        "each of them.",
    ),
    "cell_none": Message(
        zh="有报告，未提及；查看核对情况", en="reports, but no mention: see what was checked"
    ),
    "cell_other_marks": Message(
        zh="标点相同的 0 段；标点不同的 {count} 段，因此不能证明未提及",
        en="0 with the same marks, but {count} with other marks: this does not prove absence",
    ),
    "not_filed": Message(zh="未收录", en="No report"),
    "sum": Message(zh="合计", en="Total"),
    "report_count": Message(zh="报告份数", en="Reports"),
    "all_rows": Message(zh="显示全部 {count} 行", en="Show all rows: {count}"),
    "coverage": Message(zh="报告一览", en="Reports"),
    "coverage_total": Message(
        zh="已收录 {reports} 份报告。缺报 {missing} 份，推断缺报 {inferred} 份，逾期 {late} 份。",
        en="{reports} reports. Missing: {missing}, inferred to be missing: {inferred}, late: {late}.",
    ),
    "coverage_none": Message(zh="没有符合条件的报告。", en="No report passes these filters."),
    "coverage_label": Message(
        zh="各部门、报告类型和年度的报告份数表", en="Reports by department, kind and year"
    ),
    "coverage_how": Message(
        zh="缺报：expected.csv 列出但未收录。推断缺报：expected.csv 未列出该地区的此类报告，"
        "而该部门以前年度有此类报告，同一地区的其他部门有该年度的此类报告。"
        "逾期：公开日期晚于截止日期；没有截止日期的，晚于批复后 20 日（《预算法》第十四条）；"
        "公开日期未知的不算逾期。",
        en="Missing: listed in expected.csv, but not in the index. Inferred: expected.csv lists "
        "no reports of this kind for the region, but the department has one for an earlier "
        "year, and another department of the region has one for this year. Late: published "
        "after the due date or, if there is no due date, more than 20 days after its "
        "approval (Budget Law, article 14). A report with an unknown day of publication is "
        "never late.",
    ),
    "coverage_inferred": Message(
        zh="没有 expected.csv：缺报均为推断，请以实际应报清单为准。",
        en="There is no expected.csv: missing reports are only inferred. Compare them with the "
        "official list of expected reports.",
    ),
    "filing_missing": Message(zh="缺报", en="missing"),
    "filing_inferred": Message(zh="推断缺报", en="missing (inferred)"),
    "filing_not_due": Message(zh="未到期", en="not due"),
    "late": Message(zh="逾期", en="late"),
    "due": Message(zh="公开期限：{date}", en="due by {date}"),
    "missing_count": Message(zh="缺报份数", en="Missing"),
    "late_count": Message(zh="逾期份数", en="Late"),
    "only_missing": Message(zh="只看缺报", en="missing only"),
    "only_late": Message(zh="只看逾期", en="late only"),
    "order_region": Message(zh="按地区", en="by region"),
    "order_department": Message(zh="按部门", en="by department"),
    "order_missing": Message(zh="缺报多的在前", en="most missing"),
    "order_late": Message(zh="逾期多的在前", en="most late"),
    "region_unknown": Message(zh="地区未知", en="Region unknown"),
    "published": Message(zh="公开日期", en="Published"),
    "published_later": Message(
        zh="成文 {date}，公开日期未知", en="written {date}, day of publication unknown"
    ),
    "unexplained": Message(zh="未能读入（%）", en="Not read (%)"),
    "unexplained_how": Message(
        zh="未能读入：文件中未能读入且原因不明的字所占比例。",
        en="Not read: the share of the characters of the file that were lost for unknown reasons.",
    ),
    "unread": Message(zh="未能读取的文件", en="Files that could not be read"),
    "reason": Message(zh="原因", en="Reason"),
    "all": Message(zh="全部", en="All"),
    "report_list": Message(zh="报告", en="List of reports"),
    "title": Message(zh="标题", en="Title"),
    "paragraphs": Message(zh="段数", en="Paragraphs"),
    "missing_sections": Message(zh="缺少的章节", en="Missing sections"),
    "absent": Message(zh="未提及", en="Not mentioned"),
    "absent_of": Message(zh="未提及：{query}", en="Not mentioned: {query}"),
    "absent_total": Message(
        zh="核对 {reports} 份报告、{paragraphs} 段：{mentioning} 份提及，{words} 份含各词但未原样出现，"
        "{absent} 份未提及。",
        en="Checked {reports} reports, {paragraphs} paragraphs. Reports that mention it: {mentioning}; "
        "with all words, but not as typed: {words}; without a mention: {absent}.",
    ),
    "absent_summary": Message(zh="结论", en="result"),
    "absent_departments": Message(zh="未提及的部门", en="Departments without a mention"),
    "absent_departments_how": Message(
        zh="经核对的报告均未原样出现检索词的部门。",
        en="None of the checked reports of these departments contains the query as typed.",
    ),
    "absent_reports": Message(zh="未提及的报告", en="Reports without a mention"),
    "absent_words": Message(
        zh="含各词但未原样出现的报告", en="Reports with all words, but not as typed"
    ),
    "absent_words_count": Message(zh="含各词 {count} 段", en="all words: {count}"),
    "absent_nothing": Message(zh="经核对的报告均已提及。", en="All checked reports mention it."),
    "absent_unproved": Message(
        zh="检索式或筛选中有未能识别的部分，或检索式没有必须出现的短语，以下清单不能证明未提及。",
        en="A part of the query or a filter was not understood, or the query has no phrase that "
        "every match must contain. So the lists below do not prove absence.",
    ),
    "not_filed_how": Message(
        zh="所选范围内没有收录任何报告的部门，未经核对。",
        en="The index has no report of these departments that passes the filters. Nothing was "
        "checked.",
    ),
    "not_filed_inner": Message(
        zh="本清单不考虑检索式中的筛选条件。", en="This list ignores the filters inside the query."
    ),
    "expected_reports": Message(zh="应报", en="Expected"),
    "basis": Message(zh="依据", en="Basis"),
    "basis_expected": Message(zh="应报清单", en="list of expected reports"),
    "basis_inferred": Message(
        zh="推断：已收录该部门其他年度的报告", en="inferred: the index has reports of other years"
    ),
    "certificate_title": Message(zh="核对情况", en="What was checked"),
    "to_compare": Message(zh="查看对比", en="Compare"),
    "advanced": Message(zh="高级检索", en="Advanced search"),
    "advanced_how": Message(
        zh="填写需要的各项，其余留空。点击“查看检索式”可看到对应的检索式，熟悉后可直接在检索框中输入；"
        "段落类型是筛选条件，不在检索式中。",
        en="Fill in what you need and leave the rest empty. “Show the query” shows how the "
        "query is written, so that you can type it in the search box next time. The "
        "paragraph type is a filter and not in the query.",
    ),
    "advanced_words": Message(zh="包含以下全部关键词", en="All of these words"),
    "advanced_words_hint": Message(zh="用空格隔开", en="separated by spaces"),
    "advanced_phrase": Message(zh="包含以下短语", en="This phrase"),
    "advanced_phrase_hint": Message(
        zh="逐字连续出现；引号、括号等可以不同",
        en="as typed; quotation marks and brackets may differ",
    ),
    "advanced_exact": Message(
        zh="短语的标点也须相同", en="the marks of the phrase must be the same too"
    ),
    "advanced_without": Message(zh="不包含以下关键词", en="None of these words"),
    "advanced_without_hint": Message(zh="用空格隔开", en="separated by spaces"),
    "advanced_near": Message(zh="间隔较近的词", en="Words near each other"),
    "advanced_near_hint": Message(
        zh="两个或更多，用空格隔开", en="two or more, separated by spaces"
    ),
    "advanced_distance": Message(zh="间隔不超过（字）", en="At most this many characters apart"),
    "advanced_figures": Message(zh="数字的名称和数值", en="A figure: label and value"),
    "advanced_operator": Message(zh="比较", en="comparison"),
    "advanced_value": Message(zh="数值", en="value"),
    "advanced_figures_hint": Message(
        zh="写明单位，如 80%、500万元", en="with a unit, such as 80% or 500万元"
    ),
    "advanced_years_hint": Message(
        zh="只填前一格，为该年度及以后；只填后一格，为该年度及以前",
        en="only the first: this year and later; only the second: this year and earlier",
    ),
    "advanced_to": Message(zh="至", en="to"),
    "advanced_last_year": Message(zh="最后年度", en="last year"),
    "advanced_show": Message(zh="查看检索式", en="Show the query"),
    "advanced_query": Message(zh="检索式", en="Query"),
    "advanced_learn": Message(zh="语法说明：", en="Learn more:"),
    "help": Message(zh="帮助", en="Help"),
    "help_language": Message(zh="怎样检索", en="How to search"),
    "help_finds": Message(zh="找出的段落", en="Finds"),
    "help_keywords": Message(
        zh="同时包含两个词，次序和距离不限", en="paragraphs with both words, in any order"
    ),
    "help_phrase": Message(
        zh="原样包含该短语，引号、括号等可以不同；也可用「」或英文引号",
        en="paragraphs with this phrase; quotation marks, brackets and the like may differ. 「」"
        " and straight quotation marks work too",
    ),
    "help_exact": Message(
        zh="原样包含该短语，标点也须相同",
        en="paragraphs with exactly this phrase, with the same marks",
    ),
    "help_or": Message(
        zh="包含其中任意一个；也可写 OR",
        en="paragraphs with one of them, or both; OR means the same",
    ),
    "help_not": Message(
        zh="包含前一个，不包含后一个", en="paragraphs with the first, but without the second"
    ),
    "help_group": Message(
        zh="包含括号中的任意一个，且包含后一个词",
        en="paragraphs with one of the group, and with the word after it",
    ),
    "help_near": Message(
        zh="两个词相距不超过 20 个字，先后不限",
        en="both words at most 20 characters apart, in any order",
    ),
    "help_figures": Message(
        zh="名称含“执行率”、数值低于 80% 的数字；也可用 <= > >= =；金额须写明单位：预算数>=500万元",
        en="a figure with the label 执行率 and a value below 80%; also <= > >= =; give amounts a unit: 预算数>=500万元",
    ),
    "help_figures_range": Message(
        zh="数值在两数之间（含两端）；不限名称的，用 金额: 比率: 分数: 数量:",
        en="a value between the two, limits included; for any label use 金额: 比率: 分数: 数量:",
    ),
    "help_figures_year": Message(
        zh="少于上年：同段列有上年数，或写明下降",
        en="less than in the year before: the paragraph gives both values, or says that it fell",
    ),
    "help_copied": Message(
        zh="与其他报告有雷同文字的段落；雷同:否 相反",
        en="paragraphs that share text with other reports; 雷同:否 for the others",
    ),
    "help_department": Message(zh="仅限该部门", en="only in reports of this department"),
    "help_year": Message(
        zh="仅限这些年度；也可写 年度:2022",
        en="only in reports of these years; 年度:2022 for one year",
    ),
    "help_section": Message(
        zh="仅限该章节；类型:、地区:、层级:、标题: 用法相同",
        en="only in this section; also 类型: (kind), 地区: (region), 层级: (level) and 标题: "
        "(title)",
    ),
    "help_fold": Message(
        zh="全角半角、大小写、繁简和空格不影响结果；原文中多出或缺少引号、括号、书名号、间隔号也"
        "能找到，标点相同的排在前面。其他各字均须相同；短语不会从一句跨到下一句。",
        en="Full or half width, capital or small, traditional or simplified: these differences "
        "do not matter, and spaces do not either. Additional or missing quotation marks, "
        "brackets, book-title marks and middle dots do not matter; paragraphs with the same "
        "marks come first. Every other character must be the same, and a phrase never runs "
        "from one sentence into the next.",
    ),
    "help_any": Message(
        zh="任何文字都可以检索：无法识别的部分按文字检索，并有提示。没有段落同时包含全部关键词时，"
        "列出最接近的段落，并说明首段缺少哪些词；引号里的短语和筛选条件始终须满足。",
        en="Any text can be searched. A part that is not understood is searched as text, with a "
        "warning. If no paragraph has all keywords, the closest paragraphs are shown, and a "
        "message names the words that the first of them lacks. Phrases and filters are never "
        "relaxed.",
    ),
    "help_keys": Message(zh="键盘", en="Keyboard"),
    "help_key": Message(zh="键", en="Key"),
    "action": Message(zh="作用", en="Action"),
    "key_slash": Message(zh="转到检索框", en="go to the search box"),
    "key_next": Message(zh="下一处命中", en="next match"),
    "key_previous": Message(zh="上一处命中", en="previous match"),
    "key_basket": Message(
        zh="将当前段落加入底稿，再按一次移出",
        en="put the current paragraph into the basket; again to remove it",
    ),
    "key_copy": Message(
        zh="复制当前段落（或选中的文字）和出处",
        en="copy the current paragraph, or the selection, with its source",
    ),
    "key_original": Message(
        zh="阅读报告时：显示或隐藏原件", en="in a report: show or hide the original"
    ),
    "key_list": Message(zh="显示本表", en="show this list"),
    "key_arrows": Message(zh="选择建议", en="choose a suggestion"),
    "key_enter": Message(zh="检索，或采用选中的建议", en="search, or take the chosen suggestion"),
    "key_escape": Message(zh="收起建议；再按清空", en="close the suggestions; again to clear"),
    "keys_on": Message(zh="使用单键快捷键", en="use shortcuts of one key"),
    "basket": Message(zh="底稿夹", en="Basket"),
    "working_papers": Message(zh="底稿", en="Working papers"),
    "basket_hint": Message(
        zh="检索后点击“加入底稿”或按 b 键，将段落收集到这里。",
        en="Collect paragraphs here: press “Add to basket” below a paragraph, or the key b.",
    ),
    "make_paper": Message(zh="编制底稿", en="Working paper"),
    "keep_search": Message(zh="检索记入底稿", en="Add this search"),
    "keep_search_title": Message(
        zh="将检索条件和段数记入底稿；未提及的，也可记入",
        en="Record the query and its counts in the working paper, also if nothing was found",
    ),
    "save_search_title": Message(
        zh="保存到检索历史，以后可查看新增内容",
        en="Keep it under “Searches”, to see later what is new",
    ),
    "citation": Message(zh="引用格式", en="Citation format"),
    "citation_source": Message(zh="引文（出处）", en="quote (source)"),
    "citation_gb7714": Message(zh="GB/T 7714", en="GB/T 7714"),
    "link_to_paragraph": Message(zh="本段链接", en="Link"),
    "show_original": Message(zh="对照原件", en="Original beside the text"),
    "api": Message(zh="数据接口（API）", en="API"),
    "api_how": Message(
        zh="供程序使用的 JSON 数据接口：只读，字段只增不减。出错时返回 RFC 9457 的说明。机器可读的描述：",
        en="JSON for programs: read only; fields may be added but are never removed. Errors are "
        "RFC 9457 problem details. Machine-readable description:",
    ),
    "api_token": Message(
        zh="需要令牌：请求头 Authorization: Bearer 令牌。",
        en="A token is needed: Authorization: Bearer TOKEN.",
    ),
    "api_example": Message(zh="例如", en="For example"),
    "parameter": Message(zh="参数", en="Parameter"),
    "parameter_values": Message(zh="取值（默认）", en="Values (default)"),
    "embed": Message(zh="嵌入到网页", en="Embed"),
    "embed_how": Message(
        zh="选定后，将所需代码复制到自己的网页。该网页所属的网站须列在服务器的设置 origins 中，"
        "否则只有表单可用。",
        en="Choose the options and copy the code into your page. The website of the page must be in "
        "the setting origins of the server; otherwise only the form works.",
    ),
    "embed_site": Message(zh="网站是否获准", en="Is your website allowed?"),
    "embed_origin": Message(zh="网页地址", en="Address of your page"),
    "embed_check": Message(zh="检查", en="Check"),
    "site_allowed": Message(
        zh="{origin} 已获准嵌入。", en="{origin} is allowed to embed the search."
    ),
    "site_refused": Message(
        zh="{origin} 未获准嵌入。请管理员将 baocha.toml 中的 origins 改为下面第一行，或将环境变量改为第二行，"
        "然后重新启动服务：",
        en="{origin} is not allowed to embed the search. The administrator changes origins in "
        "baocha.toml to the first line below, or the environment variable to the second line, and "
        "starts the server again:",
    ),
    "site_blocked": Message(
        zh="{origin} 使用 https，而本服务的地址是 {server}：浏览器不在 https 网页中加载 http 内容。"
        "请为本服务配置 https。",
        en="Your page ({origin}) uses https, but the address of this server is {server}: browsers do not load http "
        "content into an https page. Set up https for this server.",
    ),
    "embed_policy": Message(zh="内容安全策略", en="Content-Security-Policy"),
    "embed_policy_how": Message(
        zh="网页设有内容安全策略的，须在其中加入本服务器。组件不需要 style-src；网页要求 Trusted Types 的，"
        "也不需要另设策略。",
        en="If your page has a Content-Security-Policy, it must allow this server. The component needs "
        "no style-src, and no policy for Trusted Types if your page requires them.",
    ),
    "policy_component": Message(zh="组件：", en="Component:"),
    "policy_nonce": Message(
        zh="组件，脚本以 nonce 放行时（“…”换成每次生成的值，script 标签也写上 nonce）：",
        en="Component, if your page allows scripts by nonce (replace … with the nonce of each "
        "response, and give the script tag the same nonce):",
    ),
    "policy_frame": Message(zh="框架：", en="Frame:"),
    "policy_form": Message(zh="表单：", en="Form:"),
    "embed_height": Message(
        zh="以下脚本使框架的高度与内容一致。网页以 nonce 放行脚本的，在 script 标签中写上 nonce；"
        "不允许内联脚本的，将其另存为文件。",
        en="This script fits the height of the frame to its content. If your page allows scripts by "
        "nonce, give the script tag the nonce. If it allows no inline script, save the script as a file.",
    ),
    "embed_box": Message(zh="检索框与结果分开放置", en="Search box and results apart"),
    "embed_box_how": Message(
        zh="baocha-box 只有检索框。target 为 baocha-search 的 id 时，由该元素检索；不写 target 时，打开检索页。",
        en="baocha-box has only the search box. If target is the id of a baocha-search, that element "
        "searches. Without target, the search page opens.",
    ),
    "frame_refused": Message(
        zh="{origin} 未获准嵌入检索。请管理员在设置 origins 中加入该网站，方法见本服务的“嵌入到网页”。",
        en="{origin} is not allowed to embed the search. The administrator must add it to the setting "
        "origins; the page “Embed” of this server shows how.",
    ),
    "open_search_page": Message(zh="打开检索页", en="Open the search page"),
    "embed_options": Message(zh="选项", en="Options"),
    "embed_mode": Message(zh="形式", en="Form"),
    "mode_results": Message(zh="检索框和结果", en="box and results"),
    "mode_box": Message(zh="只有检索框", en="box only"),
    "mode_dialog": Message(zh="结果在对话框中", en="results in a dialog"),
    "embed_theme": Message(zh="颜色", en="Colours"),
    "theme_auto": Message(zh="随系统", en="same as system"),
    "theme_light": Message(zh="浅色", en="light"),
    "theme_dark": Message(zh="深色", en="dark"),
    "copy_code": Message(zh="复制", en="Copy"),
    "embed_limit": Message(zh="每次条数", en="Hits at a time"),
    "embed_target": Message(zh="链接", en="Links"),
    "target_self": Message(zh="在本页打开", en="open in the same page"),
    "target_blank": Message(zh="在新页打开", en="open in a new page"),
    "embed_offer": Message(zh="读者可更改的筛选", en="Filters that readers may change"),
    "embed_apply": Message(zh="应用", en="Apply"),
    "embed_component": Message(zh="组件", en="Component"),
    "embed_fallback": Message(
        zh="检索没有加载：请检查脚本地址和本页内容安全策略中的 script-src。",
        en="Search did not load: check the address of the script, and script-src in the "
        "Content-Security-Policy of this page.",
    ),
    "embed_live": Message(zh="效果", en="Preview"),
    "embed_frame": Message(zh="框架", en="Frame"),
    "embed_form": Message(zh="表单", en="Form without script"),
    "embed_plain": Message(
        zh="框架和表单只采用上面选定的筛选和语言。",
        en="The frame and the form use only the filters and the language chosen above.",
    ),
    "embed_doctor": Message(zh="故障排查", en="Troubleshooting"),
    "embed_doctor_how": Message(
        zh="将自己网页中的代码换成下面两行，即可看到来源、connect-src、令牌或筛选中何者有误；"
        "没有加载的，是脚本地址或 script-src 有误。",
        en="Put these lines into your page instead. They show whether the origin, connect-src, "
        "the token or a filter is wrong. If nothing loads, the address of the script or "
        "script-src is wrong.",
    ),
    "more": Message(zh="更多", en="More"),
    "retry": Message(zh="重试", en="Try again"),
    "close": Message(zh="关闭", en="Close"),
    "no_paragraphs": Message(zh="未找到符合条件的段落。", en="No paragraph matches."),
    "none_contains_it": Message(
        zh="0 段：逐字核对，未见该表述。",
        en="0 paragraphs: none of the checked paragraphs contains it.",
    ),
    "bad_attribute": Message(
        zh="属性 {name} 的值“{value}”无效，可用：{allowed}。已改用：{used}。",
        en="The value “{value}” of the attribute {name} is invalid. Allowed: {allowed}. Used instead: {used}.",
    ),
    "no_value": Message(zh="无", en="none"),
    "allowed_window": Message(zh="或窗口名称", en="or the name of a window"),
    "allowed_element": Message(zh="或 <baocha-search> 的 id", en="or the id of a <baocha-search>"),
    "allowed_token": Message(zh="不含空格的 ASCII 字符", en="ASCII characters without spaces"),
    "allowed_text": Message(zh="至多 {length} 字", en="a text with a length of at most {length}"),
    "allowed_values": Message(
        zh="以 | 分隔的至多 {count} 个值，每个至多 {length} 字",
        en="values separated by |: at most {count}, each with a length of at most {length}",
    ),
    "no_target": Message(
        zh='属性 target 指定的 <baocha-search id="{target}"> 在本页中不存在，已改为打开检索页。',
        en='The attribute target names <baocha-search id="{target}">, which is not on this page. '
        "The search page opens instead.",
    ),
    "all_well": Message(
        zh="一切正常：{paragraphs} 段。", en="All is well: {paragraphs} paragraphs."
    ),
    "refused": Message(
        zh="服务器拒绝了请求：{reason}", en="The server refused the request: {reason}"
    ),
    "policy_forbids": Message(
        zh="本页的内容安全策略不允许：请在 {directive} 中加上 {origin}",
        en="This page's Content-Security-Policy forbids it: add {origin} to {directive}",
    ),
    "origin_not_allowed": Message(
        zh="服务器未允许本网站：请管理员在设置 origins 中加上 {origin}",
        en="The server does not allow this website: its administrator must add {origin} to the "
        "setting origins",
    ),
    "unreachable": Message(
        zh="暂时无法连接检索服务（{address}）；请稍后重试，或检查地址。",
        en="The search server cannot be reached ({address}). Try again later, or check the address.",
    ),
    "feed": Message(zh="订阅检索结果", en="Follow these results"),
    "feed_how": Message(
        zh="将下面的地址添加到订阅软件（Atom），收录了新的相关段落时即可看到。",
        en="Add this address to a feed reader (Atom) to see new paragraphs when they are indexed.",
    ),
    "feed_now": Message(
        zh="现有内容（最新 {count} 段）", en="Now in the feed (the newest: {count})"
    ),
    "searches": Message(zh="检索历史", en="Searches"),
    "searches_need_scripts": Message(
        zh="检索历史需要浏览器启用 JavaScript。", en="The page Searches needs JavaScript."
    ),
    "saved_searches": Message(zh="已保存的检索", en="Saved searches"),
    "no_saved_searches": Message(
        zh="尚未保存检索。检索后，在“底稿夹”栏点击“保存检索”。",
        en="No search is saved. After a search, press “Save this search” in the basket.",
    ),
    "recent_searches": Message(zh="最近的检索", en="Recent searches"),
    "no_recent_searches": Message(zh="尚无检索历史。", en="There are no earlier searches."),
    "clear_history": Message(zh="清除记录", en="Clear"),
    "paper_how": Message(
        zh="为每一条填写备注和判断，拖动或用箭头调整顺序，填写表头，然后生成底稿。",
        en="Give each item a note and a verdict, change the order by dragging or with the "
        "arrows, fill in the head of the working paper, then make it.",
    ),
    "paper_needs_scripts": Message(
        zh="底稿夹需要浏览器启用 JavaScript。不启用时，可在检索结果中导出全部段落。",
        en="Baskets need JavaScript. Without it, you can export all paragraphs of a search.",
    ),
    "paper_head": Message(zh="底稿表头", en="Head of the working paper"),
    "field_name": Message(zh="底稿夹名称", en="Name of the basket"),
    "field_number": Message(zh="编号", en="Number"),
    "field_auditee": Message(zh="被审计（检查）单位", en="Audited (inspected) unit"),
    "field_subject": Message(zh="事项", en="Subject"),
    "field_prepared_by": Message(zh="编制人", en="Prepared by"),
    "field_prepared_on": Message(zh="编制日期", en="Prepared on"),
    "field_reviewed_by": Message(zh="复核人", en="Reviewed by"),
    "field_reviewed_on": Message(zh="复核日期", en="Reviewed on"),
    "paper_items": Message(zh="条目", en="Items"),
    "paper_title": Message(zh="审计（检查）工作底稿", en="Audit (inspection) working paper"),
    "paper_searches": Message(zh="检索记录", en="Searches"),
    "paper_export": Message(zh="生成底稿", en="Make the working paper"),
    "paper_print": Message(zh="打印或存为 PDF", en="Print, or save as PDF"),
    "paper_template": Message(zh="自备 Word 模板（可选）", en="Your own Word template (optional)"),
    "basket_new_button": Message(zh="新建", en="New"),
    "basket_delete_button": Message(zh="删除", en="Delete"),
    "basket_import": Message(zh="导入（JSON）", en="Import (JSON)"),
    "no_query": Message(zh="没有检索词", en="There is no query"),
    "no_query_why": Message(
        zh="导出的是一次检索的全部段落，请先检索。",
        en="An export contains all paragraphs of a search. Search first.",
    ),
    "no_paragraph": Message(zh="没有这一段", en="There is no such paragraph"),
    "no_paragraph_why": Message(
        zh="这份报告没有这么多段，或者内容已更新。请使用上方检索框。",
        en="The report has fewer paragraphs, or it has changed. You can search above.",
    ),
    "show_page": Message(zh="查看原页", en="Show original page"),
    "no_pages": Message(zh="无法查看原页", en="No image of the page"),
    "no_pages_why": Message(
        zh="只有 PDF 和扫描图像可以查看原页；报告的文字仍可阅读。",
        en="Only a page of a PDF or a scan can be shown. You can still read the text of the "
        "report.",
    ),
    "no_source_page": Message(zh="原文件没有这一页", en="There is no such page"),
    "no_source_page_why": Message(
        zh="链接中的页码超出原文件的页数。", en="The file has fewer pages than the link asks for."
    ),
    "unreadable_page": Message(zh="该页无法显示", en="The page cannot be shown"),
    "unreadable_page_why": Message(
        zh="该页过于复杂，或者文件已损坏；报告的文字仍可阅读。",
        en="The page is too complex, or the file is damaged. You can still read the text of the report.",
    ),
    "no_source": Message(zh="原文件已不在", en="The file is no longer there"),
    "no_source_why": Message(
        zh="索引之后，文件被移走或无法读取；报告的文字仍可阅读。",
        en="The file was moved after indexing or cannot be read. You can still read the text of the report.",
    ),
    "changed_source": Message(zh="原文件已变化", en="The file has changed"),
    "changed_source_why": Message(
        zh="文件与索引时不同，请管理员重新索引后再下载。",
        en="The file differs from the indexed one. It can be downloaded after it is indexed again.",
    ),
    "no_report": Message(zh="没有这份报告", en="There is no such report"),
    "no_report_why": Message(
        zh="链接可能有误，或者报告已从索引中移除。请使用上方检索框。",
        en="The link may be wrong, or the report was removed. You can search above.",
    ),
    "no_page": Message(zh="没有这个页面", en="There is no such page"),
    "no_page_why": Message(zh="请使用上方检索框。", en="You can search above."),
    "disk_full": Message(zh="无法导出", en="The export failed"),
    "disk_full_why": Message(
        zh="服务器的临时文件夹无法写入（可能已满），请联系管理员。",
        en="The temporary folder of the server cannot be written, perhaps because it is full. "
        "Its administrator can help.",
    ),
    "bad_basket": Message(zh="底稿夹无法读取", en="The basket cannot be read"),
    "bad_basket_why": Message(
        zh="请改正上述问题后再试；原来的底稿夹没有改动。",
        en="Correct the problem above and try again. Your basket has not changed.",
    ),
    "bad_template": Message(zh="模板无法使用", en="The template cannot be used"),
    "bad_template_why": Message(
        zh="请改正上述问题后再试，或不用模板导出。",
        en="Correct the problem above and try again, or export without a template.",
    ),
    "record_conflict": Message(
        zh="该记录已在别处修改（例如另一个标签页），本次修改未保存；请刷新页面后重新修改",
        en="The record was changed elsewhere, for example in another tab. Your change was not "
        "saved: reload the page and make it again",
    ),
    "store_failed": Message(zh="没有保存", en="Nothing was saved"),
    "store_failed_why": Message(
        zh="服务器的记录文件无法读写；原因已记入服务器日志。",
        en="The file of records on the server cannot be read or written; the reason is in the "
        "server's log.",
    ),
    "other_site": Message(zh="请求被拒绝", en="The request was refused"),
    "other_site_why": Message(
        zh="这个请求来自其他网站的页面。请在本网站的页面中操作；如果经由反向代理访问，请管理员检查设置 address。",
        en="It came from a page of another website. Use the pages of this server. If there is a "
        "proxy, the administrator should check the setting address.",
    ),
    "too_large": Message(zh="内容太大", en="The content is too large"),
    "too_large_why": Message(
        zh="超过了大小上限；请分为几部分。", en="It is larger than the limit. Divide it into parts."
    ),
    "bad_upload": Message(zh="内容没有完整收到", en="The content did not arrive completely"),
    "bad_upload_why": Message(
        zh="网络中断或过慢，或者请求没有给出长度；请重试。",
        en="The connection broke, was too slow, or the request has no length. Try again.",
    ),
    "overloaded": Message(zh="服务繁忙", en="The server is busy"),
    "overloaded_why": Message(
        zh="当前检索和下载的请求过多，请稍后再试。",
        en="Too many searches and downloads are running; try again shortly.",
    ),
    "too_costly": Message(zh="检索没有执行", en="The query was not run"),
    "too_costly_why": Message(
        zh="这不表示未找到：没有检索任何段落。请修改上方的检索式。",
        en="This does not mean that nothing was found: no paragraph was searched. Change the "
        "query above.",
    ),
    "not_allowed": Message(zh="令牌无效", en="Invalid token"),
    "not_allowed_why": Message(
        zh="请求中的令牌无效；请向管理员索取。",
        en="The token of the request is wrong. Ask the administrator of the server for a token.",
    ),
    "broken": Message(zh="出错了", en="Something went wrong"),
    "broken_why": Message(
        zh="本次请求没有完成；原因已记入服务器日志。",
        en="The request could not be completed; the reason is in the server's log.",
    ),
    "unavailable": Message(zh="暂时无法检索", en="Search is not available"),
    "unavailable_why": Message(
        zh="请稍后重试；仍不可用的，请联系管理员。",
        en="Try again later. If it does not help, ask the administrator of the server.",
    ),
    "skip": Message(zh="跳到正文", en="Skip to the text"),
    "language": Message(zh="English", en="中文"),
}


SCRIPT_TEXTS = {
    "paper_file": Message(
        zh="文件：{source}；SHA-256：{sha256}", en="File: {source}; SHA-256: {sha256}"
    ),
    "term_lists": Message(zh="已保存的检索词表", en="Saved lists"),
    "term_list_name": Message(zh="{first} 等 {count} 个", en="{first} and others: {count}"),
    "save_terms": Message(zh="保存词表", en="Save the list"),
    "remove_terms": Message(zh="删除词表", en="Remove the list"),
    "terms_saved": Message(zh="已保存词表“{name}”", en="Saved: {name}"),
    "save_search": Message(zh="保存检索", en="Save this search"),
    "search_saved": Message(zh="✓ 已保存检索", en="✓ Search saved"),
    "saved_full": Message(
        zh="最多保存 {count} 个检索；请先删除不用的",
        en="The limit of saved searches is {count}: remove one first",
    ),
    "remove_search": Message(zh="删除这个检索", en="Remove this search"),
    "found_then": Message(zh="{count} 段 · {when}", en="{count} · {when}"),
    "nothing_new": Message(zh="没有变化", en="no change"),
    "total_change": Message(zh="原 {before} 段，现 {after} 段", en="{before} before, {after} now"),
    "new_reports": Message(zh="新增或变动的报告 {count} 份", en="new or changed reports: {count}"),
    "gone_reports": Message(
        zh="不再匹配的报告 {count} 份", en="reports that no longer match: {count}"
    ),
    "keep": Message(zh="加入底稿", en="Add to basket"),
    "kept": Message(zh="✓ 已加入底稿", en="✓ In the basket"),
    "added_to_basket": Message(zh="已加入底稿夹“{name}”", en="Added to “{name}”"),
    "already_in_basket": Message(
        zh="底稿夹“{name}”中已有，未重复加入", en="“{name}” has it already"
    ),
    "removed_from_basket": Message(zh="已从底稿夹移出", en="Removed from the basket"),
    "search_kept": Message(
        zh="已将本次检索记入底稿夹“{name}”", en="This search was added to “{name}”"
    ),
    "text_copied": Message(zh="已复制", en="Copied"),
    "not_copied": Message(
        zh="浏览器不允许复制，请选中文字后按 Ctrl+C",
        en="The browser does not allow copying: select the text and press Ctrl+C",
    ),
    "in_brackets": Message(zh="（{text}）", en=" ({text})"),
    "basket_first_name": Message(zh="底稿", en="Working paper"),
    "basket_next_name": Message(zh="底稿 {day}", en="Working paper {day}"),
    "basket_new": Message(zh="＋ 新建底稿夹", en="+ New basket"),
    "basket_count": Message(zh="共 {count} 条", en="items: {count}"),
    "basket_full": Message(
        zh="一个底稿夹最多 {count} 条，未加入；请新建底稿夹",
        en="Nothing was added: the limit of a basket is {count}. Make a new basket",
    ),
    "verdict": Message(zh="判断", en="Verdict"),
    "verdict_none": Message(zh="未判断", en="no verdict"),
    "verdict_supports": Message(zh="支持", en="supports"),
    "verdict_doubtful": Message(zh="存疑", en="doubtful"),
    "verdict_irrelevant": Message(zh="无关", en="irrelevant"),
    "note": Message(zh="备注", en="Note"),
    "remove_item": Message(zh="移出", en="Remove"),
    "move_up": Message(zh="上移", en="Move up"),
    "move_down": Message(zh="下移", en="Move down"),
    "drag_item": Message(zh="拖动以调整顺序", en="Drag to change the order"),
    "search_item": Message(zh="检索 {query}：{count} 段", en="Search {query}: {count}"),
    "search_item_link": Message(zh="查看检索结果", en="Open the results"),
    "source_page": Message(zh="第 {page} 页", en="page {page}"),
    "item_changed": Message(
        zh="已变动：报告更新后，该段现为：",
        en="Changed: the report was updated, and this paragraph is now:",
    ),
    "search_changed": Message(
        zh="已变动：加入时 {before} 段，现为 {after} 段",
        en="Changed: {before} when it was added, {after} now",
    ),
    "item_removed": Message(
        zh="已移除：报告或该段已不在索引中；所示为加入时的文字",
        en="Removed: the report or the paragraph is no longer in the index; this is the text "
        "when it was added",
    ),
    "delete_basket_question": Message(
        zh="删除底稿夹“{name}”及其全部条目？无法恢复。",
        en="Delete the basket “{name}” with all of its items? This cannot be undone.",
    ),
    "basket_too_large": Message(
        zh="底稿夹超过 {size} MB，无法处理；请分为几个底稿夹",
        en="The basket is over {size} MB, which is the limit. Divide it",
    ),
    "importing": Message(zh="正在导入", en="Importing"),
    "imported": Message(zh="已导入 {count} 条。", en="Imported: {count}."),
    "writing_file": Message(zh="正在生成文件", en="Writing the file"),
    "index_updated": Message(
        zh="索引已更新，结果的页次可能变动；请从第 1 页重新查看",
        en="The index was updated, and hits may have moved to other pages. Start again at page 1",
    ),
    "server_unreachable": Message(
        zh="无法连接服务器，请稍后重试", en="The server cannot be reached. Try again later"
    ),
    "store_unreachable": Message(
        zh="无法连接服务器，未保存；请稍后重试",
        en="The server cannot be reached: not saved. Try again later",
    ),
    "saved_late": Message(zh="已保存", en="Saved"),
    "store_full": Message(
        zh="浏览器的存储空间或磁盘已满，未保存；请导出并删除不用的底稿夹",
        en="The storage of the browser or the disk is full: not saved. Export baskets that you do not "
        "need, then delete them",
    ),
    "store_forbidden": Message(
        zh="浏览器不允许保存数据（可能是隐私模式，或磁盘已满），底稿夹无法使用",
        en="The browser does not allow storage, perhaps because this is a private window, or because "
        "the disk is full: "
        "baskets cannot be used",
    ),
}
"""The texts that scripts show. Each page has them in its language."""

TEXTS = _PAGE_TEXTS | SCRIPT_TEXTS
"""All texts, by key."""


def script_texts(language: Language) -> dict[str, str]:
    """Return the texts of the scripts, with their fields unfilled."""
    return {key: message.render(language) for key, message in SCRIPT_TEXTS.items()}


def text(language: Language, key: str, **values: object) -> str:
    """Return a text with its fields filled in. Raises KeyError for an unknown key."""
    message = TEXTS[key]
    if language != "en":
        return message.zh.format(**values)
    template = _PLURAL.sub(lambda m: m[1] if str(values[m[2]]) == "1" else m[0], message.en)
    return template.format(**values)
