"""Where an administrator begins."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from fadu.desk.administration.doors import door
from fadu.desk.administration.sections import first
from fadu.desk.reader import reader


@door("read")
def begin(request: HttpRequest) -> HttpResponse:
    """The first section of the reader's own work."""
    place = first(reader(request).roles)
    if place is None:
        raise PermissionDenied
    return redirect(place)
