"""Step 3, personal data: what kinds a text holds, where, and how sure that is. One file a family of kinds."""
