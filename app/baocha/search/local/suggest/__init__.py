"""Completions of what is being typed."""
