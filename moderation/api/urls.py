"""The addresses under /api/."""

from django.urls import path, re_path

from moderation.api import authors, cases, views

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
    path("problems/<str:code>", views.problem_page, name="problem"),
    re_path(r"", views.unknown_path),
]
