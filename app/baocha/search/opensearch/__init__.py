"""The engine on an OpenSearch cluster, and the writer of its index."""

from baocha.search.opensearch.engine import ClusterEngine
from baocha.search.opensearch.writer import ClusterWriter

__all__ = [
    "ClusterEngine",
    "ClusterWriter",
]
