"""The index on disk: everything that knows Whoosh."""
