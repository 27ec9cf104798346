"""Step 3: pure code that reads a batch of texts and answers scores and evidence."""
