"""What was found, to take away: CSV, a workbook, a document; each is written as it is read."""
