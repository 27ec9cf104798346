"""Calls to addresses that others chose. `guard` says where they may go, `connections` keeps to what it found."""
