"""Calls to addresses that others, or the operator, chose.

`guard` says where they may go, `connections` keeps to what it found.
"""
