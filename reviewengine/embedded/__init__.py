"""The embedded stack: private PostgreSQL and Valkey from wheels, and the supervisor behind `make run`."""
