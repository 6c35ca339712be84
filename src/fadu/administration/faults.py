"""What is wrong with a text before it holds: the faults of the check, line by line, as the pages show them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from fadu import definitions
from fadu.administration.texts import newest
from fadu.cases import editions
from fadu.cases.models import Edition
from fadu.data.calendars import working_days
from fadu.kernel.calendar import Calendar, CalendarError
from fadu.kernel.checker import check
from fadu.kernel.law import Text
from fadu.kernel.library import Library
from fadu.kernel.source import DefinitionError, Fault, Map, Source

Kind = Edition.Kind
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TOKEN = re.compile(r"\d{4}-\d{2}-\d{2}|\w+")


@dataclass(frozen=True, slots=True)
class Checked:
    """One edition as it would be in force: its faults, and its document when it can be read at all."""

    faults: tuple[Fault, ...]
    document: Map | None = None


def checked(edition: Edition, beside: Sequence[Edition] = ()) -> Checked:
    """`beside` are drafts that would be published with it."""
    try:
        document = editions.document_of(edition)
    except DefinitionError as error:
        return Checked(tuple(error.faults))
    head = _head(edition, document)
    if head:
        return Checked(tuple(head), document)
    if edition.kind == Kind.CALENDAR:
        return Checked(tuple(_of_calendar(edition, document)), document)
    texts = tuple((one.file, one.text) for one in (edition, *beside))
    return Checked(_against_what_holds(texts, settings.FADU_CITY, editions.number()), document)


def _head(edition: Edition, document: Map) -> list[Fault]:
    """Whether the text is what its row says it is, and later than what holds."""
    word = "year" if edition.kind == Kind.CALENDAR else edition.kind
    said = str(document.get(word, ""))
    if said != (edition.key.partition("-")[0] if edition.kind == Kind.CALENDAR else edition.key):
        return [Fault(edition.file, document.line_of(word), "draft", f"this is the draft of '{word}: {edition.key}'")]
    if edition.kind == Kind.CALENDAR:
        return []
    found = []
    if document.get("version") != edition.version:
        advice = f"this draft is version {edition.version}, not {document.get('version')}"
        found.append(Fault(edition.file, document.line_of("version"), "draft", advice))
    day, last = str(document.get("in_force", "")), newest(edition.kind, edition.key)
    if not _DAY.match(day):
        found.append(
            Fault(edition.file, document.line_of("in_force"), "date", f"'{day}' is no date such as 2026-01-31")
        )
    elif last is not None and day < last.in_force:
        advice = f"version {last.version} is in force from {last.in_force}; a later version cannot begin before it"
        found.append(Fault(edition.file, document.line_of("in_force"), "date", advice))
    return found


def _of_calendar(edition: Edition, document: Map) -> list[Fault]:
    try:
        calendar_with(edition, document)
    except CalendarError as error:
        _, place, rule = str(error).split(": ", 2)
        return [Fault(edition.file, _line(edition.text, place), "calendar", f"{place}: {rule}")]
    if bool(document.get("local")) != ("-" in edition.key):
        advice = "local additions say 'local: true' and have a key such as 2027-yunzhou"
        return [Fault(edition.file, document.line_of("local"), "draft", advice)]
    return []


def calendar_with(edition: Edition, document: Map) -> Calendar:
    """The working calendar as it would be with this year's text. Raises CalendarError."""
    upto = editions.number()
    others = [found for one, found in editions.latest(upto, Kind.CALENDAR) if one.key != edition.key]
    folder = settings.FADU_CALENDARS
    return working_days(folder if folder.is_dir() else None, [*others, document])


def _line(text: str, place: str) -> int:
    """Where a calendar's fault stands; the messages of notices name a key or a day."""
    for token in reversed(_TOKEN.findall(place)):
        for number, line in enumerate(text.splitlines(), 1):
            if token in line:
                return number
    return 1


@lru_cache(maxsize=8)
def _against_what_holds(texts: tuple[tuple[str, str], ...], _city: str, upto: int) -> tuple[Fault, ...]:
    """The faults that these texts would bring; a draft does not answer for what holds already.

    Kept for a while: a page asks several times, and reading every definition takes a good part of a second.
    """
    try:
        drafts = [Source(file).read(text) for file, text in texts]
    except DefinitionError as error:
        return tuple(error.faults)
    known = _all_faults(_city, upto)
    return tuple(fault for fault in _faults(drafts, upto) if fault not in known)


def forget() -> None:
    """The database was made anew."""
    _against_what_holds.cache_clear()
    _all_faults.cache_clear()


@lru_cache(maxsize=2)
def _all_faults(_city: str, upto: int) -> frozenset[Fault]:
    return frozenset(_faults((), upto))


def _faults(drafts: Sequence[Map], upto: int) -> list[Fault]:
    try:
        library = library_with(drafts, upto)
    except DefinitionError as error:
        return error.faults
    return check(library, definitions.beside(), definitions.functions())


def library_with(drafts: Sequence[Map], upto: int) -> Library:
    """What would hold, were these drafts published now. Raises DefinitionError."""
    own = [*editions.definitions(upto), *(item for item in drafts if "overlay" not in item)]
    rules = [*editions.overlays(upto), *(item for item in drafts if "overlay" in item)]
    return definitions.with_local(settings.FADU_CITY, own, rules)


RULES: Mapping[str, Text] = {
    rule: Text.parse(text)
    for rule, text in {
        "yaml": "不是合格的 YAML | not YAML",
        "draft": "与草案不符 | not this draft",
        "calendar": "放假安排有误 | the notice",
        "date": "日期不对 | date",
        "empty-value": "缺少内容 | empty value",
        "double-key": "重复的键 | double key",
        "missing": "缺少必填项 | missing",
        "bilingual": "缺少另一种语言 | one language only",
        "unknown-word": "用词不认识 | unknown word",
        "unknown-name": "名称不存在 | unknown name",
        "unknown-field": "没有这个填报项 | unknown field",
        "unknown-action": "没有这个办理动作 | unknown action",
        "unknown-value": "没有这个选项 | unknown value",
        "unknown-role": "没有这个角色 | unknown role",
        "unknown-law": "没有这部法规 | unknown law",
        "unread-article": "条文未核对 | article not read",
        "citation": "依据写法不对 | citation",
        "unknown-procedure": "没有这个程序 | unknown procedure",
        "unknown-outcome": "没有这个结果 | unknown outcome",
        "unknown-row": "没有这一行 | unknown row",
        "unknown-figure": "没有这个指标 | unknown figure",
        "unused-field": "填报项没有用到 | unused field",
        "unused-action": "动作没有用到 | unused action",
        "unused-gate": "关口没有用到 | unused gate",
        "unused-outcome": "结果没有用到 | unused outcome",
        "unused-letter": "文书没有用到 | unused letter",
        "unused-child": "子事项没有用到 | unused child",
        "unused-row": "统计行没有用到 | unused row",
        "unreachable-stage": "阶段到达不了 | unreachable stage",
        "dead-end": "阶段走不到办结 | dead end",
        "start": "开头动作不对 | opening action",
        "ends": "没有办结阶段 | no end",
        "turn": "轮到的人无事可做 | turn",
        "nobody-may": "没有人能办 | nobody may",
        "not-by": "回避写法不对 | separation of duties",
        "never-starts": "期限不会起算 | clock never starts",
        "never-stops": "期限不会停止 | clock never stops",
        "unwatched-clock": "期限没有人看 | unwatched clock",
        "clock": "期限写法不对 | clock",
        "clock-action": "到期动作不对 | clock action",
        "expires": "到期动作不对 | expiry",
        "extension": "延期写法不对 | extension",
        "period": "期限长度不对 | period",
        "deadline": "与法定期限不符 | statutory deadline",
        "deadline-registry": "法定期限登记有误 | deadline registry",
        "condition": "条件写法不对 | condition",
        "value-test": "条件比较不对 | value test",
        "never-holds": "条件永远不成立 | never holds",
        "first-match": "先合先用的次序不对 | first match",
        "severity": "关口级别不对 | severity",
        "lights": "灯的规则不对 | lights",
        "closes-without-outcome": "办结没有结果 | closes without outcome",
        "reason": "结果缺少理由 | reason",
        "remedy": "救济告知不对 | remedy",
        "letters": "文书不对 | letters",
        "child": "子事项不对 | child",
        "leads-to": "引出事项不对 | leads to",
        "followed-by": "连续办理不对 | followed by",
        "derived": "推算写法不对 | derived",
        "derived-field": "推算项不能填 | derived field",
        "computed": "没有这个计算函数 | computed",
        "found": "自动取数不对 | found",
        "kind": "填报项类型不对 | kind",
        "field": "填报项写法不对 | field",
        "range": "取值范围不对 | range",
        "default": "默认值不对 | default",
        "shows": "列表显示不对 | shows",
        "key": "清单缺少主键 | key",
        "valid": "有效期写法不对 | validity",
        "publication": "公开写法不对 | publication",
        "overlay": "地方规则有误 | overlay",
        "figure": "指标有误 | figure",
        "split": "分组统计不对 | split",
        "table": "统计表有误 | table",
        "shape": "结构不对 | shape",
        "number": "数字不对 | number",
        "unit": "单位不对 | unit",
        "placeholder": "占位不对 | placeholder",
        "flag": "是否写法不对 | flag",
    }.items()
}
