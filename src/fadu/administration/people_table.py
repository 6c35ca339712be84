"""People with their posts as a table: one row a post; a username seen before only gets the post."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from fadu.administration import people as keeping
from fadu.administration.tables import Misplaced, Result, Row, Sheet, Take
from fadu.definitions import book
from fadu.exchange.cells import Cell
from fadu.kernel.definition import Field, Kind
from fadu.kernel.law import Text
from fadu.units.models import Person, Post, Unit
from fadu.units.models.person import normalised
from fadu.units.roles import ADMINISTRATORS, SECURITY_ADMIN
from fadu.words import say

_TITLES: dict[str, tuple[str, Kind]] = {
    "username": ("用户名 | User name", "text"),
    "name": ("姓名 | Name", "text"),
    "email": ("邮箱 | E-mail", "text"),
    "phone": ("电话 | Telephone", "text"),
    "unit": ("单位代码 | Code of the unit", "text"),
    "role": ("角色 | Role", "text"),
    "title": ("职务 | Title", "text"),
    "since": ("自 | Since", "date"),
    "until": ("至 | Until", "date"),
}
POST = ("unit", "role", "title", "since", "until")
ROUNDS = 1_000  # a random password of 96 bits is not guessed; the person's own gets the full strength when it is set


def rows(*, with_phone: bool) -> Iterator[list[Cell]]:
    """Every open account with its posts, those of administrators apart: they are kept at the command line."""
    roles = book().roles
    people = Person.objects.filter(is_active=True).exclude(posts__role__in=ADMINISTRATORS)
    for person in people.prefetch_related("posts__unit").order_by("username").iterator(chunk_size=500):
        told = [person.username, person.name, person.email, *([person.phone] if with_phone else [])]
        for post in person.posts.all():
            role = say(roles[post.role]) if post.role in roles else post.role
            yield [*told, post.unit.code, role, post.title, post.since, post.until]
        if not person.posts.all():
            yield [*told, "", "", "", None, None]


def _ready(_rows: Sequence[Row]) -> Take:
    people = {person.username: person for person in Person.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    held = {_key(*post) for post in Post.objects.values_list("person__username", "unit__code", "role", "since")}

    def take(by: Person, row: Row, result: Result) -> None:
        username = normalised(row.text("username"))
        post = _post(row, units) if any(row[name] for name in POST) else None
        person = people.get(username)
        if person is not None and row["name"] and row["name"] != person.name:
            raise Misplaced(
                "name", f"用户名“{username}”是{person.name}的", f"the user name '{username}' is {person.name}'s"
            )
        if person is not None and (post is None or _key(username, post.unit.code, post.role, post.since) in held):
            result.unchanged += 1
            return
        if person is None:
            person, password = _account(by, row, username)
        else:
            password = ""
        if post is not None:
            post.person = person
            keeping.give_post(by, post)
            held.add(_key(username, post.unit.code, post.role, post.since))
        people[username] = person
        result.added += 1
        if password:
            result.passwords.append((person, password))

    return take


def _key(*said: Any) -> tuple[str, ...]:
    return tuple(map(str, said))


def _account(by: Person, row: Row, username: str) -> tuple[Person, str]:
    person = Person(username=username, **{name: row.text(name) for name in ("name", "email", "phone")})
    password, hasher = keeping.one_time_password(), PBKDF2PasswordHasher()
    person.password = hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    keeping.enter(by, person)
    return person, password


def _post(row: Row, units: dict[str, Unit]) -> Post:
    for name in ("unit", "role", "since"):
        if not row[name]:
            raise Misplaced(
                name,
                "授予岗位要填单位代码、角色和起始日",
                "a post needs the code of the unit, the role and its first day",
            )
    unit = units.get(row.text("unit"))
    if unit is None:
        raise Misplaced("unit", f"没有代码为“{row['unit']}”的单位", f"there is no unit '{row['unit']}'")
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("since", "until")}
    return Post(unit=unit, role=_role(row.text("role")), title=row.text("title"), **days)


def _role(text: str) -> str:
    roles = book().roles
    found = [key for key, title in roles.items() if text in (key, title.zh, title.en)]
    if text in ADMINISTRATORS or any(key in ADMINISTRATORS for key in found):
        raise Misplaced("role", "管理员岗位只能在服务器上开立", "administrators are made at the command line")
    if len(found) != 1:
        raise Misplaced("role", f"没有角色“{text}”", f"there is no role '{text}'")
    return found[0]


PEOPLE = Sheet(
    "people",
    Text("人员", "People"),
    SECURITY_ADMIN,
    tuple(Field(key, Text.parse(title), kind) for key, (title, kind) in _TITLES.items()),
    frozenset({"username", "name"}),
    _ready,
)
