"""Synonyms and the names of departments in searches, compared with the brute-force reference."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from baocha.search import Engine, Filters, open_engine
from baocha.search.query import And, Keyword, Not, Or, Phrase, as_typed, parse_query
from baocha.search.query.tree import Query
from baocha_indexer.messages import Message
from baocha_indexer.store.write import IndexWriter
from baocha_indexer.text import fold
from baocha_indexer.vocabulary import (
    DeclaredDepartment,
    ExpectedReport,
    FolderVocabulary,
    SynonymGroup,
    UnreadFile,
    Vocabulary,
    term_key,
)
from tests.app.search.indexes import (
    add,
    by_report,
    collections,
    filters,
    phrases,
    present,
    queries,
    sentences,
)
from tests.app.search.reference import Entry, matches, passes

groups = st.builds(
    SynonymGroup,
    st.sampled_from(["equal", "equal", "related"]),
    st.lists(phrases, min_size=2, max_size=4, unique_by=term_key).map(tuple),
)


def engine_of(folder: Path, entries: list[Entry], vocabulary: Vocabulary) -> Engine:
    with IndexWriter(folder) as writer:
        writer.vocabulary = vocabulary
        for report_id, members in by_report(entries).items():
            add(writer, report_id, members)
        writer.commit()
    return open_engine(folder)


def matches_expanded(query: Query, entry: Entry, vocabulary: Vocabulary) -> bool:
    """Return whether a text, or a text that is equal to it, matches."""
    match query:
        case Phrase() if query.exact:
            return matches(query, entry)
        case Keyword() | Phrase():
            equal = (Phrase(term, fold(term)) for term in vocabulary.equal_terms(query.text))
            return any(matches(one, entry) for one in (query, *equal))
        case And():
            return all(matches_expanded(part, entry, vocabulary) for part in query.parts)
        case Or():
            return any(matches_expanded(part, entry, vocabulary) for part in query.parts)
        case Not():
            return not matches_expanded(query.part, entry, vocabulary)
        case _:
            return matches(query, entry)


@settings(max_examples=60)
@given(
    entries=collections(),
    declared=st.lists(groups, min_size=1, max_size=3).map(tuple),
    asked=st.lists(st.tuples(queries, filters), max_size=6),
)
def test_an_expanded_query_finds_the_union_of_its_terms(
    entries: list[Entry], declared: tuple[SynonymGroup, ...], asked: list[tuple[str, Filters]]
) -> None:
    vocabulary = Vocabulary(declared)
    terms = [f'"{term}"' for group in declared for term in group.terms]
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(Path(folder, "index"), entries, vocabulary)
        for query, drawn in [*asked, *((term, Filters()) for term in terms)]:
            tree, chosen = parse_query(query).tree, present(drawn, entries)
            found = [e for e in entries if matches_expanded(tree, e, vocabulary)]
            expected = sum(passes(entry, chosen) for entry in found)
            as_typed_ones = [
                e
                for e in entries
                if matches_expanded(as_typed(tree), e, vocabulary) and passes(e, chosen)
            ]
            result = engine.search(query, filters=chosen, limit=100, expand=True)
            if not result.relaxed:
                assert result.total == len(result.hits) == expected
            else:
                assert expected == 0
            hits = list(engine.hits(query, filters=chosen, expand=True))
            assert {hit.id for hit in hits} == {hit.id for hit in result.hits}
            assert engine.matrix(query, filters=chosen, mode="words", expand=True).total == expected
            assert engine.matrix(query, filters=chosen, expand=True).total == len(as_typed_ones)
            assert result.counts.typed == (0 if result.relaxed else len(as_typed_ones))


def test_the_proof_of_a_zero_checks_the_equal_terms_too(tmp_path: Path) -> None:
    vocabulary = Vocabulary((SynonymGroup("equal", ("招标投标", "招投标")),))
    engine = engine_of(tmp_path / "index", sentences(), vocabulary)
    certificate = engine.search("“招标投标”", expand=True).certificate
    assert certificate is not None
    assert [exact for exact, _ in certificate.checks] == ["招标投标", "招投标"]
    certificate = engine.search("“采购” | “招标投标”", expand=True).certificate
    assert certificate is not None
    assert [exact for exact, _ in certificate.checks] == ["采购", "招标投标", "招投标"]
    certificate = engine.search("“招标投标”").certificate
    assert certificate is not None
    assert [exact for exact, _ in certificate.checks] == ["招标投标"]


def test_nothing_is_expanded_unless_asked(tmp_path: Path) -> None:
    vocabulary = Vocabulary((SynonymGroup("equal", ("绩效自评", "绩效目标")),))
    engine = engine_of(tmp_path / "index", sentences(), vocabulary)
    assert engine.search("“绩效自评”").total == 1
    result = engine.search("“绩效自评”", expand=True)
    assert result.total == 4
    assert [message.zh for message in result.warnings] == [
        "已按同义词一并检索：绩效自评 = 绩效目标"
    ]
    assert all(hit.spans for hit in result.hits)
    assert engine.matrix("“绩效自评”").total == 1
    matrix = engine.matrix("“绩效自评”", expand=True)
    assert (matrix.total, matrix.warnings) == (4, result.warnings)
    assert len(list(engine.hits("“绩效自评”"))) == 1


WATER, SCHOOLS, FARMS = "云溪市青湖区水务局", "云溪市青湖区教育和体育局", "云溪市青湖区农业农村局"
OTHER = "云溪市白河区教育和体育局"


def departments_engine(folder: Path, *declared: DeclaredDepartment) -> Engine:
    entries = [e for name in (WATER, SCHOOLS, FARMS, OTHER) for e in sentences(name)]
    vocabulary = Vocabulary((), (FolderVocabulary("/reports", (), declared),))
    return engine_of(folder / "index", entries, vocabulary)


def searched(engine: Engine, name: str) -> tuple[int, list[str]]:
    """Search with a department as filter and as condition, which must do the same."""
    filtered = engine.search("“绩效”", filters=Filters(department=(name,)))
    condition = engine.search(f"“绩效” 部门:“{name}”")
    assert (filtered.total, filtered.warnings) == (condition.total, condition.warnings)
    assert engine.matrix("“绩效”", filters=Filters(department=(name,))).total == filtered.total
    return filtered.total, [message.zh for message in filtered.warnings]


def test_a_department_is_found_by_its_short_and_former_names(tmp_path: Path) -> None:
    engine = departments_engine(tmp_path, DeclaredDepartment(WATER, ("水办",), ("水利局",)))
    assert searched(engine, "水办") == (4, [f"部门“水办”已按简称识别为“{WATER}”"])
    assert searched(engine, "水利局") == (4, [f"部门“水利局”已按曾用名识别为“{WATER}”"])
    assert searched(engine, "青湖区教体局") == (4, [f"部门“青湖区教体局”已按简称识别为“{SCHOOLS}”"])
    assert searched(engine, "农业局") == (4, [f"部门“农业局”已按曾用名识别为“{FARMS}”"])


def test_a_name_that_a_department_contains_needs_no_short_name(tmp_path: Path) -> None:
    engine = departments_engine(tmp_path, DeclaredDepartment(WATER, ("教育",)))
    assert searched(engine, "教育") == (8, [])
    assert searched(engine, WATER) == (4, [])
    assert searched(engine, "火星局") == (0, ["尚未收录部门“火星局”"])


def test_an_ambiguous_name_lists_the_departments_and_chooses_none(tmp_path: Path) -> None:
    engine = departments_engine(tmp_path)
    total, (message,) = searched(engine, "区教体局")
    assert total == 0
    assert message == f"部门“区教体局”可指“{OTHER}”、“{SCHOOLS}”，未作选择；请填写其中一个全称"
    clear = departments_engine(tmp_path / "clear", DeclaredDepartment(OTHER, ("区教体局",)))
    assert searched(clear, "区教体局")[0] == 4


def test_several_names_are_each_understood(tmp_path: Path) -> None:
    engine = departments_engine(tmp_path)
    chosen = Filters(department=("农业局", "火星局", "水务", "区教体局"))
    result = engine.search("“绩效”", filters=chosen)
    assert result.total == 8
    assert [message.zh[:6] for message in result.warnings] == [
        "部门“农业局",
        "尚未收录部门",
        "部门“区教体",
    ]
    assert engine.search("“绩效” -部门:农业局").total == 12


def test_the_departments_of_an_index_are_listed_with_their_names(tmp_path: Path) -> None:
    declared = (
        DeclaredDepartment(WATER, ("水办",), ("水利局",), "区级", "青湖区", "云溪市水务局"),
        DeclaredDepartment("云溪市水务局"),
    )
    found = departments_engine(tmp_path, *declared).departments()
    assert [department.name for department in found.departments] == sorted(
        [WATER, SCHOOLS, FARMS, OTHER]
    )
    (water,) = (department for department in found.departments if department.name == WATER)
    assert (water.reports, water.short_names, water.former_names) == (1, ("水办",), ("水利局",))
    assert (water.level, water.region, water.parent) == ("区级", "青湖区", "云溪市水务局")
    assert "区水务局" in water.derived_short_names
    (farms,) = (department for department in found.departments if department.name == FARMS)
    assert "农业局" in farms.derived_former_names
    assert {"教体局", "区教体局", "教育和体育局"} <= {one.name for one in found.ambiguous}
    assert found.without_reports == ("云溪市水务局",)
    assert found.to_dict()["departments"][0]["reports"] == 1


def test_a_restricted_engine_knows_only_the_departments_in_its_scope(tmp_path: Path) -> None:
    declared = (
        DeclaredDepartment(WATER, ("水办",), parent=FARMS),
        DeclaredDepartment(FARMS, ("农办",)),
        DeclaredDepartment("云溪市审计局"),
    )
    engine = departments_engine(tmp_path, *declared)
    narrowed = engine.restricted_to(Filters(department=(WATER, OTHER)))
    found = narrowed.departments()
    text = str(found.to_dict())
    assert [department.name for department in found.departments] == sorted([WATER, OTHER])
    assert not any(hidden in text for hidden in (FARMS, SCHOOLS, "农办", "审计局"))
    assert searched(narrowed, "水办") == (4, [f"部门“水办”已按简称识别为“{WATER}”"])
    assert searched(narrowed, "农办") == (0, ["尚未收录部门“农办”"])
    # Among all departments the name is ambiguous; in the scope it is not.
    assert searched(narrowed, "区教体局") == (4, [f"部门“区教体局”已按简称识别为“{OTHER}”"])
    # A scope is given by whole names only.
    assert engine.restricted_to(Filters(department=("水办",))).status().reports == 0


def test_expected_reports_have_the_names_of_departments_and_a_scope_hides_others(
    tmp_path: Path,
) -> None:
    expected = (
        ExpectedReport("水办", 2022, "部门决算"),
        ExpectedReport(OTHER, 2022, "部门决算", "别处"),
        ExpectedReport("区教体局", 2022, "部门决算"),  # ambiguous
        ExpectedReport("云溪市审计局", 2021, "部门预算"),  # without reports
    )
    unread = (UnreadFile("a.pdf", Message(zh="已损坏", en="damaged")),)
    folder = FolderVocabulary("/reports", (), (DeclaredDepartment(WATER, ("水办",)),), expected)
    entries = [entry for name in (WATER, SCHOOLS, OTHER) for entry in sentences(name)]
    engine = engine_of(tmp_path, entries, Vocabulary((), (folder,), unread))
    found = engine.expected()
    assert [one.department for one in found] == [WATER, OTHER, "区教体局", "云溪市审计局"]
    assert found[1].region == "别处"
    assert found[3].region == "云溪市"
    assert engine.status().unread == unread

    def visible(scope: Filters) -> list[str]:
        return [one.department for one in engine.restricted_to(scope).expected()]

    # A department in the scope is expected to file, although it has no report.
    assert visible(Filters(department=(WATER, "云溪市审计局"))) == [WATER, "云溪市审计局"]
    assert visible(Filters(kind=("部门预算",))) == ["云溪市审计局"]
    assert visible(Filters(year=((2022, 2023),))) == [WATER, OTHER, "区教体局"]
    narrowed = engine.restricted_to(Filters(year=((2022, 2022),)))
    assert narrowed.restricted_to(Filters(department=(WATER,))).expected() == found[:1]
    assert narrowed.status().unread == ()
