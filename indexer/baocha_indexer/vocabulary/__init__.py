"""The vocabulary of an index: synonyms, and the short and former names of departments."""

from baocha_indexer.vocabulary.department_names import DepartmentNames, Meaning
from baocha_indexer.vocabulary.lineages import Lineage, Lineages
from baocha_indexer.vocabulary.model import (
    NO_VOCABULARY,
    DeclaredDepartment,
    EqualGroups,
    ExpectedReport,
    FolderVocabulary,
    Grade,
    SynonymGroup,
    UnreadFile,
    Vocabulary,
    term_key,
    vocabulary_from,
)
from baocha_indexer.vocabulary.regions import NO_REGION, Region, region_of, region_of_title
from baocha_indexer.vocabulary.short_names import former_names, short_names, split_places

__all__ = [
    "NO_REGION",
    "NO_VOCABULARY",
    "DeclaredDepartment",
    "DepartmentNames",
    "EqualGroups",
    "ExpectedReport",
    "FolderVocabulary",
    "Grade",
    "Lineage",
    "Lineages",
    "Meaning",
    "Region",
    "SynonymGroup",
    "UnreadFile",
    "Vocabulary",
    "former_names",
    "region_of",
    "region_of_title",
    "short_names",
    "split_places",
    "term_key",
    "vocabulary_from",
]
