"""Files to index: find them, read them, what is declared of them, watch them."""
