"""Find the documents whose report or section has a value: the conditions 部门:, 年度: and so on."""

import numpy as np

from baocha.search.arrays import Documents
from baocha.search.catalog import meeting
from baocha.search.local.collection import Collection
from baocha.search.query import Field, Years


def documents_of_field(condition: Field | Years, collection: Collection) -> Documents:
    """Return the documents that meet a condition on a field, ascending."""
    return np.flatnonzero(meeting(collection, condition) & collection.live)
