"""Every rule of the checker on one small made-up definition: sound as it is, at fault in the right line when broken."""

from collections.abc import Callable

import pytest

from fadu.kernel.book import load_book
from fadu.kernel.checker import check
from fadu.kernel.law import article_numbers
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.source import DefinitionError, Fault, Source

LAWS = """
laws:
  ACT:   {title: 某法 | Some Act, in_force: 2026-01-01, articles: [3, 7-9]}
  LOCAL: {title: 某地规定 | Some local rules, in_force: 2026-01-01}
roles:
  clerk: 经办人 | clerk
  head: 负责人 | head
remedies: {}
"""

# One construct a line, so that a fault's line is the line of the construct.
MATTER = """procedure: matter
title: 事项 | Matter
version: 1
in_force: 2026-01-01
basis: ACT 3 (V)
owner: clerk
shows: {title: subject, unit: unit, kind: kind_of, due: [answering]}
number: {format: 某〔year〕n号, at: open}
fields:
  subject: {title: 事由 | Subject, kind: text, public: true}
  kind_of: {title: 类别 | Kind, choice: {plain: 一般 | plain, hard: 疑难 | hard}}
  person: {title: 当事人 | Person, kind: party, private: true}
  unit: {title: 单位 | Unit, kind: unit}
  units: {title: 协办 | Helpers, kind: list, of: unit}
  text: {title: 文本 | Text, kind: document}
  day: {title: 日期 | Day, kind: date, range: {not_before: today}}
  fee: {title: 费用 | Fee, kind: money, computed: the_fee}
  remark: {title: 说明 | Remark, kind: text}
stages:
  opened: 已登记 | Opened
  underway: {title: 办理中 | Underway, turn: clerk of unit}
  resting: {title: 中止 | Resting, turn: setter of day}
  closed: 已办结 | Closed
ends_in: [closed]
actions:
  open: {title: 登记 | Open, from: start, to: opened, by: [clerk, person], takes: [subject, kind_of, person], cites: ACT 3 (V)}
  assign: {title: 交办 | Assign, from: opened, to: underway, by: clerk, takes: [unit, units, text, day], opens: [part], issues: [slip], cites: ACT 7-9 (V)}
  renew: {title: 换文本 | Renew, from: underway, by: clerk of unit, takes: [text], tells: {part: new_text}, cites: LOCAL 1 (L)}
  extend: {title: 延期 | Extend, from: underway, by: head, extends: answering, cites: ACT 8 (V)}
  rest: {title: 中止 | Rest, from: underway, to: resting, by: setter of day, cites: LOCAL 2 (L)}
  go_on: {title: 恢复 | Go on, from: resting, to: previous, by: setter of day, cites: LOCAL 2 (L)}
  charge: {title: 收费 | Charge, from: underway, by: clerk of unit, takes: [fee], cites: LOCAL 3 (L)}
  answer: {title: 答复 | Answer, from: underway, to: closed, by: clerk of unit, not_by: [extend], takes: [remark], needs: [part_done], outcome: [granted, refused], issues: [by_outcome], cites: ACT 9 (V)}
  lapse: {title: 届满 | Lapse, from: [underway, resting], to: closed, by: clock, outcome: [lapsed], ends_children: stop, cites: ACT 9 (V)}
gates:
  part_done: {that: {part: {last: {outcome: given, current: true}}}, when: {kind_of: hard}, cites: ACT 7 (V), else: 协办未完 | A part is missing}
clocks:
  answering: {title: 答复 | Answer, within: 20 workdays, from: assign, extension: {up_to: 10 workdays, times: 1}, ends_with: [answer], pause: [resting], expires: lapse, cites: ACT 8 (V)}
  helping: {title: 协办 | Help, until: day, ends_with: [answer], cites: LOCAL 4 (L)}
children:
  part: {title: 协办 | Part, procedure: part, each: {units: unit}, gives: {subject: subject}, with: {kind_of: plain}, about: {text: text}}
outcomes:
  granted: {title: 同意 | Granted, row: yes_row, letter: letter, cites: ACT 9 (V)}
  refused: {title: 不同意 | Refused, row: no_row, letter: letter, reason: remark, cites: ACT 9 (V)}
  lapsed: {title: 届满 | Lapsed, row: no_row, cites: ACT 9 (V)}
lights:
  grey: {stage: resting}
  red: {any: [{answering: overdue}, {helping: overdue}]}
  yellow: {answering: {left_under: 30%}}
  green: otherwise
letters:
  slip: {title: 交办单 | Slip, to: unit, number: 交〔year〕n号, shows: [subject]}
  letter: {title: 答复书 | Letter, to: person, shows: [remark]}
publication:
  tracking: {to: person, shows: [stage]}
  list: {when: {stage: closed}, shows: [subject], cites: ACT 9 (V)}
"""

PART = """procedure: part
title: 协办 | Part
version: 1
in_force: 2026-01-01
basis: ACT 3 (V)
owner: clerk
shows: {title: subject, unit: unit}
fields:
  subject: {title: 事由 | Subject, kind: long_text}
  kind_of: {title: 类别 | Kind, choice: {plain: 一般 | plain}}
  unit: {title: 单位 | Unit, kind: unit}
  text: {title: 文本 | Text, kind: document}
stages:
  opened: {title: 办理中 | Open, turn: clerk of unit}
  closed: 已办结 | Closed
ends_in: [closed]
actions:
  open: {title: 交办 | Open, from: start, to: opened, by: parent, takes: [subject, kind_of, unit, text]}
  give: {title: 提供 | Give, from: opened, to: closed, by: clerk of unit, outcome: [given], cites: ACT 9 (V)}
  new_text: {title: 新文本 | New text, from: [opened, closed], to: opened, by: parent, takes: [text], cites: ACT 9 (V)}
  stop: {title: 终止 | Stop, from: any, to: closed, by: parent, outcome: [stopped], cites: ACT 9 (V)}
outcomes:
  given: {title: 已提供 | Given, cites: ACT 9 (V)}
  stopped: {title: 终止 | Stopped, cites: ACT 9 (V)}
"""

TABLE = """table: form
title: 报表 | Form
version: 1
in_force: 2026-01-01
basis: ACT 3 (V)
counts: matter
period: year
columns:
  plain: {title: 一般 | Plain, where: {kind_of: plain}}
  hard: {title: 疑难 | Hard, where: {kind_of: hard}}
  all: {title: 合计 | All, sum: [plain, hard]}
rows:
  r1: {title: 新收 | New, over: begun}
  r2: {title: 上年结转 | Carried in, over: carried_in}
  y: {title: 同意 | Yes, outcome_row: yes_row}
  n: {title: 不同意 | No, outcome_row: no_row}
  t: {title: 合计 | Total, sum: [y, n]}
  r4: {title: 结转 | Carried out, over: carried_out}
equations:
  - {text: r1 + r2 = t + r4, cites: ACT 3 (V)}
"""

FIGURES = """figures_for: matter
domain: matters
title: 指标 | Figures
version: 1
in_force: 2026-01-01
basis: ACT 3 (V)
figures:
  granted: {title: 同意数 | Granted, count: matter, over: answer, where: {outcome: granted}, cites: ACT 3 (V)}
  answered: {title: 答复数 | Answered, count: matter, over: answer, cites: ACT 3 (V)}
  share: {title: 同意率 | Share, ratio: [granted, answered], cites: ACT 3 (V)}
"""

REGISTRY = """deadlines:
  act.answer: {basis: ACT 8, tag: V, n: 20, unit: workdays, dir: max, ext: 10 workdays, excluded: [resting], procedure: matter, clock: answering}
"""

FILES = {"matter": MATTER, "part": PART, "table": TABLE, "figures": FIGURES, "registry": REGISTRY}


def faults(**changed: str) -> list[Fault]:
    """Every fault of the made-up library, with some of its files replaced."""
    texts = {**FILES, **changed}
    book = load_book(Source("laws.yaml").read(LAWS))
    documents = {name: Source(f"{name}.yaml").read(text) for name, text in texts.items()}
    try:
        library = Library.of(book, [load(documents[name], book) for name in ("matter", "part")])
    except DefinitionError as error:
        return error.faults
    return check(library, [documents[name] for name in ("table", "figures", "registry")], {"the_fee"})


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


def replaced(name: str, old: str, new: str) -> str:
    assert FILES[name].count(old) >= 1, old
    return FILES[name].replace(old, new, 1)


def without(name: str, start: str) -> str:
    lines = FILES[name].splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(start)) + "\n"


def test_the_made_up_library_is_sound() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"),
    [
        # stages
        ("rest: {title: 中止 | Rest, from: underway, to: resting", "rest: {title: 中止 | Rest, from: underway, to: stay", "unreachable-stage", "resting:"),
        ("go_on: {title: 恢复 | Go on, from: resting", "go_on: {title: 恢复 | Go on, from: underway", "turn", "resting:"),
        ("turn: clerk of unit", "turn: clerk", "turn", "underway: {title: 办"),
        ("ends_in: [closed]", "ends_in: []", "ends", "ends_in:"),
        # actions
        ("by: clerk, takes: [unit,", "by: clerk of unit, takes: [unit,", "nobody-may", "assign:"),
        ("previous, by: setter of day", "previous, by: setter of fee", "turn", "resting:"),
        ("to: resting, by: setter of day", "to: resting, by: setter of day, not_by: [assign]", "nobody-may", "rest:"),
        ("by: clerk of unit, not_by: [extend]", "by: clerk of unit, not_by: [member of unit]", "nobody-may", "answer:"),
        ("not_by: [extend]", "not_by: [subject]", "not-by", "answer:"),
        ("by: head, extends", "by: text, extends", "nobody-may", "extend:"),
        ("outcome: [lapsed], ends_children", "ends_children", "closes-without-outcome", "lapse:"),
        ("outcome: [lapsed], ends_children: stop", "outcome: [lapsed]", "clock-action", "lapse:"),
        ("by: clock, outcome", "by: clock, takes: [remark], outcome", "clock-action", "lapse:"),
        ("by: clock, outcome", "by: clock, needs: [part_done], outcome", "clock-action", "lapse:"),
        ("extends: answering", "extends: helping", "extension", "extend:"),
        ("from: resting, to: previous", "from: resting, to: previous, followed_by: open", "followed-by", "go_on:"),
        ("from: resting, to: previous", "from: resting, to: previous, leads_to: {part: {subject: subject}}", "leads-to", "go_on:"),
        ("from: resting, to: previous", "from: resting, to: previous, leads_to: {nothing: {subject: subject}}", "leads-to", "go_on:"),
        ("from: resting, to: previous", "from: resting, to: previous, leads_to: {matter: {remark: subject}}", "leads-to", "go_on:"),
        # clocks
        ("within: 20 workdays, from: assign", "within: 20 workdays", "never-starts", "answering: {title"),
        ("from: assign, extension", "from: day, extension", "", ""),
        ("extension: {up_to: 10 workdays, times: 1}", "extension: {times: 1}", "extension", "answering: {title"),
        ("until: day, ends_with: [answer]", "until: day", "never-stops", "helping: {title"),
        ("until: day", "every: 1 months, from: assign", "never-stops", "helping: {title"),
        ("until: day", "within: 3 days, from: answer", "never-stops", "helping: {title"),
        ("expires: lapse", "expires: rest", "expires", "answering: {title"),
        ("from: [underway, resting], to: closed, by: clock", "from: resting, to: closed, by: clock", "expires", "answering: {title"),
        ("{helping: overdue}]}", "{answering: overdue}]}", "unwatched-clock", "helping: {title"),
        # gates and conditions
        ("needs: [part_done], ", "", "unused-gate", "part_done:"),
        ("{outcome: given, current", "{outcome: gifted, current", "unknown-outcome", "part_done:"),
        ("that: {part: {last: {outcome: given, current: true}}}, when: {kind_of: hard}", "that: {go_on: {since: answer}, answer: done}", "never-holds", "part_done:"),
        ("when: {kind_of: hard}", "when: {text: signed}", "value-test", "part_done:"),
        ("about: {text: text}", "gives: {text: text}", "double-key", "part:"),
        # children
        ("procedure: part, each", "procedure: parts, each", "unknown-procedure", "part: {title"),
        ("procedure: part, each", "procedure: matter, each", "child", "part: {title"),
        ("gives: {subject: subject}", "gives: {subject: matter}", "child", "part: {title"),
        ("gives: {subject: subject}", "gives: {day: subject}", "child", "part: {title"),
        ("with: {kind_of: plain}, ", "", "child", "part: {title"),
        ("with: {kind_of: plain}", "with: {kind_of: odd}", "child", "part: {title"),
        ("each: {units: unit}", "each: {subject: unit}", "child", "part: {title"),
        ("opens: [part], ", "", "unused-child", "part: {title"),
        ("tells: {part: new_text}", "tells: {part: give}", "unknown-action", "renew:"),
        ("tells: {part: new_text}", "tells: {parts: new_text}", "unknown-name", "renew:"),
        ("ends_children: stop", "ends_children: give", "unknown-action", "lapse:"),
        # outcomes, letters
        ("outcome: [granted, refused]", "outcome: [granted]", "unused-outcome", "refused:"),
        ("takes: [remark], needs", "takes: [text], needs", "reason", "refused:"),
        ("issues: [by_outcome], ", "", "letters", "answer:"),
        ("issues: [slip]", "issues: [letter]", "unused-letter", "slip:"),
        ("slip: {title: 交办单 | Slip,", "slip: {title: 交办单 | Slip, text: '请于{soon}前办 | by {soon}',", "placeholder", "slip:"),
        ("slip: {title: 交办单 | Slip,", "slip: {title: 交办单 | Slip, heading: '关于{subject} | On {topic}',", "placeholder", "slip:"),
        ("slip: {title: 交办单 | Slip,", "slip: {title: 交办单 | Slip, mark: '{organ}{number}{day}{addressee}{answering} | {subject}',", "", ""),
        ("slip: {title: 交办单 | Slip,", "slip: {title: 交办单 | Slip, form: bulletin,", "number", "slip:"),
        ("number: 交〔year〕n号", "number: 交〔year〕第n期", "number", "slip:"),
        ("slip: {title: 交办单 | Slip, to: unit, number: 交〔year〕n号", "slip: {title: 交办单 | Slip, to: unit, form: bulletin, number: 交〔year〕第n期", "", ""),
        # fields
        ("takes: [fee]", "takes: [remark]", "unused-field", "fee:"),
        ("computed: the_fee", "computed: no_fee", "computed", "fee:"),
        ("kind: party, private: true", "kind: party, private: true, seen_by: [nobody]", "unknown-role", "person:"),
        ("kind: party, private: true", "kind: party, private: true, public: true", "private", "person:"),
        ("kind: list, of: unit", "kind: case, target: nothing", "unknown-procedure", "units:"),
        ("shows: {title: subject,", "shows: {title: remark,", "shows", "shows:"),
        ("shows: {title: subject,", "shows: {title: day,", "shows", "shows:"),
        ("format: 某〔year〕n号", "format: 某year-n", "number", "number:"),
        ("format: 某〔year〕n号", "format: 交〔year〕n号", "number", "number:"),
        ("shows: [subject], cites", "shows: [remark], cites", "publication", "list:"),
        ("to: person, shows: [stage]", "to: remark, shows: [stage]", "publication", "tracking:"),
        # lights
        ("red: {any: [{answering: overdue}, {helping: overdue}]}", "red: {helping: overdue}", "lights", "lights:"),
        ("red: {any: [{answering: overdue}, {helping: overdue}]}", "red: {any: [{answering: overdue}, {not: {helping: met}}]}", "lights", "red:"),
        ("yellow: {answering: {left_under: 30%}}", "yellow: {answering: running}", "lights", "yellow:"),
        ("grey: {stage: resting}", "grey: {answering: overdue}", "lights", "grey:"),
        ("green: otherwise", "green: {stage: opened}", "lights", "lights:"),
        ("red: {any", "purple: {any", "lights", "purple:"),
        ("yellow: {answering", "blue: {answering", "lights", "blue:"),
        # citations
        ("takes: [fee], cites: LOCAL 3 (L)", "takes: [fee], cites: ACT 4 (V)", "unread-article", "charge:"),
        ("takes: [fee], cites: LOCAL 3 (L)", "takes: [fee], cites: ACT 7-10 (S)", "unread-article", "charge:"),
        ("takes: [fee], cites: LOCAL 3 (L)", "takes: [fee], cites: LOCAL 3 (V)", "unread-article", "charge:"),
        # the registry
        ("within: 20 workdays", "within: 21 workdays", "deadline", "answering: {title"),
        ("within: 20 workdays", "within: 20 days", "deadline", "answering: {title"),
        ("within: 20 workdays, from: assign", "at_least: 20 workdays, from: assign", "deadline", "answering: {title"),
        ("up_to: 10 workdays, times: 1", "up_to: 10 workdays, times: 2", "deadline", "answering: {title"),
        ("pause: [resting]", "pause: [resting, part]", "deadline", "answering: {title"),
        ("expires: lapse, cites: ACT 8 (V)", "expires: lapse, cites: ACT 9 (V)", "deadline", "answering: {title"),
    ],
)  # fmt: skip
def test_a_broken_place_is_a_fault_in_its_line(old: str, new: str, rule: str, at: str) -> None:
    broken = replaced("matter", old, new)
    found = faults(matter=broken) if rule != "double-key" else unreadable(broken)
    if not rule:  # another sound way to say it
        assert found == []
        return
    assert (rule, f"matter.yaml:{line_of(broken, at)}") in {(f.rule, f"{f.file}:{f.line}") for f in found}, found


def unreadable(text: str) -> list[Fault]:
    with pytest.raises(DefinitionError) as caught:
        Source("matter.yaml").read(text)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "change", "rule", "where"),
    [
        ("part", lambda: without("part", "stop:"), "unknown-action", "matter.yaml"),
        ("part", lambda: replaced("part", "takes: [subject, kind_of, unit, text]", "takes: [subject, unit, text]"), "child", "matter.yaml"),
        ("part", lambda: replaced("part", "new_text: {", "new_words: {"), "unused-action", "part.yaml"),
        ("matter", lambda: replaced("matter", "Lapsed, row: no_row, ", "Lapsed, "), "missing-row", "matter.yaml"),
        ("table", lambda: without("table", "y: {title").replace("sum: [y, n]", "sum: [n]"), "missing-row", "matter.yaml"),
        ("table", lambda: replaced("table", "outcome_row: yes_row", "outcome_row: maybe"), "unused-row", "table.yaml"),
        ("table", lambda: replaced("table", "r1 + r2 = t + r4", "r1 + r2 = t + r5"), "unknown-row", "table.yaml"),
        ("table", lambda: replaced("table", "sum: [y, n]", "sum: [y, no]"), "unknown-row", "table.yaml"),
        ("table", lambda: replaced("table", "where: {kind_of: hard}", "where: {unit: filled}"), "missing-column", "table.yaml"),
        ("table", lambda: replaced("table", "basis: ACT 3", "basis: ACT 4"), "unread-article", "table.yaml"),
        ("figures", lambda: replaced("figures", "count: matter", "count: matters"), "unknown-procedure", "figures.yaml"),
        ("figures", lambda: replaced("figures", "over: answer", "over: answers"), "unknown-action", "figures.yaml"),
        ("figures", lambda: replaced("figures", "outcome: granted", "outcome: granting"), "unknown-value", "figures.yaml"),
        ("figures", lambda: replaced("figures", "[granted, answered]", "[granted, asked]"), "unknown-figure", "figures.yaml"),
        ("figures", lambda: replaced("figures", "where: {outcome: granted}", "where: {text: signed}"), "value-test", "figures.yaml"),
        ("registry", lambda: replaced("registry", "clock: answering", "clock: answer"), "deadline-registry", "registry.yaml"),
        ("registry", lambda: replaced("registry", "procedure: matter", "procedure: nothing"), "deadline-registry", "registry.yaml"),
        ("registry", lambda: replaced("registry", "dir: max", "dir: most"), "deadline-registry", "registry.yaml"),
        ("registry", lambda: replaced("registry", "n: 20, ", ""), "deadline-registry", "registry.yaml"),
    ],
)  # fmt: skip
def test_what_lies_between_files_is_checked(name: str, change: Callable[[], str], rule: str, where: str) -> None:
    found = faults(**{name: change()})
    assert (rule, where) in {(fault.rule, fault.file) for fault in found}, found


def test_a_stage_without_a_way_to_an_end_is_a_dead_end() -> None:
    broken = replaced(
        "matter",
        "go_on: {title: 恢复 | Go on, from: resting, to: previous",
        "go_on: {title: 恢复 | Go on, from: resting, to: resting",
    )
    broken = broken.replace("from: [underway, resting]", "from: underway").replace("expires: lapse", "expires: lapse")
    assert ("dead-end", line_of(broken, "resting:")) in {(fault.rule, fault.line) for fault in faults(matter=broken)}


def test_a_register_needs_a_key_and_a_validity() -> None:
    register = MATTER.replace("procedure: matter", "register: matter", 1)
    assert {"key", "valid"} <= {fault.rule for fault in faults(matter=register)}


def test_faults_come_sorted_by_file_and_line_and_once_each() -> None:
    broken = replaced("matter", "ACT 3 (V)}", "ACT 4 (V)}").replace("ACT 9", "ACT 10")
    found = faults(matter=broken)
    assert found == sorted(set(found))
    assert len(found) > 5


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("33", [33]),
        ("16(2)", [16]),
        ("14-17", [14, 15, 16, 17]),
        ("2, 5-6", [2, 5, 6]),
        ("36(3)/37", [36, 37]),
    ],
)
def test_the_articles_a_citation_names(text: str, numbers: list[int]) -> None:
    assert article_numbers(text) == numbers
