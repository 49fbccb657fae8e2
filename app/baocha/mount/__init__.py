"""One mount of search in a Flask application: who may see what, the open index, limits, headers."""
