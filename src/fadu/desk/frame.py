"""The side bar: who is reading, the pages everybody has, and the ledgers they work with, by domain."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from fadu.cases import definitions
from fadu.desk import leader
from fadu.desk.administration.sections import sections
from fadu.desk.counts import counted
from fadu.desk.reader import Reader, reader
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.units.models import Unit
from fadu.words import language, say, t

FOLDED = 4  # so many ledgers of a domain are worth a fold of their own
LAST = "ledger"  # the cookie that keeps which ledger was read last
OTHERS = Text.parse("其他 | Others")


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    url: str
    icon: str = ""
    current: bool = False
    key: str = ""  # after g on the keyboard
    count: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """The ledgers of one folder of definitions; a lone one is shown without its domain.

    `first` is how many of them the domain names first: where many others follow, these are folded away.
    """

    key: str
    title: str
    sections: tuple[Section, ...]
    first: int = 0

    @property
    def is_open(self) -> bool:
        return any(section.key for section in self.sections)

    @property
    def shown(self) -> tuple[Section, ...]:
        return self.sections[: self.first] if self.more else self.sections

    @property
    def more(self) -> tuple[Section, ...]:
        rest = self.sections[self.first :]
        return rest if self.first and len(rest) >= FOLDED else ()

    @property
    def is_more_open(self) -> bool:
        return any(section.key for section in self.more)


@dataclass(frozen=True, slots=True)
class Frame:
    person: str
    unit: str
    posts: str
    main: tuple[Section, ...]
    domains: tuple[Domain, ...]
    ledger: Section | None  # the one read last
    administration: tuple[Section, ...]
    at_me: bool


def frame(reader: Reader, path: str, last: str = "") -> Frame:
    """`path` is the address being read, `last` the procedure whose ledger was read last."""
    domains = tuple(_domains(worked_procedures(reader), path, last))
    ledgers = (section for domain in domains for section in domain.sections)
    return Frame(
        person=str(reader.person),
        unit=reader.posts[0].unit.name_zh if reader.posts and language() == "zh" else _english_unit(reader),
        posts=post_words(reader),
        main=tuple(section for make in MAIN if (section := make(reader, path))),
        domains=domains,
        ledger=next((replace(section, key="") for section in ledgers if section.key), None),
        administration=tuple(_administration(reader, path)),
        at_me=path == reverse("me"),
    )


def frame_of(request: HttpRequest) -> Frame:
    """The frame of the page that is asked for."""
    return frame(reader(request), request.path, request.COOKIES.get(LAST, ""))


def _inbox(reader: Reader, path: str) -> Section:
    url = reverse("inbox")
    return Section(t("收件箱 | Inbox"), url, "inbox", current=path == url, key="i", count=waiting(reader))


def _notices(reader: Reader, path: str) -> Section:
    url, number = reverse("notices"), reader.tallies["notices"]
    count = counted(number) if number else ""
    return Section(t("通知 | Notices"), url, "bell", current=path.startswith(url), key="n", count=count)


def _leader(reader: Reader, path: str) -> Section | None:
    if not leader.is_open_to(reader):
        return None
    url = reverse("leader")
    return Section(t("领导视图 | Leader's page"), url, "presentation-chart-bar", current=path.startswith(url), key="v")


def _figures(_reader: Reader, path: str) -> Section:
    url = reverse("figures")
    return Section(t("指标 | Figures"), url, "chart-bar", current=path.startswith(url))


def _administration(reader: Reader, path: str) -> Iterator[Section]:
    for title, url, icon in sections(reader.roles):
        yield Section(title, url, icon, current=path.startswith(url))


# Every page that is no ledger has its maker here, in the order shown; a maker answers None to whom the page is closed.
MAIN: tuple[Callable[[Reader, str], Section | None], ...] = (_inbox, _leader, _notices, _figures)


def _domains(worked: Iterable[Procedure], path: str, last: str) -> Iterator[Domain]:
    known = definitions.library().book.domains
    found: dict[str, list[Procedure]] = {key: [] for key in (*known, "")}
    for procedure in worked:
        found[procedure.domain if procedure.domain in known else ""].append(procedure)
    held = [procedure.key for procedures in found.values() for procedure in procedures]
    now = path.strip("/").partition("/")[0]
    near = next((key for key in (now, last, *held) if key in held), "")
    for key, procedures in found.items():
        if procedures:
            sections = tuple(_ledger(procedure, path, near) for procedure in procedures)
            if not key:
                yield Domain("others", say(OTHERS), sections)
                continue
            named = sum(procedure.key in known[key].first for procedure in procedures)
            yield Domain(key, say(known[key].title), sections, named)


def _place(procedure: Procedure) -> tuple[int, bool, int]:
    """By domain; in it registers last, those named first before the others."""
    domain, place = definitions.library().book.place(procedure.domain, procedure.key)
    return domain, procedure.is_register, place


def _ledger(procedure: Procedure, path: str, near: str) -> Section:
    url = reverse("ledger", args=[procedure.key])
    icon = "list-bullet" if procedure.is_register else "folder"
    key = "l" if procedure.key == near else ""
    return Section(say(procedure.title), url, icon, current=path.startswith(url), key=key)


def worked_procedures(reader: Reader) -> list[Procedure]:
    """The procedures in force in which a role of the reader may do something, those listed first in their domain first."""
    found = definitions.everything().values()
    return sorted((procedure for procedure in found if reader.roles & _roles(procedure)), key=_place)


def may_open(reader: Reader, procedure: Procedure) -> bool:
    """Whether a post of the reader opens cases of the procedure by hand; `unit_officer of unit` types the own unit."""
    return any(who.kind == "role" and who.name in reader.roles for who in procedure.opening.by)


def waiting(reader: Reader) -> str:
    return counted(reader.tallies["mine"])


def post_words(reader: Reader) -> str:
    roles = definitions.library().book.roles
    names = (post.title or (say(roles[post.role]) if post.role in roles else post.role) for post in reader.posts)
    return "、".join(dict.fromkeys(names)) if language() == "zh" else ", ".join(dict.fromkeys(names))


def _roles(procedure: Procedure) -> set[str]:
    """The roles that act in a procedure, and those whose holders it invites by name."""
    acting = {who.name for action in procedure.actions.values() for who in action.by if who.kind == "role"}
    invited = {field.post for field in procedure.fields.values() if field.post}
    return acting | invited | {procedure.owner.name}


def _english_unit(reader: Reader) -> str:
    units: list[Unit] = [post.unit for post in reader.posts]
    return (units[0].name_en or units[0].name_zh) if units else ""
