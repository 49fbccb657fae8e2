"""Counts by department, year, section and kind; the matrix; coverage."""
