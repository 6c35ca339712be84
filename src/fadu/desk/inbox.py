"""What waits for the reader, the most pressing first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from fadu.cases import listing
from fadu.desk.counts import counted
from fadu.desk.frame import may_open, worked_procedures
from fadu.desk.ledger import pager
from fadu.desk.peek import peek
from fadu.desk.picked import on_bar
from fadu.desk.reader import Reader
from fadu.desk.rows import Row, rows
from fadu.words import local, say, t

TABS = {
    "mine": "待我办 | For me",
    "unit": "本单位 | My unit",
    "overdue": "逾期 | Overdue",
    "week": "本周到期 | Due this week",
    "waiting": "等待他人 | With others",
    "deputy": "代人办理 | As a deputy",
}
EMPTY = {
    "mine": (
        "没有等您办的事项 | Nothing waits for you",
        "新交办的会出现在这里，最急的在最上面。 | What is assigned to you appears here, the most pressing first.",
    ),
    "unit": (
        "本单位没有在办事项 | Your unit has no open matter",
        "交办到本单位的会出现在这里。 | Matters of your unit appear here.",
    ),
    "overdue": (
        "没有逾期的事项 | Nothing is overdue",
        "过了期限的会出现在这里。 | What has passed its term appears here.",
    ),
    "week": (
        "本周没有到期的事项 | Nothing falls due this week",
        "本周日以前到期的会出现在这里。 | What falls due by Sunday appears here.",
    ),
    "waiting": (
        "没有在等他人办理的事项 | Nothing of yours is with others",
        "您办过的、正由他人办理的会出现在这里。 | Matters you worked on that others have in hand appear here.",
    ),
    "deputy": (
        "没有代人办理的事项 | Nothing reaches you as a deputy",
        "别人委托您代理期间，等他办的会出现在这里。 | While you stand in for somebody, what waits for them appears here.",
    ),
}
GROUPS = {
    "over": "已逾期 | Overdue",
    "soon": "今日与本周 | Today and this week",
    "later": "以后 | Later",
    "untimed": "不计时 | Without a running term",
}


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    title: str
    rows: list[Row]


def inbox(reader: Reader, params: QueryDict) -> dict[str, Any]:
    """Everything the page shows."""
    asked = params.get("tab", "")
    chosen = asked if asked in TABS else "mine"
    box = listing.Inbox(reader.person, reader.posts, reader.local)
    counts = box.counts(TABS)
    page = listing.page(box.rows(chosen), after=params.get("after", ""), before=params.get("before", ""))
    first = page.rows[0] if page.rows else None
    found = rows(reader, page.rows)
    return {
        "today": timezone.localdate(reader.now),
        "tabs": [_tab(name, counts[name], current=name == chosen) for name in TABS],
        "groups": list(_groups(found, reader.now)),
        "pager": pager(page, params) if page.after or page.before else None,
        "peek": peek(reader, first) if first else None,
        "bar": on_bar(reader, page.rows, [row.step for row in found]),
        "openings": _openings(reader),
        "empty": {"title": t(EMPTY[chosen][0]), "text": t(EMPTY[chosen][1])},
    }


def _openings(reader: Reader) -> list[dict[str, str]]:
    opened = (item for item in worked_procedures(reader) if may_open(reader, item))
    return [{"title": say(item.title), "url": reverse("new", args=[item.key])} for item in opened]


def _tab(name: str, count: int, *, current: bool) -> Tab:
    return Tab(t(TABS[name]), reverse("inbox") if name == "mine" else f"?tab={name}", counted(count), current)


def _groups(found: list[Row], now: datetime) -> Iterator[RowGroup]:
    grouped: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for row in found:
        grouped[_group(row, now)].append(row)
    return (RowGroup(t(GROUPS[name]), members) for name, members in grouped.items() if members)


def _group(row: Row, now: datetime) -> str:
    if row.lamp.colour == "grey" or row.due is None:
        return "untimed"
    if row.due <= now:
        return "over"
    return "soon" if row.due < end_of_week(now) + timedelta(minutes=1) else "later"


def end_of_week(now: datetime) -> datetime:
    """The first instant of next Monday."""
    today = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())
