"""A worker dies in the middle of a job: the job is taken up again, or given up when it goes on dying."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fadu.jobs.keeper import GIVEN_UP, reap
from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.jobs.worker import drain
from fadu.units.models import Person
from tests.jobs import work

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
PATIENCE = 60


@pytest.fixture(scope="module")
def nursery() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.jobs.work"])
    return context


@pytest.fixture
def worker(nursery: multiprocessing.context.ForkServerContext) -> Iterator[Callable[[], int]]:
    """Starts a worker process, gives its number; nothing outlives the test."""
    started = []

    def start() -> int:
        process = nursery.Process(target=work.serve, args=(str(connection.settings_dict["NAME"]),))
        process.start()
        started.append(process)
        assert process.pid is not None
        return process.pid

    yield start
    for process in started:
        process.kill()
        process.join(PATIENCE)


def until(job: Job, state: str, done: int = 0) -> Job:
    """The job once it has come that far."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job.refresh_from_db()
        if job.state == state and job.done >= done:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {job.state} {job.done}/{job.total}")


def hanging(times: int) -> Job:
    return ask("test-hang", Person.objects.create_user("he", name="何以宁"), {"times": times})


def long_after() -> int:
    return reap(timezone.now() + timedelta(minutes=2))


def test_the_job_of_a_killed_worker_is_taken_up_again(worker: Callable[[], int]) -> None:
    job = hanging(times=1)
    os.kill(_at_work(worker, job), signal.SIGKILL)
    assert reap() == 0, "its lease has not run out"
    assert job.state == "running"
    assert long_after() == 1
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.message.zh) == ("done", 2, "好了")


def test_a_job_that_kills_its_worker_every_time_is_given_up(worker: Callable[[], int]) -> None:
    job = hanging(times=9)
    for _ in range(3):
        os.kill(_at_work(worker, job), signal.SIGKILL)
        long_after()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == ("failed", 3, GIVEN_UP)


def test_a_worker_told_to_stop_puts_its_job_back(worker: Callable[[], int]) -> None:
    job = hanging(times=1)
    os.kill(_at_work(worker, job), signal.SIGTERM)
    until(job, "waiting")
    assert (job.attempts, job.holder) == (0, "")
    worker()
    assert until(job, "running", done=1).attempts == 1


def _at_work(worker: Callable[[], int], job: Job) -> int:
    number = worker()
    until(job, "running", done=1)
    return number
