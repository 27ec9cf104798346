"""Step 3 for images: decode safely, hash, score. Pure, and loaded only by a process that handles an image."""
