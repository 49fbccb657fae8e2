"""Find the structure of a report in its lines: title, paragraphs, tables, sections."""
