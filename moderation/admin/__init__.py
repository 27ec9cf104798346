"""The console's pages about moderation, one file a model; Django imports this package at start."""

from moderation.admin import (  # noqa: F401 - each registers its models with the site
    audit_entry,
    author,
    client,
    content,
    decision,
    desk,
    hash_bank,
    index,
    media,
    person,
    playground,
    policy,
    result,
    review_case,
    review_queue,
    schedule,
    site_adapter,
    term_list,
    webhook_endpoint,
    webhook_event,
)
