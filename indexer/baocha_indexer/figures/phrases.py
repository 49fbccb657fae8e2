"""Find noun phrases before and behind a number, by the words that end and begin them.

This is a heuristic: a complete parse of each sentence would take far longer than the rest of indexing.
"""

import re

from baocha_indexer.model import Qualifier

_CLAUSE_ENDS = frozenset("，。；：！？、（【《|｜,;!?\n\t")
_MAX_CLAUSE = 80
"""Maximum length of the clause before a number."""

_BRACKETED = 12
"""Maximum number of characters in brackets that belong to a label: 因公出国（境）费."""

_YEAR = r"(?:(?:19|20)[0-9]{2}\s*年?度?|上一?年度?|去年|前年|上期|同期|今年|本年度?(?!收入|支出))"
_UP = r"增长|增加|增收|提高|提升|上升|上涨|上浮|增幅|增产|增支|多支出?|(?<!最)[多高]"
_DOWN = r"负增长|(?<!减)少支出?|减少|下降|降低|压减|压缩|缩减|下滑|回落|核减|调减|减[收产支]|减|降|(?<!最)[少低]"
_ENDS: tuple[tuple[Qualifier | None, re.Pattern[str]], ...] = (
    (
        "至",
        re.compile(rf"(?:{_UP}|{_DOWN}|增|扩大|扩展|缩短|缩小|恢复|拓展)(?:至|到|(?<!幅)为)了?$"),
    ),
    ("不低于", re.compile(r"(?:(?:不|未|没有)(?:少于|低于|小于|短于)|至少|最低|最少|≥|>=)$")),
    (
        "不高于",
        re.compile(
            r"(?:(?:不|未|没有)(?:超过|高于|多于|大于|超)|控制在|最高|最多|至多|少于|低于|小于|≤|<=|<)$"
        ),
    ),
    ("超", re.compile(r"(?:超过|超出|超|突破|逾|高于|大于|多于|>)$")),
    ("约", re.compile(r"(?:大约|大概|接近|将近|约为|(?<![签预制节合])约|(?<![最附临就])近)$")),
    ("下降", re.compile(rf"(?<!扣)(?:{_DOWN}|缩短)了?$")),
    ("增长", re.compile(rf"(?:{_UP}|(?<!新)增|扩大)了?$")),
)
"""Words at the end of a clause that qualify its number, in the order in which they are tried."""

_LONGEST_END = 12
"""The words of `_ENDS` are shorter. Searching only the end of a clause takes a fraction of the time."""

_ANY_END = re.compile("|".join(pattern.pattern for _, pattern in _ENDS))
"""One search instead of seven: most clauses end with none of these words."""

_PLAIN_END = re.compile(
    r"(?:分别|(?:稳定|保持|维持)在?|达到了?|达成|高达|(?<![下到送抵传直])达|共计|(?<![收入支出\u4e00-\u9fff])[合总]计|总共|共有|共|累计|(?<![合总])计|为|是|仅|(?<!船)只|即|已|"
    r"的|有|了|实际完成|实际|完成|预计|平均|大致|人民币|每年|每|每[人户亩个次件台天月]|一次性|先后|各|(?<![人户村亩车])均|等于|在内|同比|环比|可比|同口径|(?<![洁干纯])净|偏|由|从|=|：|-|—|~|“|\"|\s|"
    rf"[百千]分之|[×xX*]\s*100\s*%|(?:[较比]|[由从])(?:{_YEAR}|年初(?!预算)|期初|年中|上月|上季度?|原来|过去)(?:同期|末|底|决算数?|预算数?|数)?|（[^（）]{{4,}}）|（含）)$"
)
"""Words between a noun phrase and its number: 收入 *共计* 5 万元."""

_COMPARED = re.compile(
    rf"(?:^|(?<=[，、；]))\s*(?:相?[比较]|与|同|和)\s*(?:于|起)?\s*{_YEAR}\s*(?:末|底|同期|决算数?|预算数?|支出|度)*"
    r"\s*(?:相比|相较|比较|持平)?"
)
"""Comparisons with another year, which are no part of a label: *与上年相比*，收入增加 5 万元."""

_BEGINS = re.compile(
    rf"^(?:\s|（[0-9一二三四五六七八九十含]+）|以[上下内]|其中|截至.{{1,12}}?[日底末]|{_YEAR}\s*(?:全年|年末|末|底|初|中|以来|间)?|20[0-9]{{2}}|年末|年底|年初(?!预算)|"
    r"全年(?!预算|执行|支出|收入)|我(?:单位|部门|中心|街道)|我们?[省市区县镇委局部办校院会厅]|本(?:单位|部门|中心|"
    r"局|级|院|校|区|市|县|街道)|全[国省市区县镇]|主要|同时|并|及|和|以及|与|另|还|共[有计]?|已|约|计划|拟|同比|环比|"
    r"[0-9]{1,2}月(?:份|[底末初])?|要求|左右|上下|分别为?|实现|其(?!他|它|余)|该|了|每年|目前|实有|现有|预计|累计|》|\.|[0-9]+[.．、])"
)
"""Words before a noun phrase: *其中*财政拨款收入, *2023 年度本单位*收入."""

_VERBS = re.compile(
    r"(?:实现|完成|达成|选择|发生|收到|获得|引进|促成|拉动|带动|新增|建成|改造|培训(?!人员)|导致|造成|覆盖|涉及|安排|下达|追加(?!预算)|拨付|支付(?<!转移支付)(?!完成|进度)|收取|"
    r"争取|筹集|组织|开展|举办|制定|印发|发放|提供|解决|推动|推进|促进|带领|引导|吸引|落实|成功|顺利|用于|"
    r"主要是|通过|处理(?!能力|量)|办理|受理|梳理出?|列入|纳入|建立|设立|设置|设有|共有|拥有|包括|包含|属于|超额|按照|根据|"
    r"投入|增至|核定|派发|收集|协调|洽谈|拜访|签约|接收|招募|评选|惠及|服务(?!（|支出|类|对象|中心|业|站|点|区|员|平台|企业|费)|减免|查处|检查|"
    r"整改|发现|购置(?!及)|购买|采购(?!支出|预算|金额|总额|完成|成本|计划|项目)|新建|改建|修建|维修|种植|提出|确保|力争|较好|不断|继续|进一步|累计(?!支出|执行|投资|收入|完成)|合计(?!支出|执行|投资|收入|完成))"
    r"(?![率数额度量值费款金比]|人[数次])"
)
"""Verbs before a noun phrase: *完成*工业投资 5 亿元. Not a part of a noun such as 完成率.

Each alternative begins with a character, so that the search skips the places without one of these.
"""

_PREPOSITIONS = re.compile(
    r"(?:对(?<![配绝相应核反面针]对)(?![外口象应接比标])|由(?!于)|将(?!来)|把|为(?![民主止])|在(?![职校编册建岗线用园手读])|被|于|向(?!上)|"
    r"使(?!用)|等(?<!相等)(?![级次])|的|以(?![上下内]))"
)
"""Prepositions and the like before a noun phrase: *由*财政拨款, 项目*的*预算."""

_COMPARISON = re.compile(
    r"(?:相?比|[较与同])[^，]{1,14}|按[^，]{0,6}(?:价格?|口径)(?:计算)?|扣除[^，]{1,12}后?"
)
"""A whole clause that says what a change is compared with, and not what changes: *比传统种植*降低 240 元."""

BASE = re.compile(
    r"\s*(?:相?比|[较与同])(?P<name>(?:年初|全年|年度|调整)?预算(?:数|金额)?|(?:支出|收入)?决算数?)"
)
"""A clause with what a change is compared with: *较年初预算数* 110 万元减少 11 万元."""

NO_SUBJECT = re.compile(
    r"(?:如下|情况|原因|方面|内容|包括|措施|问题|说明|任务|建议|要求|目标|其中|例如|比如|如)$"
)
"""The end of a clause before a colon that only introduces what follows: *主要原因*：5 家企业停产."""

NEEDS_OBJECT = re.compile(rf"(?:{_VERBS.pattern}|等|推荐|参与|参加|和|与|及|下属)$")
"""The end of a clause whose noun stands behind the number: *促成* 45 个项目."""

_SHARE = re.compile(r"(?<![挤侵抢])占(?![地比用有道领])[^占]*$")
_COMPLETED = re.compile(
    r"(?:完成了?[^，]{0,8}|(?:^|(?<=[，、；]))\s*为(?:年初|全年|调整|年度)?)(?:预算|任务|目标|计划)数?$"
)
_SUBJECT = re.compile(r"“([^”]+)”\s*(?:科目)?$|([^（）“”\s]+)（项）”?\s*(?:科目)?$")
"""An item of a budget: “教育支出（类）普通教育（款）小学教育（项）”科目 43.83 万元."""

AFTER_UNIT = re.compile(
    r"\s*(?:（(?:含[^）]{0,6}|[套台辆个件项次人户])）)?\s*(?:及)?(?P<bound>以上|以内|以下|之内|左右|上下)?\s*(?:的)?\s*"
)
"""What may stand between a unit and the noun behind it: 8 家*以上的*企业."""

_NOUN = re.compile(
    r"[“《]?(?![（）])(?P<noun>[村镇县校站厂所](?=[，。、；：）]|$)|[\u4e00-\u9fffA-Za-z“”《》·（）]{2,24}?)(?=[^\u4e00-\u9fffA-Za-z“”《》·（）]|$|的|等|成功|顺利|开展|"
    r"完成|实现|解决|建立|建设|推动|促进|提供|进行|获得|获评|入选|纳入|列入|落户|落地|注册|投入|参与|参加|参展|组成|全部|"
    r"均|已|被|在(?!职|校|编|册|建|岗)|为(?!民)|给予|共(?=有|同|计|[0-9]|\s)|分别|作为|竣工|提前|上市(?!企业)|通过|实行|接受)"
)
"""A noun phrase behind a number, up to a mark or a word that ends it."""

_NO_NOUN = re.compile(
    rf"(?:{_VERBS.pattern}|提高|提升|上升|上涨|降低|降至|增至|回落|下滑|[一二三四五六七八九十]+[万亿千百个项次元]|以|和|与|及|或|但|而|每|有|并|均|已|被|从|到|至|由|为|"
    r"在(?![职校编册建岗])|对|率队|赴|来|去|占|比|较|是|的|等|同比|环比|其中|分别|"
    r"增长|下降|减少|增加|进行|开展|用于|左右|以上|以下)"
)
"""Beginnings of a text behind a number that is no noun phrase."""

NOUN_BEHIND = frozenset("起个家名项条件份位户台套辆处座所篇种类栋块宗间支只头株门批")
"""Units that a noun usually follows: 8 家企业."""

BOUNDS: dict[str, Qualifier] = {
    "以上": "不低于", "以内": "不高于", "以下": "不高于", "之内": "不高于", "左右": "约", "上下": "约",
}  # fmt: skip


def clause_start(text: str, lowest: int, end: int) -> int:
    """Return where the clause before `end` begins. Short text in brackets belongs to it."""
    lowest = max(lowest, end - _MAX_CLAUSE)
    at = end
    while at > lowest:
        char = text[at - 1]
        if char == "）":
            opened = text.rfind("（", max(lowest, at - _BRACKETED), at)
            if opened < 0:
                break
            at = opened
            continue
        if char in _CLAUSE_ENDS:
            break
        at -= 1
    return at


def strip_clause(clause: str) -> tuple[str, Qualifier | None, bool]:
    """Return a clause without the words between the noun and its number.

    With the qualifier that these words are, and whether they include 分别.
    """
    qualifier: Qualifier | None = None
    is_respective = False
    clause = clause.rstrip()
    while clause:
        start = max(0, len(clause) - _LONGEST_END)
        for meaning, pattern in _ENDS if _ANY_END.search(clause, start) else ():
            if match := pattern.search(clause, start):
                # 增长约: the change says more.
                if qualifier is None or meaning in ("增长", "下降", "至"):
                    qualifier = qualifier if qualifier == "至" else meaning
                break
        else:
            match = _PLAIN_END.search(clause)
            if match is None:
                break
            is_respective |= "分别" in match[0]
        clause = clause[: match.start()].rstrip()
    return clause, qualifier, is_respective


def noun_phrase(phrase: str) -> str:
    """Return the noun phrase at the end of a clause, empty if there is none."""
    if subject := _SUBJECT.search(phrase):
        path = subject[1] or subject[2]
        is_dashed = "-" in path and "（项）" not in path
        return (
            path.rpartition("-")[2] if is_dashed else path.replace("（项）", "").rpartition("）")[2]
        )
    phrase = _COMPARED.sub("", phrase)
    phrase = phrase.partition("=")[0]  # 执行率=执行数/预算数=80%
    if special := _COMPLETED.search(phrase):
        return special[0].strip()
    if special := _SHARE.search(phrase):
        before = noun_phrase(phrase[: special.start()]) if special[0] == "占" else ""
        return f"{before}占比" if before else special[0]
    if _COMPARISON.fullmatch(phrase):
        return ""
    while match := _BEGINS.match(phrase):
        phrase = phrase[match.end() :]
    # A preposition at the end has its noun behind the number. A verb at the end is a label: 收文 824 份.
    ends = [
        end for match in _PREPOSITIONS.finditer(phrase) if (end := match.end()) != len(phrase) - 1
    ]
    phrase = phrase[max(ends, default=0) :]
    ends = [end for match in _VERBS.finditer(phrase) if (end := match.end()) < len(phrase) - 1]
    phrase = phrase[max(ends, default=0) :]
    while match := _BEGINS.match(phrase):
        phrase = phrase[match.end() :]
    phrase = phrase.strip(" ·《》")
    if "”" in phrase and "“" not in phrase:
        phrase = phrase.rpartition("”")[2].strip() or phrase.strip("”")
    phrase = phrase.strip("“") if "”" not in phrase else phrase
    return phrase if len(phrase) > 1 or phrase == "占" else ""


def noun_after(text: str, at: int) -> str:
    """Return the noun phrase that begins at `at`, empty if there is none."""
    match = _NOUN.match(text, at)
    if match is None or _NO_NOUN.match(match["noun"]):
        return ""
    noun = match["noun"]
    if "）" in noun.partition("（")[0]:  # the number is in brackets
        noun = noun.partition("）")[0]
    elif noun.count("（") > noun.count("）"):
        noun = noun.rpartition("（")[0]
    return noun.strip("“”《》（）")
