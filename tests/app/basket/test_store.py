import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from baocha.basket import (
    BasketError,
    Record,
    RecordConflictError,
    RecordStore,
    StoreError,
    TooManyRecordsError,
)
from baocha.basket import store as store_module
from baocha.basket.store import KINDS, SUFFIX, Limits


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_each_user_sees_only_their_own_records(index: Path) -> None:
    store = RecordStore(index)
    assert store.list("甲", "basket") == []
    first = store.put("甲", "basket", "b1", {"name": "专项"}, None)
    store.put("乙", "basket", "b1", {"name": "其他"}, None)
    assert store.list("甲", "basket") == [Record("b1", {"name": "专项"}, first)]
    store.delete("乙", "basket", "b1")
    assert (len(store.list("甲", "basket")), store.list("乙", "basket")) == (1, [])
    assert index.with_name("index" + SUFFIX).stat().st_mode & 0o077 == 0


def test_a_change_to_another_version_is_refused_with_the_current_record(index: Path) -> None:
    store = RecordStore(index)
    first = store.put("甲", "saved", "s", {"n": 1}, None)
    second = store.put("甲", "saved", "s", {"n": 2}, first)
    for stale in (None, first, second + 5):
        with pytest.raises(RecordConflictError) as refused:
            store.put("甲", "saved", "s", {"n": 3}, stale)
        assert refused.value.record == Record("s", {"n": 2}, second)
    # A version is not used again after the record was deleted.
    store.delete("甲", "saved", "s")
    with pytest.raises(RecordConflictError) as refused:
        store.put("甲", "saved", "s", {"n": 3}, second)
    assert refused.value.record is None
    assert store.put("甲", "saved", "s", {"n": 4}, None) > second


def test_the_items_of_a_basket_are_listed_and_deleted_with_it(index: Path) -> None:
    store = RecordStore(index)
    store.put("甲", "basket", "a_b", {}, None)
    for key in ("a_b~1", "a_b~2", "axb~1"):
        store.put("甲", "item", key, {"note": "<b>重点</b>"}, None)
    assert [r.key for r in store.list("甲", "item", "a_b~")] == ["a_b~1", "a_b~2"]
    assert store.list("甲", "item", "a_b~")[0].value == {"note": "重点"}
    store.delete("甲", "basket", "a_b")
    assert [r.key for r in store.list("甲", "item")] == ["axb~1"]


def test_the_number_and_the_size_of_records_are_limited(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RecordStore(index)
    monkeypatch.setitem(KINDS, "setting", Limits(2, 1024))
    monkeypatch.setattr(store_module, "MAX_BYTES_OF_USER", 1500)
    version = store.put("甲", "setting", "a", {"x": "一" * 300}, None)
    with pytest.raises(TooManyRecordsError, match="1 KB"):
        store.put("甲", "setting", "b", {"x": "一" * 400}, None)
    with pytest.raises(TooManyRecordsError, match="the limit"):
        store.put("甲", "setting", "b", {"x": "一" * 300}, None)
    store.put("甲", "setting", "b", {}, None)
    with pytest.raises(TooManyRecordsError, match="2 records"):
        store.put("甲", "setting", "c", {}, None)
    assert store.put("甲", "setting", "a", {}, version) > version
    store.put("乙", "setting", "a", {"x": "一" * 300}, None)
    with pytest.raises(BasketError, match="HTML"):
        store.put("甲", "item", "c", {"x": "<b" * 30_000}, None)


def test_a_full_disk_is_an_error_and_nothing_is_lost(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RecordStore(index)
    version = store.put("甲", "item", "a", {"n": 1}, None)
    connect = sqlite3.connect

    def small(*args: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.execute("PRAGMA max_page_count = 1")  # SQLite then says that the disk is full
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StoreError) as refused:
        store.put("甲", "item", "b", {"x": "一" * 60_000}, None)
    assert "full" in str(refused.value.__cause__)
    monkeypatch.undo()
    assert store.list("甲", "item") == [Record("a", {"n": 1}, version)]
    assert store.put("甲", "item", "a", {"n": 2}, version) > version


def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        RecordStore(tmp_path / "missing" / "index").put("甲", "saved", "s", {}, None)
    (tmp_path / f"index{SUFFIX}").write_bytes(b"not a database, but text" * 100)
    with pytest.raises(StoreError):
        RecordStore(tmp_path / "index").list("甲", "saved")
    # A folder that no user can read.
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(StoreError):
        RecordStore(tmp_path / "loop" / "index").list("甲", "saved")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE records SET value = '{'",
        "UPDATE records SET value = x'ff00'",
        "DELETE FROM versions",
    ],
)
def test_a_damaged_value_is_an_error(index: Path, damage: str) -> None:
    store = RecordStore(index)
    version = store.put("甲", "saved", "s", {}, None)
    with sqlite3.connect(index.with_name("index" + SUFFIX)) as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(StoreError):
        store.put("甲", "saved", "s", {}, version)


def add_one(index: Path, times: int) -> None:
    """Increase a counter, each time from the version that was read."""
    store = RecordStore(index)
    while times:
        record = next(iter(store.list("甲", "setting")), None)
        value = {"n": record.value["n"] + 1 if record else 1}
        try:
            store.put("甲", "setting", "counter", value, record.version if record else None)
            times -= 1
        except RecordConflictError:
            continue


def test_no_change_of_several_processes_is_lost(index: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=add_one, args=(index, 25)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert RecordStore(index).list("甲", "setting")[0].value == {"n": 75}
