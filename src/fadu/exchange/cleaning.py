"""Uploaded tables do not stay for ever; that they were imported does."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from fadu.exchange.models import Import

KEPT = timedelta(days=14)


def tidy(at: datetime | None = None) -> int:
    """Remove the files of old imports; how many."""
    before, removed = (at or timezone.now()) - KEPT, 0
    for folder in (Path(settings.FADU_HOME) / "imports").glob("*"):
        found = Import.objects.filter(pk=int(folder.name)).first() if folder.name.isdecimal() else None
        if found is None or found.at < before:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
