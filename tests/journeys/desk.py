"""The city of the desk's pages, committed so that a running server sees it, and a browser signed in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from fadu.cases import definitions
from fadu.cases.act import act, note, open_case
from fadu.cases.models import Case
from fadu.cases.moments import now
from fadu.exchange.models import Import
from fadu.figures.declared import find
from fadu.figures.publish import publish
from fadu.figures.span import Span
from fadu.jobs.models import Job
from fadu.jobs.queue import ask
from fadu.units.models import Person, Unit
from tests.cases.tampering import clear_guarded
from tests.desk.city import City, build, fill

OPENED = "supervision-item-opened"
MANY = "number,title,kind,unit,stage,light,due,turn,opened,data.result_required,data.every_months,data.co_units"


@contextmanager
def lasting_city() -> Iterator[City]:
    """Matters of every colour; cleared away afterwards, which the ledger does not allow by itself."""
    definitions.forget()
    city = build()
    fill(city)
    yield city
    clear_guarded()
    definitions.forget()


def case_titled(title: str) -> Case:
    return Case.objects.get(title__startswith=title, procedure="supervision-item")


def addresses() -> dict[str, tuple[str, str]]:
    """Name -> (who reads it, address): every kind of page."""
    waiting = "&".join(f"pick={case.pk}" for case in Case.objects.filter(stage="assigned"))
    busy, proposed, period = case_titled("城市内涝"), case_titled("夜间"), str(now().year)
    return {
        "inbox": ("shen", "/?tab=unit"),
        "nothing waits": ("he", "/"),
        "what to do with many": ("lin", f"/bulk/?{waiting}"),
        "form for many": ("lin", f"/bulk/?action=sign&{waiting}"),
        "nothing picked": ("lin", "/bulk/"),
        "keys": ("he", "/keys/"),
        "leader": ("gu", "/leader/"),
        "leader, one matter": ("he", "/leader/?procedure=supervision-item&unit=yz-water"),
        "unit": ("he", "/units/yz-water/"),
        "ledger": ("he", "/supervision-item/"),
        "filtered ledger": ("he", "/supervision-item/?state=all&unit=yz-water&light=yellow"),
        "ledger of closed": ("he", "/supervision-item/?state=closed&menu=cols"),
        "ledger of many columns": ("he", f"/supervision-item/?cols={MANY}"),
        "ledger on paper": ("he", "/supervision-item/?print=1"),
        "views": ("he", "/supervision-item/views/"),
        "empty ledger": ("he", "/supervision-item/?stage=returned"),
        "case of the unit": ("shen", f"/supervision-item/{busy.pk}/"),
        "case of the leader": ("gu", f"/supervision-item/{busy.pk}/"),
        "new case": ("he", "/supervision-item/new/"),
        "approval": ("gu", f"/supervision-item/{proposed.pk}/do/approve/"),
        "refused": ("shen", f"/supervision-item/{busy.pk}/do/verify/"),
        "letter": ("shen", f"/supervision-item/{busy.pk}/letters/2/assignment_slip/"),
        "letter in English": ("shen", f"/supervision-item/{busy.pk}/letters/2/assignment_slip/?lang=en"),
        "certificate": ("gu", f"/supervision-item/{busy.pk}/clocks/item/"),
        "figures": ("he", "/figures/"),
        "figure": ("he", "/figures/supervision-item-in_hand/"),
        "published figure": ("he", f"/figures/{OPENED}/?period={period}"),
        "frozen list": ("he", f"/figures/{OPENED}/published/{_published(period)}/"),
        "yearly reports": ("he", "/reports/"),
        "chapter of a report": ("he", f"/reports/{period}/supervision/"),
        "export": ("he", "/supervision-item/export/?state=all"),
        "import": ("he", "/supervision-item/import/"),
        "rows at fault": ("he", f"/supervision-item/import/{_at_fault()}/"),
        "jobs": ("he", "/jobs/"),
        "job under way": ("he", f"/jobs/{_under_way()}/"),
        "split paper": ("he", f"/source-paper/{_paper().pk}/"),
        "splitting": ("he", f"/source-paper/{_paper().pk}/do/split_up/"),
        "rows with files": ("he", "/reward-application/new/"),
        "published": ("", "/public/"),
        "published list": ("", "/public/livelihood-project/?size=elder"),
        "search": ("he", "/search/?q=整治"),
        "me": ("he", "/me/"),
        "password": ("he", "/accounts/password/change/"),
        "second factor": ("he", "/accounts/2fa/"),
        "sign-in": ("", "/accounts/login/"),
        "not found": ("he", "/nothing/here/at/all/"),
    }


def _at_fault() -> int:
    """A table that was checked, with a row at fault."""
    fault = {
        "row": 17, "column": ["主办单位", "Lead unit"], "typed": "市建设局", "cites": ["《政府督查工作条例》第11条", ""],
        "text": ["单位表中没有“市建设局”", "No such unit"],
    }  # fmt: skip
    person, unit = Person.objects.get(username="he"), Unit.objects.get(code="yz-sup")
    found = Import.objects.create(
        person=person, procedure="supervision-item", unit=unit, name="台账.xlsx", size=1, state="checked",
        rows=2140, faulty=1, sample=[fault], strange=["备注"],
    )  # fmt: skip
    return found.pk


def _under_way() -> int:
    """An export in the middle of its rows."""
    job = ask("export", Person.objects.get(username="he"), {})
    half = {"state": Job.State.RUNNING, "started": timezone.now(), "done": 318_000, "total": 512_004}
    Job.objects.filter(pk=job.pk).update(**half, lease_until=timezone.now() + timedelta(hours=1))
    return job.pk


def _paper() -> Case:
    """Minutes with an item drawn from them, on which somebody said something."""
    found = Case.objects.filter(procedure="source-paper").first()
    if found is not None:
        return found
    he, unit = Person.objects.get(username="he"), Unit.objects.get(code="yz-sup")
    text = "一、会议听取了汛期工作汇报。\n二、由市水务局整治积水点。"
    paper = open_case("source-paper", he, {"name": "市长办公会议纪要", "kind_of": "meeting", "text": text}, unit)
    task = {"paragraph": 2, "text": "整治积水点", "unit": "yz-water", "result": "报告", "urgent": False}
    return note(act(paper, "split_up", he, {"tasks": [task]}), he, "请跟进。")


def _published(period: str) -> int:
    """A figure that was published, and a case of it that moved on since."""
    snapshot = publish(find(OPENED), Span.parse(period), Person.objects.get(username="he"), "年度工作报告用")
    act(case_titled("城区积水点"), "chase", Person.objects.get(username="he"), {"slip": "blue"})
    return snapshot.pk


@contextmanager
def reading(browser: Browser, base_url: str, **context: object) -> Iterator[Page]:
    """A page in a context of its own; errors in its console fail the test."""
    opened = browser.new_context(base_url=base_url, locale="zh-CN", timezone_id="Asia/Shanghai", **context)  # type: ignore[arg-type]  # playwright's own keywords
    page = opened.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield page
    opened.close()
    assert faults == []


def sign_in(page: Page, url: str, city: City, username: str) -> None:
    """By a session cookie; the sign-in page has a test of its own. Nobody, when no name is given."""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    if not username:
        return
    client = Client()
    client.force_login(city.people[username])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])
