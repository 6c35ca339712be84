"""A ledger as a file: exactly the rows of its address, as Excel or CSV; few at once, many as a background job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fadu.cases import definitions
from fadu.desk.downloads import download
from fadu.desk.narrowing import PASSING, Narrowing, conditions
from fadu.desk.reader import Reader, reader
from fadu.desk.views import in_force
from fadu.exchange.export import AT_ONCE, Wanted, export_in, export_now, file_name
from fadu.exchange.extract import Extract
from fadu.exchange.sheets import FORMS
from fadu.jobs.kinds import kind
from fadu.jobs.queue import ask
from fadu.jobs.run import Failed, Run
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.words import say, t

OWN = ("format", "cols", "ids", *PASSING, "next", "action", "csrfmiddlewaretoken")  # of the export, not of the filter
FORM_WORDS = {
    "xlsx": (
        "Excel | Excel",
        "给人看：编号和长数字都是文本，日期是日期。 | For people: numbers as text, dates as dates.",
    ),
    "csv": ("CSV | CSV", "给程序用：UTF-8，逗号分隔。 | For programs: UTF-8, separated by commas."),
}


@dataclass
class Asking:
    """What an address asks for: a filter, ticked rows, columns, a kind of file."""

    reader: Reader
    procedure: Procedure
    params: QueryDict

    @property
    def filter(self) -> QueryDict:
        """The filter alone; ticked rows are part of it."""
        kept = self.params.copy()
        ticked = [one for text in kept.getlist("ids") for one in text.split(",")]
        for name in OWN:
            kept.pop(name, None)
        if ticked:
            kept.setlist("pick", ticked)
        return kept

    @property
    def columns(self) -> list[str]:
        return [one for text in self.params.getlist("cols") for one in text.split(",") if one]

    @property
    def form(self) -> str:
        return str(self.params.get("format", ""))

    @property
    def wanted(self) -> Wanted:
        """With the filter in words, for who opens the file later."""
        said = (
            f"{t(title)} {value}" for _, title, value in conditions(self.reader, self.procedure, self.filter) if value
        )
        return Wanted(self.form, self.filter.urlencode(), t("； | ; ").join(said))

    def extract(self) -> Extract:
        asked = Narrowing(self.reader, self.procedure, self.filter)
        return Extract(self.reader.person, self.procedure, asked.rows, asked.sort, self.columns, self.reader.now)


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, procedure: str) -> HttpResponseBase:
    """Without a kind of file: the page where it is chosen. POST asks for the job, however few the rows."""
    asked = _asked(request, procedure)
    extract = asked.extract()
    number = len(extract.cases.values_list("pk", flat=True)[: AT_ONCE + 1])
    if asked.form not in FORMS or (number > AT_ONCE and request.method == "GET"):
        return render(request, "desk/export.html", _page(asked, extract, number))
    if request.method == "POST":
        return redirect("job", _job(asked).pk)
    extract.settle()
    return download(export_now(extract, asked.wanted), file_name(extract, asked.form))


def _asked(request: HttpRequest, procedure: str) -> Asking:
    params = request.GET.copy()
    if request.method == "POST":
        params.update(request.POST)
    return Asking(reader(request), in_force(procedure), params)


def _job(asked: Asking) -> Any:
    title = asked.procedure.title
    params = {
        "procedure": asked.procedure.key,
        "query": asked.params.urlencode(),
        "back": f"{reverse('ledger', args=[asked.procedure.key])}?{asked.filter.urlencode()}",
    }
    return ask("export", asked.reader.person, params, Text(f"导出：{title.zh}", f"Export: {title.en}"))


@kind("export", "导出 | Export")
def work(run: Run) -> None:
    """Who asked, and what they may see, are looked at anew."""
    found = Reader(run.person)
    if not found.posts:
        raise Failed("您已没有有效的岗位，不能导出", "You hold no post any more, so nothing can be exported")
    procedure = definitions.current(run.params["procedure"])
    asked = Asking(found, procedure, QueryDict(run.params["query"]))
    export_in(run, asked.extract(), asked.wanted)


def _page(asked: Asking, extract: Extract, number: int) -> Mapping[str, Any]:
    ledger = reverse("ledger", args=[asked.procedure.key])
    return {
        "title": t("导出：{title} | Export: {title}", title=say(asked.procedure.title)),
        "procedure": say(asked.procedure.title),
        "ledger_url": f"{ledger}?{asked.filter.urlencode()}",
        "number": number,
        "is_large": number > AT_ONCE,
        "at_once": AT_ONCE,
        "conditions": [
            (t(title), value) for _, title, value in conditions(asked.reader, asked.procedure, asked.filter) if value
        ],
        "groups": [
            (t("台账各列 | Columns of the ledger"), _choices(extract, is_own=False)),
            (t("事项内容 | Content of the case"), _choices(extract, is_own=True)),
        ],
        "forms": [(key, t(title), t(hint), key == (asked.form or "xlsx")) for key, (title, hint) in FORM_WORDS.items()],
        "kept": [(name, value) for name, values in asked.filter.lists() for value in values],
    }


def _choices(extract: Extract, *, is_own: bool) -> list[tuple[str, str, bool]]:
    picked = {column.key for column in extract.columns}
    offered = (column for column in extract.offered.values() if column.is_own is is_own and not column.is_said)
    return [(column.key, column.title, column.key in picked) for column in offered]
