"""Open clocks counted anew after a calendar notice, in the background: how many cases, how many dates moved."""

from fadu.administration.record import record
from fadu.cases.act import recount
from fadu.cases.models import Case, Edition, Entry
from fadu.jobs.kinds import kind
from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.jobs.run import Run
from fadu.units.models import Person
from fadu.words import both

PART = 500


def ask_recount(person: Person, edition: Edition) -> Job:
    """For the year that was published."""
    title = both("按 {key} 年放假安排重算期限 | Terms recounted for {key}", key=edition.key)
    return ask("recount", person, {"edition": edition.pk}, title)


@kind("recount", "重算期限 | Terms recounted")
def recount_open(run: Run) -> None:
    """Case by case, each in its own transaction; begun anew, it passes over what already agrees."""
    edition = Edition.objects.get(pk=run.params["edition"])
    rows = Case.objects.filter(is_open=True)
    run.progress(0, rows.count())
    looked, last = 0, -1
    while part := list(rows.filter(pk__gt=last).order_by("pk")[:PART]):
        for case in part:
            recount(case)
            looked += 1
            run.progress(looked)
        last = part[-1].pk
    moved = Entry.objects.filter(action="@calendar", recorded_at__gte=run.job.queued).values("case").distinct().count()
    record(run.person, "recount", f"edition:{edition.pk}", after={"key": edition.key, "rows": looked, "cases": moved})
    run.finish(both("{n} 件事项的期限变动 | {n:term} moved", n=moved), cases=moved)
