"""Step 4: pure code; facts in, verdict out."""
