"""The pages of background jobs: only one's own, from waiting to the file or the reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.jobs.worker import drain
from tests.jobs import work as _kinds  # noqa: F401  # declares the kinds of work

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(city) -> Job:
    return ask("test-count", city.people["he"], {"to": 5, "back": "/supervision-item/"})


def url(job: Job, name: str = "job") -> str:
    return reverse(name, args=[job.pk])


def test_a_waiting_job_shows_its_place_and_comes_anew_without_script(at, job):
    page = at("he").get(url(job)).content.decode()
    assert "排队中" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert f'hx-get="{url(job)}"' in page


def test_a_job_that_waits_long_says_that_perhaps_nobody_does_it(at, job):
    Job.objects.update(queued=timezone.now() - timedelta(minutes=3))
    assert "没有启动" in at("he").get(url(job)).content.decode()


def test_a_running_job_shows_count_bar_and_estimate(at, job):
    begun = timezone.now() - timedelta(seconds=30)
    Job.objects.update(state="running", started=begun, done=318_000, total=512_004)
    page = at("he").get(url(job)).content.decode()
    assert "318,000 / 512,004 行，约还要 18 秒" in page
    assert '<progress value="62" max="100"' in page


def test_a_done_job_gives_its_file_and_the_way_back(at, job):
    drain()
    page = at("he").get(url(job)).content.decode()
    assert "数到 5" in page
    assert f'href="{url(job, "job-file")}"' in page
    assert 'href="/supervision-item/"' in page
    assert "http-equiv" not in page
    answer = at("he").get(url(job, "job-file"))
    assert b"".join(answer.streaming_content) == b"5"
    assert answer["Content-Disposition"] == 'attachment; filename="count.txt"'
    assert answer["Cache-Control"] == "private, no-store"


def test_the_part_that_changes_comes_alone_and_at_the_end_asks_for_the_whole(at, job):
    part = at("he").get(url(job), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    drain()
    assert at("he").get(url(job), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("name", ["job", "job-file"])
def test_a_job_of_somebody_else_does_not_exist(at, job, name):
    drain()
    assert at("gu").get(url(job, name)).status_code == 404
    assert at("gu").get("/jobs/").content.decode().count(url(job)) == 0


@pytest.mark.parametrize("name", ["cancel-job", "again-job"])
def test_nobody_else_stops_or_repeats_a_job(at, job, name):
    assert at("gu").post(url(job, name)).status_code == 404
    assert at("he").get(url(job, name)).status_code == 405


def test_an_unfinished_job_has_no_file(at, job):
    assert at("he").get(url(job, "job-file")).status_code == 404


def test_a_cancelled_job_says_so_and_can_be_taken_up_again(at, job):
    he = at("he")
    page = he.post(url(job, "cancel-job"), follow=True).content.decode()
    assert "已取消" in page
    assert "没有写入任何内容" in page
    he.post(url(job, "again-job"))
    drain()
    assert "数到 5" in he.get(url(job)).content.decode()


def test_a_failed_job_says_why(at, city):
    job = ask("test-refuse", city.people["he"], {})
    drain()
    page = at("he").get(url(job)).content.decode()
    assert "没有办成" in page
    assert "没有可数的" in page


def test_the_list_goes_by_key_and_asks_as_much_for_many_as_for_one(at, city, django_assert_num_queries):
    he = at("he")
    ask("test-count", city.people["he"], {"to": 1})
    he.get("/jobs/")
    with django_assert_num_queries(5):
        he.get("/jobs/")
    for _ in range(34):
        ask("test-count", city.people["he"], {"to": 1})
    with django_assert_num_queries(5):
        page = he.get("/jobs/").content.decode()
    assert page.count("data-row") == 30
    rest = he.get("/jobs/" + page.split('rel="next" href="')[1].split('"')[0]).content.decode()
    assert rest.count("data-row") == 5


def test_without_jobs_the_list_says_what_would_be_there(at, city):
    assert "大的导出和导入在后台办" in at("he").get("/jobs/").content.decode()
