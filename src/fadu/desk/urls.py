"""Addresses of the desk. A procedure's key is its folder: /supervision-item/ is its ledger."""

from django.urls import path

from fadu.desk import (
    beside,
    deeds,
    hooks,
    jobs,
    notices,
    published,
    tokens,
    views,
)

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("search/", views.search, name="search"),
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("figures/<slug:key>/publish/", published.publish, name="publish"),
    path("figures/<slug:key>/published/<int:pk>/", published.snapshot, name="snapshot"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.result, name="job-file"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:pk>/again/", jobs.again, name="again-job"),
    path("me/", tokens.me, name="me"),
    path("me/tokens/", tokens.make, name="make-token"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="notices-read"),
    path("notices/settings/", notices.settings, name="notice-settings"),
    path("notices/<int:pk>/", notices.follow, name="notice"),
    path("hooks/", hooks.hooks, name="hooks"),
    path("hooks/<int:pk>/", hooks.hook, name="hook"),
    path("hooks/<int:pk>/switch/", hooks.switch, name="hook-switch"),
    path("hooks/<int:pk>/again/<int:delivery>/", hooks.again, name="hook-again"),
    path("theme/", views.theme, name="theme"),
    path("<slug:procedure>/", views.ledger, name="ledger"),
    path("<slug:procedure>/new/", deeds.new, name="new"),
    path("<slug:procedure>/<int:pk>/", views.case, name="case"),
    path("<slug:procedure>/<int:pk>/link/", beside.link, name="link"),
    path("<slug:procedure>/<int:pk>/rectify/", beside.rectify, name="rectify"),
    path("<slug:procedure>/<int:pk>/peek/", views.peek, name="peek"),
    path("<slug:procedure>/<int:pk>/files/<str:sha256>/", views.file, name="file"),
    path("<slug:procedure>/<int:pk>/do/<slug:action>/", deeds.do, name="do"),
    path("<slug:procedure>/<int:pk>/clocks/<slug:clock>/", views.certificate, name="certificate"),
]
