"""The text that paragraphs share is shown with its places in the original texts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from baocha.search import (
    ANY_COPIES,
    CopyFilter,
    Engine,
    Filters,
    SharedPassage,
    hit_id,
    open_engine,
)
from baocha_indexer.copies import mask
from baocha_indexer.text import bare, fold
from tests.conftest import index_of
from tests.indexer.copies.reference import runs_of

LEVEE = "针对上述问题，我局将进一步健全堤防巡查制度，压实管护责任，完善汛期值守安排，确保隐患及时发现并整改到位"
REPORTS = {
    "云溪市青湖区水务局2021年度部门整体支出绩效自评报告.txt": f"""云溪市青湖区水务局2021年度部门整体支出绩效自评报告
一、基本情况
2021年，水务局支出1,200.50万元。
二、改进措施
{LEVEE}。全年安排资金320万元用于堤防维修养护，由云溪市青湖区水务局负责组织实施并按季度上报进展情况。
""",
    "云溪市青湖区教育局2022年度部门整体支出绩效自评报告.txt": f"""云溪市青湖区教育局2022年度部门整体支出绩效自评报告
一、基本情况
2022年，教育局支出2,300万元。
二、改进措施
（一）{LEVEE}。
全年安排资金45.8万元用于堤防维修养护，由云溪市青湖区教育局负责组织实施并按季度上报进展情况。
""",
    "云溪市青湖区民政局2022年度部门整体支出绩效自评报告.txt": """云溪市青湖区民政局2022年度部门整体支出绩效自评报告
一、基本情况
民政局全年开展养老服务设施巡检，走访困难家庭，未发生责任事故，各项工作平稳有序推进。
""",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_engine(index_of(tmp_path_factory.mktemp("copies"), REPORTS))


def passages(engine: Engine, wanted: CopyFilter = ANY_COPIES) -> list[SharedPassage]:
    return list(engine.shared_passages(wanted=wanted))


def test_a_shared_passage_has_its_places_in_both_texts(engine: Engine) -> None:
    first, second = passages(engine)
    assert first.first.department == "云溪市青湖区水务局"
    assert first.second.department == "云溪市青湖区教育局"
    assert first.text == first.other_text == f"{LEVEE}。"
    assert not first.passage.is_masked
    assert second.text.startswith("全年安排资金320万元")
    assert second.other_text.startswith("全年安排资金45.8万元")
    assert second.passage.is_masked
    number, name = second.passage.items
    own, other = second.first_paragraph.text, second.second_paragraph.text
    assert (own[slice(*number.span)], other[slice(*number.other_span)]) == ("320", "45.8")
    assert (own[slice(*name.span)], other[slice(*name.other_span)]) == (
        "云溪市青湖区水务局",
        "云溪市青湖区教育局",
    )
    assert (number.is_name, name.is_name) == (False, True)
    assert number.differs
    assert name.differs


def test_the_json_has_the_ids_the_spans_and_whether_numbers_differ(engine: Engine) -> None:
    first, second = (one.to_dict() for one in passages(engine))
    assert list(first) == ["a", "b", "length", "a_span", "b_span", "text", "masked", "template"]
    assert first["masked"] is False
    assert second["masked"] is True
    assert first["length"] == len(bare(fold(first["text"])))


def test_only_what_is_equal_outright_is_listed_if_asked(engine: Engine) -> None:
    found = passages(engine, CopyFilter(outright=True))
    assert [one.text for one in found] == [f"{LEVEE}。"]
    assert not any(one.passage.is_masked for one in found)


def test_only_passages_of_at_least_some_length_are_listed_if_asked(engine: Engine) -> None:
    lengths = [one.passage.length for one in passages(engine)]
    assert [one.passage.length for one in passages(engine, CopyFilter(least=max(lengths)))] == [
        max(lengths)
    ]
    assert not passages(engine, CopyFilter(least=max(lengths) + 1))


def test_the_earlier_report_is_the_first_of_a_pair(engine: Engine) -> None:
    (pair,) = engine.copied_reports()
    assert (pair.first.year, pair.second.year) == (2021, 2022)
    assert not pair.is_same_department
    assert pair.paragraphs == 2
    assert 0 < pair.first_share <= 1
    assert 0 < pair.second_share <= 1


def test_the_copies_of_a_paragraph_tell_which_was_filed_before(engine: Engine) -> None:
    report = next(one.first for one in passages(engine))
    copied = engine.copied_paragraphs(report.id)
    assert copied is not None
    (one,) = copied
    assert [copy.is_earlier for copy in one.copies] == [False, False]
    assert one.total == 2
    assert one.paragraph.copies == 2
    assert engine.copied_paragraphs(report.id, one.paragraph.ordinal) == copied
    assert engine.copied_paragraphs(report.id, 1) == ()
    assert engine.copied_paragraphs(report.id, 0) == ()
    assert engine.copied_paragraphs("none") is None


def test_filters_choose_pairs_of_which_one_report_passes(engine: Engine) -> None:
    for department, count in (("教育局", 2), ("水务局", 2), ("民政局", 0)):
        filters = Filters(department=(department,))
        assert len(list(engine.shared_passages(filters=filters))) == count
        assert len(engine.copied_reports(filters=filters)) == (count > 0)


def test_an_engine_with_a_scope_knows_nothing_of_other_reports(engine: Engine) -> None:
    scoped = engine.restricted_to(Filters(department=("云溪市青湖区水务局",)))
    assert scoped.copied_reports() == ()
    assert list(scoped.shared_passages()) == []
    assert scoped.search("堤防").hits[0].copies == 0
    assert scoped.search("雷同:是").total == 0


def test_copied_paragraphs_are_found_by_a_condition_a_filter_and_a_facet(engine: Engine) -> None:
    found = engine.search("雷同:是")
    assert found.total == 3
    assert {hit.copies for hit in found.hits} == {1, 2}
    assert engine.search("copied:yes 堤防").total == 3
    assert engine.search("堤防", filters=Filters(copied=("no",))).total == 0
    assert engine.search("-雷同:是").total == engine.search("雷同:否").total
    assert [(v.value, v.count) for v in engine.search("堤防").facets["copied"]] == [("yes", 3)]
    assert engine.search("雷同:也许").warnings


def brute_force(engine: Engine) -> Iterator[tuple[str, str, str]]:
    """Yield the ids of two paragraphs and the masked text of each run that they share."""
    paragraphs = []
    for covered in engine.coverage():
        read = engine.read(covered.report.id)
        assert read is not None
        for paragraph in read.paragraphs:
            masked = mask(fold(paragraph.text), read.report.department)
            if len(masked) >= 25:
                paragraphs.append((read.report.id, paragraph.ordinal, masked))
    for at, (report, ordinal, text) in enumerate(paragraphs):
        for other, other_ordinal, other_text in paragraphs[:at]:
            if other != report:
                for start, _, length in runs_of(text, other_text):
                    ids = sorted([hit_id(report, ordinal), hit_id(other, other_ordinal)])
                    yield ids[0], ids[1], text[start : start + length]


def test_the_passages_of_the_sample_reports_are_those_of_a_brute_force_comparison(
    corpus_index: Path,
) -> None:
    engine = open_engine(corpus_index)
    found = Counter(
        (
            *sorted([one.to_dict()["a"], one.to_dict()["b"]]),
            mask(fold(one.text), one.first.department),
        )
        for one in engine.shared_passages(wanted=CopyFilter(templates=True))
    )
    assert found
    assert found == Counter(brute_force(engine))
