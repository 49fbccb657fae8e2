"""Programs that make files of this project: the sample corpus, the table of simplified characters."""
