"""Images on their way: kept by their hash, fetched where a client named an address, read, and deleted in the end."""
