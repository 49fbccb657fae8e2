import math

import pytest

from baocha_indexer.extract.pdf.characters import Character
from baocha_indexer.extract.pdf.rotation import Rotation, quarter_turns
from baocha_indexer.extract.rulings import Ruling

PAGE = (10.0, 20.0, 605.0, 862.0)


def test_the_rotation_of_a_page_is_that_of_most_characters() -> None:
    assert quarter_turns([]) == 0
    assert quarter_turns([0.0, 0.01, math.pi]) == 0
    assert quarter_turns([4.71, 4.71, 0.0]) == 3
    assert quarter_turns([math.pi * 2 - 0.001]) == 0


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_boxes_keep_their_size_and_stay_on_the_page(quarter: int) -> None:
    turn = Rotation(quarter, PAGE)
    left, bottom, right, top = turn.box(100, 200, 130, 210)
    assert {right - left, top - bottom} == {30, 10}
    assert (right - left > top - bottom) == (quarter % 2 == 0)
    whole = turn.box(*PAGE)
    assert whole[0] <= left < right <= whole[2]
    assert whole[1] <= bottom < top <= whole[3]


def test_text_that_runs_upwards_is_read_from_left_to_right() -> None:
    # Two characters, the second above the first, and the next line to their right.
    found = [
        Character("甲", 100, 100, 110, 110, after_space=False),
        Character("乙", 100, 110, 110, 120, after_space=False),
        Character("丙", 130, 100, 140, 110, after_space=False),
    ]
    one, other, below = Rotation(3, PAGE).characters(found)
    assert one.right == other.left
    assert one.bottom == other.bottom > below.top
    (ruling,) = Rotation(3, PAGE).rulings([Ruling(100, 100, 101, 300)])
    assert ruling.is_horizontal
