"""The engine over an index on this machine."""
