"""Settings and their defaults."""

INDEX_VARIABLE = "BAOCHA_INDEX"
DEFAULT_INDEX = "baocha-index"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
