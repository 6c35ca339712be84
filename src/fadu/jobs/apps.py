"""Long work done in the background: exports, imports, letters sent; with progress, and taken up again after a crash."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "fadu.jobs"
    label = "jobs"
    verbose_name = "后台任务"
