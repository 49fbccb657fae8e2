"""From files to an index: read, heal, find sections, fold, store. Knows nothing of `app`."""
