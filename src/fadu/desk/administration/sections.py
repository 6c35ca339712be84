"""Which sections of the administration a post opens in the side bar."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse

from fadu.units.roles import AUDIT_ADMIN, SECURITY_ADMIN, SYSTEM_ADMIN
from fadu.words import t


@dataclass(frozen=True, slots=True)
class Place:
    """A section: whose work it is, what it is called, where it begins."""

    role: str
    title: str
    name: str
    icon: str


PLACES = (
    Place(SYSTEM_ADMIN, "单位 | Units", "units", "building-office-2"),
    Place(SYSTEM_ADMIN, "程序定义 | Definitions", "definitions", "scale"),
    Place(SYSTEM_ADMIN, "工作日历 | Calendar", "calendars", "calendar-days"),
    Place(SYSTEM_ADMIN, "对接系统 | Webhooks", "hooks", "arrows-right-left"),
    Place(SECURITY_ADMIN, "人员 | People", "people", "users"),
    Place(SECURITY_ADMIN, "代理 | Delegations", "delegations", "arrows-right-left"),
    Place(SECURITY_ADMIN, "令牌 | Tokens", "access-tokens", "key"),
    Place(AUDIT_ADMIN, "管理记录 | Administrative acts", "acts", "clipboard-document-list"),
    Place(AUDIT_ADMIN, "登录记录 | Sign-ins", "sign-ins", "finger-print"),
    Place(AUDIT_ADMIN, "导出记录 | Exports", "export-records", "arrow-down-tray"),
    Place(AUDIT_ADMIN, "令牌 | Tokens", "access-tokens", "key"),
    Place(AUDIT_ADMIN, "人员 | People", "people", "users"),
    Place(AUDIT_ADMIN, "单位 | Units", "units", "building-office-2"),
)


def sections(roles: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Title, address and icon of each section these roles work in."""
    for place in PLACES:
        if place.role in roles:
            yield t(place.title), reverse(place.name), place.icon


def first(roles: Collection[str]) -> str | None:
    """Where an administrator begins; None for everybody else."""
    return next((url for _, url, _ in sections(roles)), None)
