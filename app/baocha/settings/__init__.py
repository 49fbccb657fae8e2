"""Settings: their table, `baocha.toml`, tokens, and the language of a reader."""
