"""PDF files."""

from baocha_indexer.extract.pdf.reader import extract

__all__ = ["extract"]
