"""The product: one name a step, api, ingest, detectors, policy, decisions, review, webhooks."""
