"""A department is followed across its names where `departments.csv` declares it, and only there."""

from pathlib import Path

import pytest

from baocha import create_app
from baocha.search import Engine, Filters, open_engine, proposed_successions
from tests.app.web.pages import page
from tests.conftest import IndexFiles

DECLARED = "全称,起,止,后继\n青湖区科学技术局,2010,2019,青湖区科技和工业信息化局\n青湖区科技和工业信息化局,2020,,\n"


def report(department: str, year: int, work: str) -> str:
    return (
        f"{department}{year}年度部门整体支出绩效自评报告\n一、基本情况\n{year}年完成{work}任务。\n"
    )


FILES: dict[str, str | bytes] = {
    f"{department}{year}年度部门整体支出绩效自评报告.txt": report(department, year, work)
    for department, year, work in (
        ("青湖区科学技术局", 2018, "科技创新"),
        ("青湖区科学技术局", 2019, "科技创新"),
        ("青湖区科技和工业信息化局", 2020, "科技创新"),
        ("青湖区科技和工业信息化局", 2021, "科技创新"),
        ("青湖区水利局", 2018, "河道治理"),
        ("青湖区水务局", 2019, "河道治理"),
        ("青湖区教育局", 2019, "学校建设"),
        ("青林区教育局", 2020, "学校建设"),
    )
}
OLD, NEW = "青湖区科学技术局", "青湖区科技和工业信息化局"


@pytest.fixture
def index(index_files: IndexFiles) -> Path:
    return index_files({**FILES, "departments.csv": DECLARED})


@pytest.fixture
def engine(index: Path) -> Engine:
    return open_engine(index)


def departments(engine: Engine, query: str, **filters: tuple[str, ...]) -> dict[object, int]:
    facets = engine.search(query, filters=Filters(**filters)).facets["department"]  # type: ignore[arg-type]  # only names
    return {value.value: value.count for value in facets}


def test_departments_are_apart_unless_they_are_followed(engine: Engine) -> None:
    assert departments(engine, "科技创新") == {OLD: 2, NEW: 2}
    assert departments(engine.following(), "科技创新") == {NEW: 4}


@pytest.mark.parametrize("name", [OLD, NEW, "科学技术局", "科技和工业信息化局"])
def test_a_filter_by_any_of_the_names_takes_in_all_and_says_so(engine: Engine, name: str) -> None:
    result = engine.following().search("任务", filters=Filters(department=(name,)))
    assert result.total == 4
    (warning,) = result.warnings
    assert OLD in warning.zh
    assert NEW in warning.zh
    assert engine.following().search(f"任务 部门:{name}").total == 4
    assert engine.search("任务", filters=Filters(department=(name,))).total == 2


def test_a_hit_keeps_the_department_of_its_report(engine: Engine) -> None:
    hits = engine.following().search("科技创新", limit=10).hits
    assert sorted({hit.report.department or "" for hit in hits}) == sorted([OLD, NEW])


def test_the_matrix_has_one_row_for_a_department_and_its_years(engine: Engine) -> None:
    matrix = engine.following().matrix("科技创新")
    row = matrix.row_values.index(NEW)
    assert OLD not in matrix.row_values
    counts = [cell.paragraphs for cell in matrix.cells[row]]
    assert dict(zip(matrix.column_values, counts, strict=True)) == {
        2018: 1,
        2019: 1,
        2020: 1,
        2021: 1,
    }


def test_an_engine_with_a_scope_follows_only_what_it_sees(engine: Engine) -> None:
    scoped = engine.restricted_to(Filters(department=(NEW,))).following()
    assert departments(scoped, "科技创新") == {NEW: 2}
    assert scoped.search("任务", filters=Filters(department=(OLD,))).total == 0


def test_following_changes_nothing_without_successions(index_files: IndexFiles) -> None:
    engine = open_engine(index_files(FILES))
    assert engine.following() is engine


def test_successions_are_proposed_with_evidence_and_not_applied(engine: Engine) -> None:
    (proposal,) = proposed_successions(engine)
    assert (proposal.name, proposal.successor) == ("青湖区水利局", "青湖区水务局")
    assert (proposal.last_year, proposal.first_year) == (2018, 2019)
    assert [one.kind for one in proposal.evidence] == ["similar-name"]
    assert departments(engine.following(), "河道治理") == {"青湖区水利局": 1, "青湖区水务局": 1}


def test_a_declared_succession_is_not_proposed_and_another_place_is_no_successor(
    index_files: IndexFiles,
) -> None:
    engine = open_engine(index_files(FILES))
    pairs = {(one.name, one.successor) for one in proposed_successions(engine)}
    assert pairs == {("青湖区水利局", "青湖区水务局"), (OLD, NEW)}


def test_the_departments_list_their_lineage(engine: Engine) -> None:
    found = {one.name: one for one in engine.departments().departments}
    assert found[OLD].successors == (NEW,)
    assert (found[OLD].first_year, found[OLD].last_year) == (2010, 2019)
    assert found[OLD].lineage == found[NEW].lineage == (NEW, OLD)
    assert found["青湖区教育局"].lineage == ()


def test_pages_join_departments_by_a_switch_and_compare_years_across_the_names(index: Path) -> None:
    client = create_app(index).test_client()
    html = page(client, "/?q=科技创新")
    assert "合并有沿革的部门" in html
    html = page(client, "/?q=科技创新&follow=1")
    assert "分列有沿革的部门" in html
    ids = {
        (one.report.department, one.report.year): one.report.id
        for one in open_engine(index).coverage()
    }
    html = page(client, f"/reports/{ids[NEW, 2020]}")
    assert f"/reports/{ids[OLD, 2019]}/diff/{ids[NEW, 2020]}" in html
    assert page(client, "/api/v1/search?q=科技创新&follow=1").count(NEW) > 0
