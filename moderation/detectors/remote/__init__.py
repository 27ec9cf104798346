"""Step 3, the remote detector: asks another service for a second opinion, where the local scores leave a doubt."""
