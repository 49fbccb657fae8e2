import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocha_indexer.vocabulary import former_names, short_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云溪市青湖区财政局", "青湖区财政局 区财政局 财政局"),
        ("云溪市青湖区科技工业商务和信息化局", "青湖区科工商信局 区科工商信局 科工商信局"),
        ("青湖区发展和改革局", "青湖区发改局 区发改局 发改局 发展和改革局"),
        ("青湖区人力资源和社会保障局", "人社局"),
        ("青湖区住房和城乡建设局", "住建局"),
        ("青湖区卫生健康局", "卫健局"),
        ("青湖区文化广电旅游体育局", "文广旅体局"),
        ("青湖区教育和体育局", "教体局"),
        ("青湖区投资促进中心", "投促中心 区投促中心"),
        ("发展和改革委员会", "发改委"),
        ("青湖区国有资产监督管理委员会", "国资委 区国资委"),
        ("青湖区市场监督管理局", "市监局 市场监管局"),
        ("云溪市市场监督管理局", "市市场监督管理局 市监局"),
        ("青湖区规划和自然资源局", "规资局"),
        ("青湖经济技术开发区管理委员会", "青湖经开区 经开区管委会 青湖经济技术开发区管委会"),
        ("云溪青湖经济开发区管理委员会", "青湖经开区 云溪青湖经开区 经开区管委会"),
        ("青湖区人民政府", "青湖区政府 区政府"),
        ("青湖区人民政府办公室", "区政府办 政府办"),
        ("青湖区大石街道办事处", "大石街道 大石街道办"),
        ("云溪市青湖区大石镇人民政府", "大石镇政府 青湖区大石镇政府"),
        ("中共青湖区委员会办公室", "青湖区委办 区委办"),
        ("中共青湖区纪律检查委员会", "区纪委"),
        ("中国人民政治协商会议青湖区委员会", "区政协"),
        ("青湖区人民代表大会常务委员会", "区人大常委会 区人大"),
        ("青湖区残疾人联合会", "区残联 残联"),
        ("广西壮族自治区财政厅", "自治区财政厅 财政厅"),
        ("沙县财政局", "县财政局 财政局"),
    ],
)
def test_short_names_that_are_derived(name: str, expected: str) -> None:
    found = short_names(name)
    assert set(expected.split()) <= set(found), found


@pytest.mark.parametrize(
    ("name", "never"),
    [
        (
            "国家税务总局云溪市青湖区税务局",
            "税务局",
        ),  # a place inside the name is not its beginning
        ("社区服务中心", "服务中心"),
        ("城市管理局", "管理局"),
        ("青湖区人民政府", "政府"),
        ("中共青湖区委员会办公室", "委办公室"),
        ("青湖区大石街道办事处", "区大石街道"),
        ("青湖区农业农村局", "农农局"),
        ("青湖区国有资产监督管理委员会", "国有资产监督管委会"),
        ("云溪开发区青湖合作区管理委员会", "青湖合作区管理委员会"),
    ],
)
def test_names_that_are_not_derived(name: str, never: str) -> None:
    assert never not in short_names(name)


def test_a_name_without_a_place_has_few_short_names() -> None:
    assert short_names("水务局") == ()
    assert short_names("云溪市") == ()


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("青湖区农业农村局", "青湖区农业局"),
        ("青湖区农业农村局", "农业局"),
        ("青湖区生态环境局", "环保局"),
        ("云溪市青湖区卫生健康局", "青湖区卫计局"),
        ("市场监督管理局", "工商局"),
    ],
)
def test_names_before_the_reform(name: str, old: str) -> None:
    assert old in former_names(name)
    assert old not in short_names(name)


@given(st.text(alphabet="青湖区市县省自治州开发高新委员会办公室人民政府中共财政局（a", max_size=16))
def test_any_text_is_taken(name: str) -> None:
    for found in (short_names(name), former_names(name)):
        assert len(set(found)) == len(found)
        assert name not in found
        assert all(len(short) > 1 for short in found)
