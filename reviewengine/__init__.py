"""The process: how Review Engine boots and is operated. It knows nothing of moderation."""
