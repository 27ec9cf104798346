"""Step 7: the outbox, and its delivery: signed, in order, at least once."""
