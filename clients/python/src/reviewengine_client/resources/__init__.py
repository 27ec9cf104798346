"""The calls of the API, one file a resource. Each is described once, for both clients."""
