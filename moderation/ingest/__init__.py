"""Step 2: content comes in. `schemas` says what a submission may look like, `store` makes it a durable work item."""
