"""Charts for the console. Reads only."""
