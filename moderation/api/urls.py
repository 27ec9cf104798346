"""The addresses under /api/."""

from django.urls import path, re_path

from moderation.api import authors, cases, decisions, reports, term_lists, views, webhook_endpoints, webhook_events

urlpatterns = [
    path("v1/content", views.ContentList.as_view(), name="content"),
    path("v1/content/bulk", views.ContentBulk.as_view(), name="content-bulk"),
    path("v1/content/<str:content_id>", views.ContentDetail.as_view(), name="content-detail"),
    path("v1/media", views.Media.as_view(), name="media"),
    path("v1/review/queues", cases.Queues.as_view(), name="review-queues"),
    path("v1/review/cases", cases.Cases.as_view(), name="review-cases"),
    path("v1/review/cases/claim", cases.NextCase.as_view(), name="review-case-next"),
    path("v1/review/cases/<str:case_id>", cases.Case.as_view(), name="review-case"),
    path("v1/review/cases/<str:case_id>/claim", cases.ClaimCase.as_view(), name="review-case-claim"),
    path("v1/review/cases/<str:case_id>/renew", cases.RenewClaim.as_view(), name="review-case-renew"),
    path("v1/review/cases/<str:case_id>/release", cases.ReleaseCase.as_view(), name="review-case-release"),
    path("v1/review/cases/<str:case_id>/skip", cases.SkipCase.as_view(), name="review-case-skip"),
    path("v1/review/cases/<str:case_id>/decide", cases.DecideCase.as_view(), name="review-case-decide"),
    path("v1/authors", authors.Authors.as_view(), name="authors"),
    path("v1/authors/<str:author_id>", authors.AuthorDetail.as_view(), name="author-detail"),
    path("v1/authors/<str:author_id>/history", authors.AuthorHistory.as_view(), name="author-history"),
    path("v1/authors/<str:author_id>/suspend", authors.SuspendAuthor.as_view(), name="author-suspend"),
    path("v1/authors/<str:author_id>/reinstate", authors.ReinstateAuthor.as_view(), name="author-reinstate"),
    path("v1/webhook-endpoints", webhook_endpoints.WebhookEndpoints.as_view(), name="webhook-endpoints"),
    path(
        "v1/webhook-endpoints/<str:endpoint_id>",
        webhook_endpoints.WebhookEndpointDetail.as_view(),
        name="webhook-endpoint",
    ),
    path(
        "v1/webhook-endpoints/<str:endpoint_id>/rotate-secret",
        webhook_endpoints.RotateSecret.as_view(),
        name="webhook-endpoint-rotate-secret",
    ),
    path(
        "v1/webhook-endpoints/<str:endpoint_id>/test",
        webhook_endpoints.TestEndpoint.as_view(),
        name="webhook-endpoint-test",
    ),
    path(
        "v1/webhook-endpoints/<str:endpoint_id>/events",
        webhook_events.EndpointEvents.as_view(),
        name="webhook-endpoint-events",
    ),
    path(
        "v1/webhook-endpoints/<str:endpoint_id>/redeliver",
        webhook_events.RedeliverRange.as_view(),
        name="webhook-endpoint-redeliver",
    ),
    path("v1/webhook-events/<str:event_id>", webhook_events.WebhookEventDetail.as_view(), name="webhook-event"),
    path(
        "v1/webhook-events/<str:event_id>/redeliver",
        webhook_events.RedeliverEvent.as_view(),
        name="webhook-event-redeliver",
    ),
    path("v1/reports", reports.Reports.as_view(), name="reports"),
    path("v1/reports/<str:report_id>", reports.ReportDetail.as_view(), name="report-detail"),
    path("v1/decisions", decisions.Decisions.as_view(), name="decisions"),
    path("v1/decisions/<str:decision_id>", decisions.DecisionDetail.as_view(), name="decision-detail"),
    path("v1/term-lists", term_lists.TermLists.as_view(), name="term-lists"),
    path("v1/term-lists/<slug:name>", term_lists.TermListDetail.as_view(), name="term-list"),
    path("v1/term-lists/<slug:name>/terms", term_lists.Terms.as_view(), name="terms"),
    path("v1/term-lists/<slug:name>/terms/remove", term_lists.RemoveTerms.as_view(), name="terms-remove"),
    path("v1/term-lists/<slug:name>/test", term_lists.TryTermList.as_view(), name="term-list-test"),
    path("problems/<str:code>", views.problem_page, name="problem"),
    re_path(r"", views.unknown_path),
]
