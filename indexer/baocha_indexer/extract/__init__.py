"""Read the bytes of a source file into lines: one module a file format."""
