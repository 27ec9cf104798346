"""Step 6: what waits for a person, and how a person decides it."""
