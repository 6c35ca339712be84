"""The pages of the working calendar: each year with its notice, drawn in twelve months; a new notice by form or file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fadu.administration import editions as keeping
from fadu.administration import texts
from fadu.administration.years import text_of
from fadu.cases import definitions
from fadu.cases.models import Case, Edition
from fadu.desk.administration.asked import Question, ask, refuse
from fadu.desk.administration.doors import door
from fadu.desk.administration.fields import Day
from fadu.desk.reader import reader
from fadu.desk.weeks import weekday_names
from fadu.kernel.calendar import Calendar, YearNotice
from fadu.units.roles import AUDIT_ADMIN, SYSTEM_ADMIN
from fadu.units.validators import unit_code
from fadu.units.wording import both
from fadu.words import t, today

CALENDAR = Edition.Kind.CALENDAR


class YearForm(forms.Form):
    """What a notice of the State Council says of a year; or a local one, which only adds days off (HOL 4)."""

    year = forms.IntegerField(
        label=both("年份", "Year"),
        validators=[MinValueValidator(2000), MaxValueValidator(2200)],
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    notice = forms.CharField(label=both("通知标题", "Title of the notice"), max_length=200)
    number = forms.CharField(
        label=both("文号", "Number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "mid"}),
        help_text=both("例如 国办发明电〔2026〕…号；没有核实先不填。", "Leave it blank until it was verified."),
    )
    issued = Day(label=both("印发日期", "Issued on"))
    off = forms.CharField(
        label=both("放假日", "Days off"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "class": "code"}),
        help_text=both(
            "每行一段：2027-01-01 元旦，或 2027-02-05 至 2027-02-11 春节。周末放假的也写上。",
            "One line each: 2027-01-01 元旦, or 2027-02-05 -- 2027-02-11 春节. Weekends that are part of it too.",
        ),
    )
    work = forms.CharField(
        label=both("调休上班日", "Make-up workdays"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "code"}),
        help_text=both(
            "周六、周日上班的日期，用空格或逗号隔开。", "Saturdays and Sundays worked, with spaces between."
        ),
    )
    local = forms.CharField(
        label=both("地方通知的代码", "Key of a local notice"),
        required=False,
        max_length=30,
        validators=[unit_code],
        widget=forms.TextInput(attrs={"class": "short"}),
        help_text=both(
            "只有地方增加放假（民族节日等）才填，例如 yunzhou；国务院的通知不填。",
            "Only for a city's own additions, such as yunzhou; blank for the State Council's notice.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the year page; an empty label stands before the first and after the last of a month."""

    label: str = ""
    note: str = ""
    css: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    title: str
    weeks: list[list[Cell]]
    workdays: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year with its notices, drawn."""

    number: int
    notices: list[YearNotice]
    months: list[Month]
    weekdays: list[str]
    workdays: int
    off: list[tuple[date, date, str]]
    work: list[date]
    is_known: bool


@door("read")
def calendars(request: HttpRequest) -> HttpResponse:
    """Every year with its notice, the newest first; the next one is asked for when it is missing."""
    calendar = definitions.calendar()
    written = {one.key: one for one in texts.written(CALENDAR)}
    sees = bool(reader(request).roles & {SYSTEM_ADMIN, AUDIT_ADMIN})
    drafts = Edition.objects.filter(kind=CALENDAR, state=Edition.State.DRAFT).defer("text") if sees else []
    rows = [
        {"year": number, "notice": notice, "own": written.get(str(number)), "local": _local(calendar, number)}
        for number, notice in sorted(calendar.years.items(), reverse=True)
    ]
    following = today().year + 1
    context = {
        "rows": rows,
        "drafts": list(drafts),
        "missing": following if following not in calendar.years else 0,
        "provisional": Case.objects.filter(is_open=True, provisional=True).count(),
        "version": calendar.version,
        "may": SYSTEM_ADMIN in reader(request).roles,
    }
    return render(request, "administration/calendars.html", context)


def _local(calendar: Calendar, number: int) -> int:
    return sum(notice.year == number for notice in calendar.local)


@door("read")
def calendar_year(request: HttpRequest, number: int) -> HttpResponse:
    calendar = definitions.calendar()
    if number not in calendar.years:
        raise Http404(number)
    own = [one for one in texts.written(CALENDAR) if one.key.partition("-")[0] == str(number) and one.edition]
    context = {
        "year": drawn(calendar, number),
        "own": own,
        "before": number - 1 if number - 1 in calendar.years else 0,
        "after": number + 1 if number + 1 in calendar.years else 0,
        "may": SYSTEM_ADMIN in reader(request).roles,
    }
    return render(request, "administration/calendar.html", context)


@door("form", SYSTEM_ADMIN)
def add_year(request: HttpRequest) -> HttpResponse:
    following = max(definitions.calendar().years, default=today().year) + 1
    form = YearForm(request.POST or None, initial={"year": following, "notice": _usual_title(following)})
    if form.is_valid():
        said = form.cleaned_data
        key = f"{said['year']}-{said['local']}" if said["local"] else str(said["year"])
        try:
            made = keeping.draft(reader(request).person, CALENDAR, key, text_of(said), reason=said["number"])
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect("edition", made.pk)
    title = t("录入放假安排 | Enter a year's notice")
    hints = (
        t(
            "照通知原文录入。录入后是草案，年历画出来核对，由另一位系统管理员发布。 | Enter it as the notice says. It becomes a draft, drawn as a year to be compared, and another administrator publishes it."
        ),
        t(
            "发布后，跨到这一年的暂定期限自动重算，变动的每件都写入记录。 | Once published, provisional dates into that year are counted anew; each that moves is an entry of its case."
        ),
    )
    crumbs = ((t("工作日历 | Calendar"), reverse("calendars")),)
    return ask(request, Question(title, t("存为草案 | Keep as a draft"), reverse("calendars"), crumbs, "", hints), form)


def _usual_title(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


# -- a year drawn ------------------------------------------------------------------------------------------------------


def drawn(calendar: Calendar, number: int) -> Year:
    days = [date(number, 1, 1) + timedelta(days=n) for n in range((date(number + 1, 1, 1) - date(number, 1, 1)).days)]
    known = calendar.years.get(number)
    notices = [*([known, *known.amended] if known else []), *(one for one in calendar.local if one.year == number)]
    return Year(
        number=number,
        notices=notices,
        months=[_month(calendar, number, month) for month in range(1, 13)],
        weekdays=weekday_names(),
        workdays=sum(calendar.is_workday(day) for day in days),
        off=list(_spans(calendar, days)),
        work=[day for day in days if calendar.day(day).kind == "make_up"],
        is_known=known is not None,
    )


def _month(calendar: Calendar, year: int, month: int) -> Month:
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    days = [first + timedelta(days=n) for n in range((following - first).days)]
    cells = [Cell()] * first.weekday() + [_cell(calendar, day) for day in days]
    cells += [Cell()] * (-len(cells) % 7)
    weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
    title = t("{n} 月 | Month {n}", n=month)
    return Month(title, weeks, sum(calendar.is_workday(day) for day in days))


def _cell(calendar: Calendar, day: date) -> Cell:
    known = calendar.day(day)
    if known.kind == "holiday":
        return Cell(str(day.day), t("休 | off"), "holiday", f"{known.name} {known.source}")
    if known.kind == "make_up":
        return Cell(str(day.day), t("班 | work"), "makeup", f"{known.name} {known.source}")
    return Cell(str(day.day), "", known.kind)


def _spans(calendar: Calendar, days: list[date]) -> Iterator[tuple[date, date, str]]:
    """Days off that follow one another under one name."""
    first: date | None = None
    for day in days:
        known = calendar.day(day)
        if known.kind != "holiday":
            continue
        if first is None:
            first = day
        following = calendar.day(day + timedelta(days=1))
        if following.kind != "holiday" or following.name != known.name or day == days[-1]:
            yield first, day, known.name
            first = None
