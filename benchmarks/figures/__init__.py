"""Figures of public reports, read by eye, to measure the extraction of figures with."""
