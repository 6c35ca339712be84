"""The working calendar at the desk: a year drawn with its notice, a new notice by form, the dates that move with it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fadu.administration import editions
from fadu.administration.models import AdministrationEntry
from fadu.administration.years import text_of
from fadu.cases import definitions
from fadu.cases.models import Edition, Entry
from fadu.cases.verify import verify
from fadu.data.calendars import state_council
from fadu.jobs.models import Job
from fadu.jobs.worker import drain

pytestmark = pytest.mark.django_db
NEXT = max(state_council().years) + 1


def notice(**more: Any) -> dict[str, Any]:
    saturday = date(NEXT, 1, 1) + timedelta(days=(5 - date(NEXT, 1, 1).weekday()) % 7)
    return {
        "year": NEXT,
        "notice": f"国务院办公厅关于{NEXT}年部分节假日安排的通知",
        "number": f"国办发明电〔{NEXT - 1}〕9号",
        "issued": f"{NEXT - 1}-11-05",
        "off": f"{NEXT}-01-01 元旦\n{NEXT}-02-05 至 {NEXT}-02-11 春节",
        "work": saturday.isoformat(),
        "local": "",
        **more,
    }


def test_everybody_reads_the_calendar_and_the_system_administrator_enters_years(client, at):
    assert client.get("/administration/calendars/").status_code == 302
    for username, write in (("he", 403), ("audit", 403), ("sec", 403), ("sys", 200)):
        assert at(username).get("/administration/calendars/").status_code == 200
        assert at(username).get("/administration/calendars/2026/").status_code == 200
        assert at(username).get("/administration/calendars/new/").status_code == write
    assert at("he").get("/administration/calendars/1990/").status_code == 404


def test_a_year_is_drawn_with_its_notice_and_words_for_every_mark(at):
    page = at("he").get("/administration/calendars/2026/").content.decode()
    assert "国务院办公厅关于2026年部分节假日安排的通知" in page
    assert page.count("<caption>") == 12
    days = [day for day in definitions.calendar().years[2026].off if day.year == 2026]
    assert page.count("<small>休</small>") == len(days)
    assert page.count("<small>班</small>") == len(definitions.calendar().years[2026].work)
    assert "春节" in page


def test_a_missing_year_is_asked_for(at):
    if timezone.localdate().year + 1 not in definitions.calendar().years:
        assert (
            f"还没有 {timezone.localdate().year + 1} 年的放假安排"
            in at("he").get("/administration/calendars/").content.decode()
        )


def test_a_new_notice_moves_the_dates_that_waited_for_it(at, city):
    """A term into a year without a notice is provisional; once the notice is published it is counted anew."""
    case = city.signed(due_in=(date(NEXT, 2, 20) - timezone.localdate()).days, days_ago=3)
    assert case.provisional or not definitions.calendar().knows(date(NEXT, 1, 5))
    made = at("sys").post("/administration/calendars/new/", notice())
    draft = Edition.objects.get()
    page = at("sys").get(made["Location"]).content.decode()
    assert "日期、放假和调休都对得上" in page
    assert f"{NEXT}年2月5日" in page
    assert NEXT not in definitions.calendar().years, "a draft counts nothing yet"
    answer = at("sys2").post(f"/administration/editions/{draft.pk}/publish/", {"basis": "国办发明电"})
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert NEXT in definitions.calendar().years
    assert not definitions.calendar().is_workday(date(NEXT, 2, 8))
    drain()
    job.refresh_from_db()
    assert job.state == "done"
    last = AdministrationEntry.objects.first()
    assert last is not None
    assert (last.act, last.content["after"]["key"]) == ("recount", str(NEXT))
    moved = Entry.objects.filter(action="@calendar").values("case").distinct().count()
    assert job.result == {"cases": moved}
    assert verify().fault == ""
    assert "本市录入" in at("he").get("/administration/calendars/").content.decode()


def test_an_amendment_takes_the_place_of_the_year_that_ships(city, at):
    at("sys").post("/administration/editions/begin/calendar/2026/")
    draft = Edition.objects.get()
    free = date(2026, 3, 10)
    amended = f"amended:\n  - {{notice: 关于调整的通知, number: 国办发明电〔2026〕1号, issued: 2026-02-01, off: {{{free}: 特别休假}}}}\n"
    editions.change(city.people["sys"], draft, draft.text + amended)
    editions.publish(city.people["sys2"], draft, timezone.localdate(), "国办发明电〔2026〕1号")
    assert not definitions.calendar().is_workday(free)
    assert definitions.calendar().day(free).source == "国办发明电〔2026〕1号"


def test_a_city_adds_days_off_of_its_own_and_cannot_take_national_ones(city, at):
    local = notice(year=2026, off="2026-09-09 地方节日", work="", local="yunzhou", issued="2026-08-01", number="")
    at("sys").post("/administration/calendars/new/", local)
    editions.publish(city.people["sys2"], Edition.objects.get(), timezone.localdate(), "云政发")
    assert not definitions.calendar().is_workday(date(2026, 9, 9))
    wrong = notice(year=2026, off="", work="2026-10-03", local="other", issued="2026-08-01", number="")
    page = at("sys").post("/administration/calendars/new/", wrong, follow=True).content.decode()
    assert "地方通知不能取消全国放假日" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"off": f"{NEXT}-02-30 春节"}, f"第 1 行：{NEXT}-02-30 不是日期"),
        ({"off": f"{NEXT}-01-01 元旦\n春节放七天"}, "第 2 行“春节放七天”看不懂"),
        ({"off": f"{NEXT}-02-05 至 {NEXT}-02-01 春节"}, "第 1 行的起止日期不对"),
        ({"work": "周六"}, "第 1 行：周六 不是日期"),
        ({"year": "1066"}, "2000"),
        ({"issued": ""}, "必填"),
        ({"local": "Yun Zhou"}, "小写字母"),
    ],
)
def test_what_is_no_notice_is_refused_with_its_line(at, more, said):
    answer = at("sys").post("/administration/calendars/new/", notice(**more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"work": f"{NEXT}-01-01"}, "一天不能既放假又上班"),
        ({"off": f"{NEXT - 2}-05-01 劳动节"}, f"不属于 {NEXT} 年"),
        ({"work": "2026-12-31", "off": ""}, "调休上班日必须是周六或周日"),
    ],
)
def test_a_notice_that_breaks_the_rules_of_the_calendar_is_a_fault_with_its_line(at, more, said):
    page = at("sys").post("/administration/calendars/new/", notice(**more), follow=True).content.decode()
    assert said in page
    assert "改好才能发布" in page


def test_ranges_and_single_days_are_written_out():
    said = notice(off="2026-10-01 至 2026-10-03 国庆节\n2026-01-01：元旦", work="2026-09-20、2026-10-10")
    text = text_of({**said, "year": 2026, "issued": date(2025, 11, 4)})
    assert "2026-10-02: 国庆节" in text
    assert "2026-01-01: 元旦" in text
    assert "work: [2026-09-20, 2026-10-10]" in text


def test_the_page_of_years_costs_the_same_however_many_cases(at, city, cost):
    sys = at("sys")
    before = cost(sys, "/administration/calendars/")
    for _ in range(3):
        city.signed()
    assert cost(sys, "/administration/calendars/") == before < 6
    assert cost(sys, "/administration/calendars/2026/") < 4
