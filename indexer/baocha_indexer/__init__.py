"""Index files: read them, join lines into paragraphs, find sections, fold, store.

This package does not import `baocha`.
"""
