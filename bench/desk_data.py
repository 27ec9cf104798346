"""A site of a year, made in the database itself: contents with their results and decisions, and open cases among them.

Texts are mild and made of a few phrases; every number comes from the row's number, so that two runs measure the same.
"""

import contextlib
import sys
import time
from collections.abc import Iterator

# Rows a statement; between two of them a line tells how far it is.
LOT = 250_000
TABLES = (
    "moderation_author",
    "content",
    "moderation_result",
    "moderation_decision",
    "moderation_reviewcase",
    "content_fingerprint",
)

_PHRASES = """ARRAY[
    'the soup was warm', 'the rain was loud', 'my neighbour sings on the stairs', 'nobody waters the ferns',
    'the train came late again', 'two dogs ran along the canal', 'she keeps bees on the roof', 'the lift is slow',
    'we ate plums by the river', 'his bicycle has no bell', 'the museum closes at six', 'this recipe needs more salt',
    'the choir meets on Tuesdays', 'an old map hangs in the hall', 'the kettle whistles in the morning',
    'their boat is called Marigold', 'the library lost my card', 'snow fell on the market', 'the clock runs fast',
    'a letter came without a stamp', 'the orchard is full of wasps', 'he paints doors for a living',
    'the bakery is out of rye', 'our tent leaks at one corner', 'the ferry waits for the fog', 'she whistles in tune',
    'the stairs creak at night', 'a heron stands in the pond', 'the radio plays old songs', 'the bench is wet'
]::text[]"""

# name, queue, outcome, category, threshold, priority: what a policy like the shipped one says.
_RULES = """(VALUES
    (0, 'insults', 'general', 'insult', 0.8, 40), (1, 'harassment', 'general', 'harassment', 0.7, 60),
    (2, 'spam', 'spam', 'spam', 0.7, 30), (3, 'risky-links', 'spam', 'url_risk', 0.6, 50),
    (4, 'hate', 'hate', 'hate', 0.5, 70), (5, 'self-harm-support', 'self-harm', 'self-harm', 0.4, 90),
    (6, 'insults', 'general', 'insult', 0.8, 40), (7, 'any-harm', 'general', 'any_harm', 0.8, 40),
    (8, 'violence', 'general', 'violence', 0.4, 60), (9, 'sexual', 'general', 'sexual', 0.3, 40)
) AS rule (number, name, queue, category, threshold, priority)"""

_SITE = """
    INSERT INTO moderation_reviewqueue (slug, name, description, due_minutes, hide_text)
    SELECT slug, initcap(slug), '', 1440, slug = 'self-harm'
    FROM unnest(ARRAY['general', 'spam', 'hate', 'self-harm']) slug
    ON CONFLICT (slug) DO NOTHING;
    INSERT INTO moderation_author (public_id, client_id, external_id, display_name, reach, trust, created_at)
    SELECT gen_random_uuid(), (SELECT min(id) FROM moderation_apiclient), 'author-' || n, 'Author ' || n,
           CASE WHEN n %% 50 = 0 THEN 200000 ELSE n %% 3000 END, 'normal', now() - interval '300 days'
    FROM generate_series(1, %(authors)s) n;
"""

# Which rows are open: spread evenly. One in five of the others was decided by a person.
_ROWS = (
    """
    CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT n, n * %(open)s / %(rows)s > (n - 1) * %(open)s / %(rows)s AS is_open,
           rule.*, rule.threshold + (1 - rule.threshold) * ((n * 7919 %% 1000) / 1000.0) AS score,
           round(9 * ((n * 7919 %% 1000) / 1000.0)) AS sure,
           now() - interval '365 days' * (1 - n::float8 / %(rows)s) AS at,
           now() - interval '40 hours' * (1 - n::float8 / %(rows)s) AS opened_at,
           n %% 5 = 0 AS by_person,
           ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS content,
           ('01910000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS result,
           ('01920000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS decision,
           ('01920000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid AS by_hand,
           ('01930000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS "case"
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n JOIN """
    + _RULES
    + """ ON rule.number = (n + n / 10) %% 10;

    INSERT INTO content (id, client_id, external_id, version, text, text_digest, author_id, conversation_id,
        parent_external_id, url, metadata, language, status, decision, attempts, created_at, updated_at, decided_at)
    SELECT content, (SELECT min(id) FROM moderation_apiclient), 'post-' || n, 1,
        p[1 + n * 7 %% 30] || ', ' || p[1 + n * 11 / 30 %% 30] || ' and ' || p[1 + n * 13 / 900 %% 30] || '.',
        md5(n::text) || md5((n + 1)::text), %(author)s + (n * 7919) %% %(authors)s,
        CASE WHEN n %% 3 = 0 THEN 'talk-' || n / 30 ELSE '' END, '', '', '{}', '',
        CASE WHEN is_open THEN 'in_review' ELSE 'decided' END,
        CASE WHEN is_open THEN 'review' WHEN by_person AND n %% 10 = 0 THEN 'reject' ELSE 'approve' END,
        1, at, at, CASE WHEN is_open THEN NULL ELSE at END
    FROM made, (SELECT """
    + _PHRASES
    + """ AS p) phrases;

    INSERT INTO moderation_result (id, content_id, content_version, outcome, rule, reasons, scores, evidence, matches,
        not_covered, failures, language, detectors, duration_ms, created_at)
    SELECT result, content, 1, CASE WHEN is_open OR by_person THEN 'review' ELSE 'approve' END,
        CASE WHEN is_open OR by_person THEN name ELSE 'default' END,
        CASE WHEN is_open OR by_person THEN jsonb_build_array(jsonb_build_object('code', 'rule_matched',
            'message', 'Possible ' || category, 'category', category, 'score', round(score, 4), 'threshold', threshold,
            'rule', name)) ELSE '[]' END,
        jsonb_build_object(category, round(score, 4), 'toxicity', 0.31, 'pii', 0.01, 'profanity', 0.12),
        CASE WHEN is_open THEN jsonb_build_array(jsonb_build_object('category', category, 'start', 4, 'end', 9,
            'detector', 'text', 'detail', '')) ELSE '[]' END,
        '[]', '{}', '{}', 'en', '{"text": "bench"}', 6.5, at
    FROM made;

    INSERT INTO moderation_decision (id, content_id, content_version, outcome, source, rule, reasoning, private_note,
        result_id, created_at)
    SELECT decision, content, 1, CASE WHEN is_open OR by_person THEN 'review' ELSE 'approve' END, 'policy', name, '',
        '', result, at
    FROM made;

    INSERT INTO moderation_decision (id, content_id, content_version, outcome, source, rule, reasoning, private_note,
        moderator_id, result_id, overrides_id, created_at)
    SELECT by_hand, content, 1, CASE WHEN n %% 10 = 0 THEN 'reject' ELSE 'approve' END, 'moderator', name, '', '',
        %(moderator)s, result, decision, at + interval '3 hours'
    FROM made WHERE by_person AND NOT is_open;

    INSERT INTO moderation_reviewcase (id, content_id, client_id, content_version, result_id, queue_id, level, status,
        categories, priority, priority_terms, opened_at, due_at, skipped_by, resolved_at, decision_id)
    SELECT "case", content, (SELECT min(id) FROM moderation_apiclient), 1, result, queue.id,
        CASE WHEN is_open AND (n / 10) %% 50 = 0 THEN 2 ELSE 1 END,
        CASE WHEN is_open THEN 'open' ELSE 'resolved' END, ARRAY[category],
        least(100, priority + sure), jsonb_build_object('severity', priority, 'score', sure, 'reports', 0, 'reach', 0),
        CASE WHEN is_open THEN opened_at ELSE at END,
        CASE WHEN is_open THEN opened_at ELSE at END + interval '24 hours', '{}',
        CASE WHEN is_open THEN NULL ELSE at + interval '3 hours' END, CASE WHEN is_open THEN NULL ELSE by_hand END
    FROM made JOIN moderation_reviewqueue queue ON queue.slug = made.queue
    WHERE is_open OR by_person;

    INSERT INTO content_fingerprint (content_id, client_id, bits, bands, cluster, submitted_at)
    SELECT content, (SELECT min(id) FROM moderation_apiclient), n, '{}',
        ('01940000-0000-7000-8000-' || lpad(to_hex(n - CASE WHEN n %% 100 < 20 THEN n %% 20 ELSE 0 END), 12, '0')
        )::uuid, at
    FROM made;
"""
)


def fill(connection, *, rows: int, open_cases: int, moderator: int) -> float:
    """Fills an empty, migrated database that has an ApiClient; answers how many seconds it took.

    ``moderator`` is the id of the user who decided what people have decided.
    """
    started = time.monotonic()
    authors = max(100, rows // 20)
    with connection.cursor() as cursor:
        # Every row that is named is made here: to look each up again would double the time.
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        cursor.execute(_SITE, {"authors": authors})
        cursor.execute("SELECT min(id) FROM moderation_author")
        shared = {"rows": rows, "open": open_cases, "authors": authors, "author": cursor.fetchone()[0]}
        connection.commit()
        with _without_indexes(connection):
            for first in range(1, rows + 1, LOT):
                last = min(rows, first + LOT - 1)
                cursor.execute(_ROWS, {**shared, "first": first, "last": last, "moderator": moderator})
                connection.commit()
                print(f"  {last:,} of {rows:,} contents, {time.monotonic() - started:.0f} s", file=sys.stderr)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return time.monotonic() - started


@contextlib.contextmanager
def _without_indexes(connection) -> Iterator[None]:
    """Indexes that no constraint stands on are made anew afterwards, each in one go."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique
            """,
            [list(TABLES)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    connection.commit()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
    connection.commit()
