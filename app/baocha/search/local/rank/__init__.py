"""Which of the matching paragraphs come first."""
