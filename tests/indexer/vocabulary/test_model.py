import json

from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.messages import Message
from baocha_indexer.vocabulary import (
    NO_VOCABULARY,
    DeclaredDepartment,
    EqualGroups,
    ExpectedReport,
    FolderVocabulary,
    SynonymGroup,
    UnreadFile,
    Vocabulary,
    term_key,
    vocabulary_from,
)

terms = st.text(alphabet="预算绩效自评Aａ後后 “”", min_size=1, max_size=4).filter(
    lambda text: bool(term_key(text))
)
groups = st.builds(
    SynonymGroup,
    st.sampled_from(["equal", "related"]),
    st.lists(terms, min_size=2, max_size=4, unique_by=term_key).map(tuple),
)
departments = st.builds(
    DeclaredDepartment, terms, st.lists(terms, max_size=2).map(tuple), st.just(("旧\udcff",))
)
expected = st.builds(
    ExpectedReport, terms, st.integers(2020, 2023), terms, due=st.just("2023-08-20")
)
vocabularies = st.builds(
    Vocabulary,
    st.lists(groups, max_size=4).map(tuple),
    st.lists(
        st.builds(
            FolderVocabulary,
            st.sampled_from(["/a", "/b\udcff"]),
            st.lists(groups, max_size=4).map(tuple),
            st.lists(departments, max_size=2).map(tuple),
            st.lists(expected, max_size=2).map(tuple),
        ),
        max_size=2,
        unique_by=lambda folder: folder.folder,
    ).map(tuple),
    st.lists(st.builds(UnreadFile, terms, st.builds(Message, zh=terms, en=terms)), max_size=2).map(
        tuple
    ),
)


def related_keys(vocabulary: Vocabulary, text: str) -> set[str]:
    return {term_key(term) for term in vocabulary.related_terms(text)}


def equal_keys(vocabulary: Vocabulary, text: str) -> set[str]:
    return {term_key(term) for term in vocabulary.equal_terms(text)}


@given(vocabularies)
def test_what_is_stored_is_read_again(vocabulary: Vocabulary) -> None:
    assert vocabulary_from(vocabulary.as_json()) == vocabulary


@given(vocabularies)
def test_a_vocabulary_of_an_earlier_version_has_no_expected_reports(vocabulary: Vocabulary) -> None:
    values = json.loads(vocabulary.as_json().decode("utf-8", "surrogatepass"))
    del values["expected"], values["unread"]
    earlier = vocabulary_from(json.dumps(values).encode())
    assert (earlier.expected, earlier.unread) == ((), ())
    assert (earlier.groups, earlier.departments) == (vocabulary.groups, vocabulary.departments)


def test_an_index_without_a_vocabulary_has_an_empty_one() -> None:
    assert vocabulary_from(b"") == NO_VOCABULARY
    assert NO_VOCABULARY.equal_terms("绩效自评") == ()


@given(vocabularies, terms)
def test_equal_terms_are_all_that_groups_connect(vocabulary: Vocabulary, text: str) -> None:
    # The reference: add whole groups until nothing changes.
    found = {term_key(text)}
    keys = [
        {term_key(term) for term in group.terms}
        for group in vocabulary.groups
        if group.grade == "equal"
    ]
    while more := [group for group in keys if group & found and not group <= found]:
        found.update(*more)
    assert equal_keys(vocabulary, text) == found - {term_key(text)}


@given(vocabularies, terms)
def test_related_terms_share_a_group_and_are_not_equal(vocabulary: Vocabulary, text: str) -> None:
    found: set[str] = set()
    for group in vocabulary.groups:
        keys = {term_key(term) for term in group.terms}
        if group.grade == "related" and term_key(text) in keys:
            found |= keys
    assert related_keys(vocabulary, text) == found - equal_keys(vocabulary, text) - {term_key(text)}


@given(vocabularies)
def test_a_declared_group_replaces_the_built_in_groups_that_share_a_term(
    vocabulary: Vocabulary,
) -> None:
    declared = [group for folder in vocabulary.folders for group in folder.groups]
    known = {term_key(term) for group in declared for term in group.terms}
    kept = [g for g in vocabulary.built_in if not known & {term_key(term) for term in g.terms}]
    assert vocabulary.groups == (*kept, *declared)


def test_terms_are_compared_as_matching_compares_them() -> None:
    vocabulary = Vocabulary((SynonymGroup("equal", ("ＧＤＰ", "国内生產总值")),))
    assert vocabulary.equal_terms("gdp") == ("国内生產总值",)
    assert vocabulary.equal_terms("国内生产总值") == ("ＧＤＰ",)


def test_joined_groups_keep_the_order_of_their_terms() -> None:
    groups = [("甲", "乙"), ("丙", "丁"), ("戊", "丁", "乙")]
    equal = EqualGroups(SynonymGroup("equal", group) for group in groups)
    assert list(equal.by_term["甲"].values()) == ["戊", "丙", "丁", "甲", "乙"]
    assert equal.by_term["甲"] is equal.by_term["丙"]


def test_of_two_folders_the_first_declares_a_department() -> None:
    first, second = DeclaredDepartment("甲局", level="区"), DeclaredDepartment("甲局", level="市")
    vocabulary = Vocabulary(
        (),
        (FolderVocabulary("/a", (), (first,)), FolderVocabulary("/b", (), (second,))),
    )
    assert vocabulary.departments == (first,)


def test_a_restricted_vocabulary_names_no_other_department() -> None:
    seen = DeclaredDepartment("甲局", ("甲",), parent="乙局")
    other = DeclaredDepartment("乙局", ("甲局的乙",), ("甲局",))
    group = SynonymGroup("equal", ("子", "丑"))
    vocabulary = Vocabulary((), (FolderVocabulary("/a", (group,), (seen, other)),))
    narrowed = vocabulary.restricted_to({"甲局"})
    assert narrowed.departments == (DeclaredDepartment("甲局", ("甲",)),)
    assert narrowed.groups == (group,)
    assert vocabulary.restricted_to({"甲局", "乙局"}) == vocabulary


def folders(**terms: str) -> Vocabulary:
    """A vocabulary in which each folder declares one group with a term."""
    parts = (
        FolderVocabulary(name, (SynonymGroup("equal", (term, "又称")),))
        for name, term in sorted(terms.items())
    )
    return Vocabulary((), tuple(parts))


def test_two_runs_over_different_folders_both_keep_their_changes() -> None:
    before = folders(a="一", b="二", c="三")
    mine, other = folders(a="新", b="二"), folders(a="一", b="二", c="三", d="四")
    assert mine.merged(before, other) == folders(a="新", b="二", d="四")


def test_a_run_that_changed_nothing_leaves_the_other_vocabulary() -> None:
    before, other = folders(a="一"), folders(b="二")
    assert before.merged(before, other) == other
