"""Read real public files, and compare what is read with answers made by reading them."""
