"""What was typed, as a tree. Knows no index."""
