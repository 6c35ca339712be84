"""Why a term of a case ends when it ends: the kernel's certificate of one run of one clock."""

from collections.abc import Mapping
from typing import Any

from fadu.kernel import clock as reading
from fadu.kernel.calendar import Calendar
from fadu.kernel.certificate import Certificate, certify
from fadu.kernel.definition import Clock
from fadu.kernel.period import Period
from fadu.kernel.state import Run, run_to_json


def certificate_of(clock: Clock, run: Run, data: Mapping[str, Any], calendar: Calendar) -> Certificate | None:
    """The kernel's certificate of a run; None when the end was agreed (`until`) or counts hours."""
    if clock.shape == "until":
        return None
    period = reading.length_of(clock, data)
    if period.unit == "hour":
        return None
    cites = "；".join(map(str, clock.cites))
    if clock.shape == "before":
        return certify(reading.moment(data[clock.until]).date(), period, calendar, before=True, cites=cites)
    if clock.shape == "every":
        period = Period(period.n * run.round, period.unit)
    extension = clock.extension if run.extended else None
    more = Period(extension.up_to.n * run.extended, extension.up_to.unit) if extension and extension.up_to else None
    return certify(
        reading.moment(run.start).date(),
        period,
        calendar,
        held=reading.held_days(run),
        more=more,
        total=extension.total if extension else None,
        cites=cites,
    )


def certificate_json(clock: Clock, run: Run, data: Mapping[str, Any], calendar: Calendar) -> dict[str, Any]:
    """The certificate for a machine; an agreed or hourly term, which counts no days, gives its run alone."""
    counted = certificate_of(clock, run, data, calendar)
    stated = {"clock": clock.key, "title": {"zh": clock.title.zh, "en": clock.title.en}, "shape": clock.shape}
    return {**stated, "run": run_to_json(run), "certificate": counted.to_json() if counted else None}
