"""Step 1: the REST API."""
