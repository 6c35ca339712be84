"""The side bar: who is reading, and the sections they have work in."""

from dataclasses import dataclass

from django.urls import reverse

from fadu.cases import definitions
from fadu.cases.access import turn_keys
from fadu.cases.models import Case
from fadu.desk.reader import Reader
from fadu.kernel.definition import Procedure
from fadu.units.models import Unit
from fadu.words import language, say, t


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    url: str
    icon: str
    current: bool = False
    key: str = ""  # after g on the keyboard
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    person: str
    unit: str
    posts: str
    main: tuple[Section, ...]
    groups: tuple[Group, ...]
    at_me: bool


def frame(reader: Reader, path: str) -> Frame:
    """`path` is the address being read; the section it belongs to is marked."""
    worked = worked_procedures(reader)
    inbox = reverse("inbox")
    return Frame(
        person=str(reader.person),
        unit=reader.posts[0].unit.name_zh if reader.posts and language() == "zh" else _english_unit(reader),
        posts=post_words(reader),
        main=(
            Section(t("收件箱 | Inbox"), inbox, "inbox", current=path == inbox, key="i", count=waiting(reader)),
            _section(t("指标 | Figures"), reverse("figures"), "chart-bar", path),
        ),
        groups=tuple(
            Group(title, tuple(_ledger(item, path, first=n == 0 and not register) for n, item in enumerate(found)))
            for title, register in ((t("事项 | Matters"), False), (t("清单 | Registers"), True))
            if (found := [item for item in worked if item.is_register is register])
        ),
        at_me=path == reverse("me"),
    )


def worked_procedures(reader: Reader) -> list[Procedure]:
    """The procedures in force in which a role of the reader may do something."""
    library = definitions.library()
    found = [library.in_force(key) for key in library.keys]
    return [procedure for procedure in found if reader.roles & _roles(procedure)]


def may_open(reader: Reader, procedure: Procedure) -> bool:
    """Whether a post of the reader opens cases of the procedure by hand."""
    return any(who.kind == "role" and not who.of and who.name in reader.roles for who in procedure.opening.by)


def waiting(reader: Reader) -> int:
    return Case.objects.filter(is_open=True, turn__in=turn_keys(reader.person, reader.posts)).count()


def post_words(reader: Reader) -> str:
    roles = definitions.library().book.roles
    names = (post.title or (say(roles[post.role]) if post.role in roles else post.role) for post in reader.posts)
    return "、".join(dict.fromkeys(names)) if language() == "zh" else ", ".join(dict.fromkeys(names))


def _roles(procedure: Procedure) -> set[str]:
    acting = {who.name for action in procedure.actions.values() for who in action.by if who.kind == "role"}
    return acting | {procedure.owner.name}


def _ledger(procedure: Procedure, path: str, *, first: bool) -> Section:
    url = reverse("ledger", args=[procedure.key])
    icon = "list-bullet" if procedure.is_register else "folder"
    return Section(say(procedure.title), url, icon, current=path.startswith(url), key="l" if first else "")


def _section(title: str, url: str, icon: str, path: str) -> Section:
    return Section(title, url, icon, current=path.startswith(url))


def _english_unit(reader: Reader) -> str:
    units: list[Unit] = [post.unit for post in reader.posts]
    return (units[0].name_en or units[0].name_zh) if units else ""
