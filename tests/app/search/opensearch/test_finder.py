"""What only the engine on a cluster does: it counts many values in several requests."""

import pytest

from baocha.search import Engine, Filters
from baocha.search.opensearch import finder
from tests.app.search.indexes import MakeEngine, many_entries


@pytest.fixture(scope="module")
def engine(make_cluster_engine: MakeEngine) -> Engine:
    return make_cluster_engine(many_entries())


@pytest.mark.parametrize("query", ["预算", "“效”", "部门:水务局 “年”", "“䶮䶮”"])
@pytest.mark.parametrize("filters", [Filters(), Filters(department=("水务局",))])
@pytest.mark.parametrize("most", [1, 3, 8])
def test_values_that_do_not_fit_into_one_response_are_counted_in_several(
    engine: Engine, query: str, filters: Filters, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = engine.search(query, filters=filters)
    matrix = engine.matrix(query, filters=filters)
    monkeypatch.setattr(finder, "MAX_BUCKETS", most)
    apart = engine.restricted_to(Filters())  # without what was kept of the first search
    found = apart.search(query, filters=filters)
    assert (found.total, found.reports, found.counts) == (whole.total, whole.reports, whole.counts)
    assert found.facets == whole.facets
    assert apart.matrix(query, filters=filters) == matrix
