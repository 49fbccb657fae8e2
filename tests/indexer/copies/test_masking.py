"""Numbers and names of departments are masked, and every masked character keeps its origin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.copies import mask, mask_with_offsets
from baocha_indexer.copies.masking import NAME, NUMBER, mask_all
from baocha_indexer.text import fold, tokenise

DEPARTMENT = "云溪市青湖区水务局"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("2023年支出1,234.56万元", "#年支出#万元"),
        ("执行率97.6%，同比增长3.2%", "执行率#%,同比增长#%"),
        ("二〇二三年十二月", "#年#月"),
        ("第三条第十二项", "第#条第#项"),
        ("三年行动，五个项目，一是加强管理", "#年行动,#个项目,一是加强管理"),
        ("合计 12 3.5 7-8", "合计#"),
        ("云溪市青湖区水务局负责", "@负责"),
        ("青湖区水务局、区水务局和水务局", "@、@和@"),
        ("由区财政局会同青湖区教育局", "由@会同@"),
        ("市发展和改革委员会印发", "@印发"),
        ("管理办法由办公室负责解释", "管理办法由办公室负责解释"),
        ("“三重一大”事项", "三重一大事项"),
        ("全国人民代表大会", "全国人民代表大会"),
    ],
)
def test_numbers_and_names_of_departments_are_masked(text: str, masked: str) -> None:
    expected = masked.replace("#", NUMBER).replace("@", NAME)
    assert mask(fold(text), DEPARTMENT) == expected


def test_a_name_is_masked_in_the_report_of_its_department_and_in_others() -> None:
    own = mask(fold("云溪市青湖区水务局加强管理"), DEPARTMENT)
    copied = mask(fold("云溪市青湖区教育局加强管理"), "云溪市青湖区教育局")
    forgotten = mask(fold("云溪市青湖区水务局加强管理"), "云溪市青湖区教育局")
    assert own == copied == forgotten


def test_a_name_without_usual_words_is_masked_only_in_its_own_report() -> None:
    assert mask("青林镇人民政府落实", "青湖区青林镇人民政府") == f"{NAME}落实"
    assert mask("青林镇人民政府落实", DEPARTMENT) == "青林镇人民政府落实"


def test_the_masked_text_of_a_name_that_is_only_marks_is_its_text() -> None:
    assert mask(fold("支出"), "（）——") == "支出"


TEXTS = st.text(
    st.sampled_from(
        "0123456789,.%年月三十二第条水务局财政区市云溪青湖“”《》() ﬁ㍿é\u0301发展和改革委员会"
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


@given(TEXTS, st.sampled_from([None, DEPARTMENT, "青林镇人民政府"]))
def test_the_offsets_belong_to_the_same_masked_text(text: str, department: str | None) -> None:
    masked = mask_with_offsets(text, department)
    assert masked.text == mask(fold(text), department)
    assert len(masked.starts) == len(masked.ends) == len(masked.text)
    spans = list(zip(masked.starts, masked.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert sorted(masked.starts) == list(masked.starts)


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_the_texts_of_a_report_are_masked_as_each_alone(texts: list[str]) -> None:
    tokens = tokenise(texts)
    masked = mask_all(tokens.codes, tokens.lengths, DEPARTMENT)
    # An empty text is stored as one NUL.
    assert masked == [mask(fold(text) or "\0", DEPARTMENT) for text in texts]


def test_the_mask_of_a_report_without_paragraphs_is_empty() -> None:
    nothing = np.empty(0, dtype=np.uint32)
    assert mask_all(nothing, nothing, None) == []
