import subprocess
import sys

from baocha.search.local.suggest.readings import OTHER, SAME, SIMILAR, likeness, readings_of


def test_a_character_has_all_its_readings_without_tones() -> None:
    assert readings_of("政") == ("zheng",)
    assert readings_of("招")[0] == "zhao"
    assert set(readings_of("行")) >= {"xing", "hang"}
    assert set(readings_of("率")) >= {"lv", "shuai"}
    assert readings_of("a") == readings_of("，") == readings_of("1") == ()


def test_how_alike_two_characters_sound() -> None:
    assert likeness("资", "自") == likeness("行", "航") == SAME
    for one, other in ("商桑", "南蓝", "程陈", "进静", "周邹", "常残"):
        assert likeness(one, other) == SIMILAR
    assert likeness("资", "本") == likeness("a", "资") == OTHER


def test_pypinyin_is_not_imported() -> None:
    code = (
        "import sys; from baocha.search.local.suggest.readings import readings_of; "
        "readings_of('招'); print([name for name in sys.modules if 'pinyin' in name])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "['baocha.search.local.suggest.pinyin']"
