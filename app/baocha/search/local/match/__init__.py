"""Which paragraphs match a query, exactly."""
