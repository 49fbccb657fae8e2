"""`synonyms.csv` and `departments.csv`: each fault is a warning, and loses nothing else."""

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.build import build_index
from baocha_indexer.messages import Message
from baocha_indexer.sources.csv_table import UnreadableTableError
from baocha_indexer.sources.departments_csv import read_departments
from baocha_indexer.sources.synonyms_csv import built_in_groups, read_synonyms
from baocha_indexer.vocabulary import DeclaredDepartment, SynonymGroup, term_key

GOOD = SynonymGroup("equal", ("子", "丑"))


def synonyms(
    folder: Path, text: str, encoding: str = "utf-8"
) -> tuple[tuple[SynonymGroup, ...], list[Message]]:
    path = folder / "synonyms.csv"
    path.write_bytes(text.encode(encoding))
    problems: list[Message] = []
    return read_synonyms(path, problems), problems


def departments(folder: Path, text: str) -> tuple[tuple[DeclaredDepartment, ...], list[Message]]:
    path = folder / "departments.csv"
    path.write_text(text, "utf-8")
    problems: list[Message] = []
    return read_departments(path, problems), problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "等级,词语,说明\n等同,子、丑,理由\n相关,寅|卯|辰,\n",
        "等级,词语,,,说明\n等同,子,丑,,理由\n相关,寅,卯,辰,\n",
        "等级,词语1,词语2,词语3\r\n等同,子,丑\r\n相关,寅,卯、辰\r\n",
        'grade,terms\nEqual,子；丑\nrelated,"寅,卯,辰"\n',
        '# 说明\n说明,词语,等级\n\n理由,子、丑、子,等同\n# 说明\n"多\n行",寅｜卯、辰,近义',
    ],
)
def test_groups_are_read_in_each_form(tmp_path: Path, text: str, encoding: str) -> None:
    found, problems = synonyms(tmp_path, text, encoding)
    assert found == (GOOD, SynonymGroup("related", ("寅", "卯", "辰")))
    assert problems == []


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        (",甲、乙", "第 2 行未填等级"),
        ("相反,甲、乙", "第 2 行的等级“相反”无效"),
        ("等同,", "第 2 行没有词语"),
        ("等同,甲", "第 2 行只有一个词语“甲”"),
        ("等同,甲、 甲", "第 2 行只有一个词语“甲”"),
        ("等同,甲、……", "第 2 行的“……”没有文字"),
        ("等同,甲、" + "长" * 61, "超过 60 字"),
        ('等同,"甲、乙', "第 2 行无法解析"),
        ('等同,"甲"乙、丙', "第 2 行无法解析"),
        ('等同,"甲\n乙"', "第 2 行有单元格跨多行"),
        ('等同,"甲、乙\n等同,子、丑\n相关,寅、卯"', "第 2 行有单元格跨多行"),
        ("等同," + "、".join(f"词{n}" for n in range(21)), "共有 21 个词语，超过 20 个"),
        ("等同,\x00甲", "第 2 行"),
        ("甲", "第 2 行的等级“甲”无效"),
    ],
)
def test_a_bad_line_is_skipped_and_the_others_are_read(
    tmp_path: Path, line: str, warning: str
) -> None:
    if "\0" in line:
        with pytest.raises(UnreadableTableError):
            synonyms(tmp_path, f"等级,词语\n{line}\n等同,子、丑\n")
        return
    found, problems = synonyms(tmp_path, f"等级,词语\n{line}\n等同,子、丑\n")
    assert GOOD in found
    assert warning in problems[0].zh
    assert problems[0].en


def test_equal_groups_that_share_a_term_are_joined_with_a_warning(tmp_path: Path) -> None:
    text = "等级,词语\n等同,甲、乙\n等同,丙、丁\n相关,乙、丙\n等同,丁、甲、戊\n"
    found, (problem,) = synonyms(tmp_path, text)
    assert [group.grade for group in found] == ["equal", "equal", "related", "equal"]
    assert "第 5 行与第 3 行都有“丁”" in problem.zh
    assert "lines 3 and 5" in problem.en


def test_groups_are_not_joined_to_a_very_large_one(tmp_path: Path) -> None:
    first = "、".join(f"甲{n}" for n in range(15))
    second = "、".join(["甲0", *(f"乙{n}" for n in range(10))])
    found, (problem,) = synonyms(tmp_path, f"等级,词语\n等同,{first}\n等同,{second}\n")
    assert len(found) == 1
    assert "与有“甲0”的组合并后共有 25 个词语" in problem.zh


def test_a_group_that_is_there_twice_is_read_once(tmp_path: Path) -> None:
    found, (problem,) = synonyms(tmp_path, "等级,词语\n等同,子、丑\n等同,丑、子\n相关,子、丑\n")
    assert found == (GOOD, SynonymGroup("related", ("子", "丑")))
    assert "第 3 行与第 2 行相同" in problem.zh


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (b"", "为空"),
        (b"\0" * 100, "不是文本"),
        ("等级,词语\n等同,甲、乙".encode("utf-16-le"), "不是文本"),
        (b"\xff\xfe\xfd" * 50, ""),
        ("词语\n甲、乙\n".encode(), "第一行缺少“等级”列"),
        ("甲,乙\n".encode(), "第一行缺少“等级”、“词语”列"),
        (b"\n\n", "为空"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole(
    tmp_path: Path, content: bytes, warning: str
) -> None:
    path = tmp_path / "synonyms.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTableError) as caught:
        read_synonyms(path, [])
    assert warning in caught.value.message.zh


def test_departments_are_read(tmp_path: Path) -> None:
    text = (
        "全称,简称,曾用名,层级,地区,上级\n"
        "青湖区水务局,区水务局、水务,水利局|三防办,区级,青湖区,青湖区人民政府\n"
        "青湖区人民政府,,,,,\n"
    )
    found, problems = departments(tmp_path, text)
    water = DeclaredDepartment(
        "青湖区水务局",
        ("区水务局", "水务"),
        ("水利局", "三防办"),
        "区级",
        "青湖区",
        "青湖区人民政府",
    )
    assert found == (water, DeclaredDepartment("青湖区人民政府"))
    assert problems == []
    english = text.replace(
        "全称,简称,曾用名,层级,地区,上级", "Name,short names,former names,level,region,parent"
    )
    assert departments(tmp_path, english) == (found, [])


@pytest.mark.parametrize(
    ("lines", "expected", "warning"),
    [
        (",水务", [], "第 2 行未填全称"),
        ("长" * 81, [], "超过 80 字"),
        (
            "甲局,甲\n甲局,乙",
            [DeclaredDepartment("甲局", ("甲",))],
            "第 3 行与第 2 行的全称都是“甲局”",
        ),
        (
            "甲局,同\n乙局,同",
            [DeclaredDepartment("甲局", ("同",)), DeclaredDepartment("乙局", ("同",))],
            "第 3 行与第 2 行的简称都是“同”，不会自动选择其一",
        ),
        (
            "甲局,乙局、甲\n乙局",
            [DeclaredDepartment("甲局", ("甲",)), DeclaredDepartment("乙局")],
            "第 2 行的简称“乙局”是第 3 行的全称",
        ),
        ("甲局,甲、…", [DeclaredDepartment("甲局", ("甲",))], "没有文字"),
        (
            "甲局," + "、".join(f"甲{n}" for n in range(21)),
            [DeclaredDepartment("甲局", tuple(f"甲{n}" for n in range(20)))],
            "多于 20 个",
        ),
    ],
)
def test_each_fault_of_departments_is_a_warning(
    tmp_path: Path, lines: str, expected: list[DeclaredDepartment], warning: str
) -> None:
    found, problems = departments(tmp_path, f"全称,简称\n{lines}\n子局\n")
    assert found == (*expected, DeclaredDepartment("子局"))
    assert warning in problems[0].zh
    assert len(problems) == 1


@pytest.mark.parametrize("length", [1, 2, 5])
def test_parents_in_a_circle_are_cut_once(tmp_path: Path, length: int) -> None:
    lines = "".join(f"局{n},局{(n + 1) % length}\n" for n in range(length))
    found, (problem,) = departments(tmp_path, f"全称,上级\n外局,局0\n{lines}")
    assert sum(entry.parent == "" for entry in found) == 1
    assert found[0].parent == "局0"
    assert "最终又隶属于该部门" in problem.zh


def test_years_and_successors_are_read(tmp_path: Path) -> None:
    lines = "甲局,2015年,2018,丙局、丁局\n乙局,,２０１８,丙局\n丙局,2019,,\n"
    found, problems = departments(tmp_path, f"全称,起,止,后继\n{lines}")
    assert found == (
        DeclaredDepartment("甲局", first_year=2015, last_year=2018, successors=("丙局", "丁局")),
        DeclaredDepartment("乙局", last_year=2018, successors=("丙局",)),
        DeclaredDepartment("丙局", first_year=2019),
    )
    assert problems == []
    assert departments(tmp_path, f"name,from,to,succeeded by\n{lines}") == (found, [])


@pytest.mark.parametrize(
    ("line", "expected", "warning"),
    [
        ("甲局,去年,2018,", DeclaredDepartment("甲局", last_year=2018), "“去年”"),
        ("甲局,2019,2018,乙局", DeclaredDepartment("甲局", successors=("乙局",)), "晚于截止年度"),
        (
            "甲局,2021,,乙局",
            DeclaredDepartment("甲局", successors=("乙局",)),
            "其后继“乙局”却止于 2020 年",
        ),
    ],
)
def test_years_that_contradict_each_other_are_a_warning(
    tmp_path: Path, line: str, expected: DeclaredDepartment, warning: str
) -> None:
    found, (problem,) = departments(tmp_path, f"全称,起,止,后继\n{line}\n乙局,,2020,\n")
    assert found == (expected, DeclaredDepartment("乙局", last_year=2020))
    assert problem.zh.startswith("第 2 行")
    assert warning in problem.zh


@pytest.mark.parametrize("length", [2, 5])
def test_successions_in_a_circle_are_cut_once(tmp_path: Path, length: int) -> None:
    lines = "".join(f"局{n},局{(n + 1) % length}\n" for n in range(length))
    found, (problem,) = departments(tmp_path, f"全称,后继\n外局,局0、末局\n{lines}")
    assert sum(entry.successors == () for entry in found) == 1
    assert found[0].successors == ("局0", "末局")
    assert "最终又由该部门承接" in problem.zh


@given(st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=6))
def test_successions_without_a_circle_are_kept_and_others_are_cut(
    tmp_path_factory: pytest.TempPathFactory, successors: list[set[int]]
) -> None:
    lines = [
        f"局{n},{'、'.join(f'局{other}' for other in sorted(own))}"
        for n, own in enumerate(successors)
    ]
    text = "全称,后继\n" + "\n".join(lines)
    found, problems = departments(tmp_path_factory.mktemp("csv"), text)
    kept = {entry.name: set(entry.successors) for entry in found}
    written = {
        f"局{n}": {f"局{other}" for other in own if other != n} for n, own in enumerate(successors)
    }
    tuple(TopologicalSorter(kept).static_order())  # raises CycleError if there is a circle
    cut = sum(len(written[name] - kept[name]) for name in written)
    assert cut == len(problems)
    try:
        tuple(TopologicalSorter(written).static_order())
    except CycleError:
        assert cut > 0
    else:
        assert cut == 0


@pytest.mark.parametrize("name", ["synonyms.csv", "departments.csv"])
def test_a_hundred_thousand_lines_are_read_and_more_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = range(100_001)
    if name == "synonyms.csv":
        lines = [f"等同,甲{n}、乙{n}、丙{n}" for n in rows]
        path.write_text("\n".join(["等级,词语", *lines]), "utf-8")
    else:
        lines = [f"甲{n}局,甲{n}、乙{n},旧{n},区,地,甲{n + 1}局,甲{n + 1}局" for n in rows]
        path.write_text("\n".join(["全称,简称,曾用名,层级,地区,上级,后继", *lines]), "utf-8")
    problems: list[Message] = []
    read = read_synonyms if name == "synonyms.csv" else read_departments
    assert len(read(path, problems)) == 100_000
    (problem,) = problems
    assert "超过 100,000 行，第 100002 行及以后各行未采用" in problem.zh


def test_the_built_in_groups_follow_their_rules() -> None:
    groups = built_in_groups()
    assert 60 <= len(groups) <= 100
    assert {group.grade for group in groups} == {"equal", "related"}
    seen: set[str] = set()
    for group in groups:
        keys = [term_key(term) for term in group.terms]
        assert len(set(keys)) == len(keys) >= 2
        negations = {no + key for key in keys for no in ("不", "未", "无", "非", "没有")}
        assert not negations & set(keys), group  # never an opposite
        if group.grade == "equal":
            assert not seen & set(keys), group
            seen.update(keys)
            for key in keys:
                assert len(key) > 2, group  # two characters also occur inside other words
                assert not any(key in other for other in keys if other != key), group


def test_each_built_in_group_has_a_reason() -> None:
    path = Path(read_synonyms.__code__.co_filename).with_name("built_in_synonyms.csv")
    rows = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(len(row.split(",")) == 3 and row.split(",")[2] for row in rows[1:])
    assert len(rows) - 1 == len(built_in_groups())


@pytest.mark.parametrize("name", ["synonyms.csv", "departments.csv", "metadata.csv"])
def test_a_folder_with_the_name_of_a_table_gives_a_warning(tmp_path: Path, name: str) -> None:
    reports = tmp_path / "reports"
    (reports / name).mkdir(parents=True)
    (reports / "a.txt").write_text("水务局2023年部门决算\n一、概况\n收支平衡。", "utf-8")
    for path in (reports, reports / "a.txt"):
        summary = build_index([path], tmp_path / "index")
        (note,) = summary.warnings
        assert note.name.endswith(name)
        assert note.message.zh.startswith("这是文件夹，不是文件")
        assert note.message.en.startswith("this is a folder, not a file")
        assert summary.failed == []
