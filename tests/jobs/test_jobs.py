"""A job from the queue to its end: done, refused, broken, cancelled, taken up again, cleared away."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from fadu.jobs import doing, keeper
from fadu.jobs.doing import claim
from fadu.jobs.models import Job
from fadu.jobs.queue import ask, cancel, do, take_up_again
from fadu.jobs.run import Lost, Run
from fadu.jobs.worker import drain
from fadu.kernel.law import Text
from fadu.units.models import Person
from tests.jobs import work as _kinds  # noqa: F401  # declares the kinds of work


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create_user("he", name="何以宁")


def asked(person: Person, kind: str = "test-count", **params: Any) -> Job:
    return ask(kind, person, {"to": 5, **params})


def done(job: Job) -> Job:
    drain()
    job.refresh_from_db()
    return job


def later(**passed: float) -> Any:
    return timezone.now() + timedelta(**passed)


@transaction.atomic
def _fail_after(deed: Callable[[], object]) -> None:
    deed()
    raise RuntimeError


def test_a_job_waits_until_a_worker_does_it(person: Person) -> None:
    job = asked(person)
    assert (job.state, job.started) == ("waiting", None)
    job = done(job)
    assert (job.state, job.done, job.total, job.attempts, job.holder) == ("done", 5, 5, 1, "")
    assert job.message == Text("数到 5", "Counted to 5")
    assert job.result == {"counted": 5}
    assert job.path is not None
    assert job.path.read_text(encoding="utf-8") == "5"


def test_a_job_asked_for_in_a_deed_that_fails_is_not_asked_for(person: Person) -> None:
    with pytest.raises(RuntimeError):
        _fail_after(lambda: asked(person))
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_an_unknown_kind_cannot_be_asked_for(person: Person) -> None:
    with pytest.raises(KeyError):
        ask("nothing", person, {})


def test_work_that_cannot_be_done_says_why(person: Person) -> None:
    job = done(asked(person, "test-refuse"))
    assert (job.state, job.message.zh) == ("failed", "没有可数的")


@pytest.mark.parametrize("kind", ["test-break", "test-forget"])
def test_a_fault_of_the_program_fails_the_job_and_is_logged(person: Person, kind: str, caplog: Any) -> None:
    job = done(asked(person, kind))
    assert (job.state, job.message) == ("failed", doing.BROKEN)
    assert f"({kind}) failed" in caplog.text


def test_a_cancelled_job_is_not_begun(person: Person) -> None:
    job = asked(person)
    assert cancel(job)
    job = done(job)
    assert (job.state, job.attempts) == ("cancelled", 0)
    assert not cancel(job)


def test_a_running_job_notices_that_it_was_cancelled(person: Person) -> None:
    job = done(asked(person, "test-cancelled"))
    assert (job.state, job.done) == ("cancelled", 0)


def test_what_failed_can_be_taken_up_again_and_what_is_done_cannot(person: Person) -> None:
    job = done(asked(person, "test-refuse"))
    Job.objects.filter(pk=job.pk).update(kind="test-count")
    assert take_up_again(job)
    job = done(job)
    assert (job.state, job.attempts, job.message.zh) == ("done", 1, "数到 5")
    assert not take_up_again(job)


def test_twice_in_the_queue_a_job_is_done_once(person: Person) -> None:
    job = asked(person)
    do.enqueue(job.pk)
    assert done(job).attempts == 1


def test_progress_is_written_now_and_then_and_renews_the_lease(person: Person) -> None:
    job = claim(asked(person).pk)
    assert job is not None
    given = Run(job)
    given.progress(0, 10)
    given.progress(1)  # too soon to be worth a write
    job.refresh_from_db()
    assert (job.done, job.total) == (0, 10)
    given.reported -= 10
    given.progress(4)
    before = job.lease_until
    job.refresh_from_db()
    assert job.done == 4
    assert job.lease_until is not None
    assert before is not None
    assert job.lease_until > before


def test_the_time_left_is_told_from_the_pace_so_far(person: Person) -> None:
    at = timezone.now()
    job = Job(state="running", started=at - timedelta(seconds=30), done=300, total=400)
    assert job.seconds_left(at) == 10
    job.done = 0
    assert job.seconds_left(at) is None


def test_who_no_longer_holds_a_job_can_write_nothing_about_it(person: Person) -> None:
    first = claim(asked(person).pk)
    assert first is not None
    assert claim(first.pk) is None
    assert keeper.reap(later(seconds=61)) == 1
    second = claim(first.pk)
    assert second is not None
    with pytest.raises(Lost):
        Run(first).progress(1, 2)
    with pytest.raises(Lost):
        Run(first).finish(Text("好", "ok"))
    Run(second).finish(Text("好", "ok"))
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("done", 2)


def test_a_finish_in_a_transaction_that_fails_did_not_happen(person: Person) -> None:
    job = claim(asked(person).pk)
    assert job is not None
    with pytest.raises(RuntimeError):
        _fail_after(lambda: Run(job).finish(Text("好", "ok")))
    job.refresh_from_db()
    assert job.state == "running"


def test_a_sign_of_life_keeps_the_jobs_of_this_process(person: Person, monkeypatch: Any) -> None:
    job = claim(asked(person).pk)
    assert job is not None
    Job.objects.filter(pk=job.pk).update(lease_until=later(seconds=-1))
    monkeypatch.setattr(doing, "held", {job.pk: job.holder})
    monkeypatch.setattr(keeper, "held", {job.pk: job.holder})
    keeper.beat()
    assert keeper.reap() == 0


def test_a_job_whose_task_was_lost_is_queued_anew(person: Person) -> None:
    job = asked(person)
    assert keeper.reap(later(seconds=61)) == 0  # its task still waits: the worker is only busy
    DBTaskResult.objects.update(status="RUNNING")
    assert keeper.reap(later(seconds=61)) == 1
    assert done(job).state == "done"


def test_after_three_attempts_a_job_is_given_up(person: Person) -> None:
    job = asked(person)
    for attempt in range(1, 4):
        assert claim(job.pk) is not None
        assert keeper.reap(later(seconds=61)) == (1 if attempt < 3 else 0)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == ("failed", 3, keeper.GIVEN_UP)


def test_old_jobs_go_with_their_files(person: Person) -> None:
    job, fresh = done(asked(person)), asked(person)
    folder = job.folder
    assert folder.is_dir()
    assert keeper.tidy(later(days=13)) == 0
    assert keeper.tidy(later(days=15)) == 1
    assert not folder.exists()
    assert list(Job.objects.all()) == [fresh]
    assert DBTaskResult.objects.count() == 1


def test_a_job_speaks_the_language_of_who_asked(person: Person) -> None:
    with translation.override("en"):
        job = asked(person)
    assert job.language == "en"
