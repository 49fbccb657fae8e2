"""Scanned pages, by optical character recognition."""
