"""A small procedure with a child, and a city of four people to try it on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from fadu.data.calendars import state_council
from fadu.kernel.book import load_book
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.definition import Procedure
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.facts import CaseFacts
from fadu.kernel.loader import load
from fadu.kernel.perform import Deed, Folder, open_case, perform, tick
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.source import Map, Source
from fadu.kernel.state import Run

BOOK = load_book(
    Source("laws.yaml").read(
        """
laws: {ACT: {title: 某法 | The Act}, LOCAL: {title: 某市条例 | The local rules}, practice: {title: 行政惯例 | practice}}
roles: {officer: 承办人 | officer, leader: 领导 | leader, reviewer: 核查人 | reviewer}
remedies: {review: {text: 可以申请复议 | Review may be asked for, cites: ACT 9 (V)}}
"""
    )
)

MATTER = """
procedure: matter
title: 事项 | Matter
version: 1
in_force: 2026-01-01
basis: ACT 1 (V)
owner: officer

fields:
  name:    {title: 名称 | Name, kind: text}
  unit:    {title: 单位 | Unit, kind: unit}
  helpers: {title: 协办单位 | Helpers, kind: list, of: unit}
  due:     {title: 时限 | Due, kind: date, range: {not_before: today}}
  urgent:  {title: 急件 | Urgent, kind: yes_no, default: false}
  why:     {title: 急件理由 | Why urgent, kind: text, when: {urgent: true}, cites: ACT 3 (V)}
  amount:  {title: 金额 | Amount, kind: money, range: {at_most: 1000}}
  text:    {title: 文稿 | Text, kind: document}
  verdict: {title: 结论 | Verdict, about: text, choice: {good: 好 | good, bad: 不好 | bad}}
  team:    {title: 经办人 | Team, kind: list, of: {who: {title: 人员 | Person, kind: person}}}
  months:  {title: 反馈间隔 | Months between reports, kind: number, default: 1}
  remark:  {title: 意见 | Remark, kind: text}

stages: {new: 待办 | New, working: 办理 | Working, waiting: 中止 | Waiting, checking: 核查 | Checking, closed: 办结 | Closed}
ends_in: [closed]

actions:
  begin:   {title: 登记 | Begin, from: start, to: new, by: [officer, leader], takes: [name, unit, 'helpers?', 'urgent?', why], cites: ACT 1 (V)}
  assign:  {title: 交办 | Assign, from: new, to: working, by: leader, takes: [due, 'months?'], opens: [part], issues: [slip], cites: ACT 2 (V)}
  work:    {title: 办理 | Work, from: working, by: officer of unit, takes: ['amount?', 'team?', 'remark?'], cites: ACT 2 (V)}
  write:   {title: 拟稿 | Write, from: working, by: officer of unit, takes: [text], cites: ACT 4 (V)}
  judge:   {title: 评判 | Judge, from: working, by: reviewer, takes: [verdict], times: 1, not_by: [write, team], cites: ACT 4 (V)}
  report:  {title: 反馈 | Report, from: working, by: officer of unit, cites: ACT 5 (V)}
  later:   {title: 延期 | Later, from: [new, working], by: setter of due, extends: term, takes: [due], cites: ACT 6 (V)}
  more:    {title: 展期 | More time, from: any, by: leader, extends: whole, cites: ACT 6 (V)}
  pause:   {title: 中止 | Pause, from: working, to: waiting, by: leader, cites: ACT 7 (V)}
  resume:  {title: 恢复 | Resume, from: waiting, to: previous, by: leader, cites: ACT 7 (V)}
  again:   {title: 重来 | Start again, from: working, by: leader, cites: ACT 7 (V)}
  hand_in: {title: 报结 | Hand in, from: working, to: checking, by: officer of unit, needs: [text_good, parts_back, thrifty], takes: ['remark?'], cites: ACT 8 (V)}
  back:    {title: 退回 | Back, from: checking, to: working, by: reviewer, cites: ACT 8 (V)}
  finish:  {title: 办结 | Finish, from: checking, to: closed, by: reviewer, not_by: [hand_in, setter of due], outcome: [done, dropped], takes: ['remark?'], issues: [by_outcome], cites: ACT 8 (V)}
  cancel:  {title: 撤销 | Cancel, from: any, to: closed, by: leader, outcome: [dropped], takes: [remark], issues: [by_outcome], cites: ACT 8 (V)}
  stop:    {title: 终止 | Stop, from: any, to: closed, by: leader, outcome: [dropped], takes: [remark], ends_children: stop, cites: ACT 8 (V)}
  remind:  {title: 逾期提醒 | Remind, from: any, by: clock, cites: practice (P)}

gates:
  text_good:  {that: {verdict: {is: good, current: true}}, cites: ACT 4 (V), else: 现文稿未经评判为好 | The present text was not judged good}
  parts_back: {that: {part: {open: none}}, cites: ACT 2 (V), else: 协办未回 | A part is not back}
  thrifty:    {that: {not: {amount: {more_than: 500}}}, cites: practice (P), else: 金额偏高 | The amount is high}

clocks:
  term:    {title: 时限 | Term, until: due, ends_with: [hand_in], reopens_with: [back], pause: [waiting], extension: {times: 1}, expires: remind, cites: ACT 2 (V)}
  whole:   {title: 全程 | Whole, within: 10 workdays, from: begin, ends_with: [finish], pause: [waiting, part], restart: {again: ACT 7 (V)},
            extension: {up_to: 5 workdays, times: 1}, cites: ACT 1 (V)}
  reports: {title: 定期反馈 | Reports, every: months months, from: assign, done_by: report, ends_with: [hand_in], pause: [waiting], cites: ACT 5 (V)}
  signing: {title: 急件 | Urgent, within: 2 hours, from: assign, ends_with: [work], when: {urgent: true}, cites: ACT 3 (V)}
  rest:    {title: 冷静期 | Cooling, at_least: 3 workdays, from: hand_in, cites: ACT 8 (V)}

children:
  part: {title: 协办 | Part, procedure: part, each: {helpers: unit}, gives: {name: name}}

outcomes:
  done:    {title: 办成 | Done, cites: ACT 8 (V), letter: result}
  dropped: {title: 不办 | Dropped, cites: ACT 8 (V), reason: remark, letter: result}

lights:
  grey:   {stage: waiting}
  red:    {any: [{term: overdue}, {whole: overdue}]}
  yellow: {any: [{term: {left_under: 30%}}, {signing: overdue}]}
  green:  otherwise

letters:
  slip:   {title: 交办单 | Slip, to: unit, number: 交〔year〕n号}
  result: {title: 结果告知 | Result, to: public}
"""

PART = """
procedure: part
title: 协办 | Part
version: 1
in_force: 2026-01-01
basis: ACT 2 (V)
owner: officer
fields:
  name:   {title: 名称 | Name, kind: text}
  unit:   {title: 单位 | Unit, kind: unit}
  answer: {title: 回复 | Answer, kind: text}
stages: {open: 待回 | Open, closed: 已回 | Closed}
ends_in: [closed]
actions:
  open:   {title: 交办 | Open, from: start, to: open, by: parent, takes: [name, unit]}
  answer_it: {title: 回复 | Answer, from: open, to: closed, by: officer of unit, takes: [answer], outcome: [answered], cites: ACT 2 (V)}
  silence: {title: 未回 | Silence, from: open, to: closed, by: clock, outcome: [silent], cites: ACT 2 (V)}
  stop:   {title: 终止 | Stop, from: any, to: closed, by: parent, outcome: [stopped]}
clocks:
  answering: {title: 回复 | Answering, within: 5 workdays, from: open, ends_with: [answer_it], expires: silence, cites: ACT 2 (V)}
outcomes:
  answered: {title: 已回 | Answered, cites: ACT 2 (V)}
  silent:   {title: 未回 | Silent, cites: ACT 2 (V)}
  stopped:  {title: 终止 | Stopped, cites: ACT 2 (V)}
"""


def read(text: str, file: str = "matter.yaml") -> Map:
    return Source(file).read(text)


@cache
def procedure(text: str = MATTER) -> Procedure:
    return load(read(text), BOOK)


OFFICER = Actor("li", frozenset({("officer", "water")}))
HELPER = Actor("he", frozenset({("officer", "parks")}))
LEADER = Actor("chen", frozenset({("leader", "office")}))
REVIEWER = Actor("ren", frozenset({("reviewer", "office")}))
FIRST = {"name": "河道", "unit": "water"}


@dataclass
class City:
    """One case of a procedure, from its opening on Monday 2 March 2026, with a docket of its own."""

    text: str = MATTER
    data: Mapping[str, Any] = field(default_factory=lambda: FIRST)
    day: str = "2026-03-02"
    calendar: Calendar = field(default_factory=state_council)

    def __post_init__(self) -> None:
        self.procedure = procedure(self.text)
        known = {"part": procedure(PART), self.procedure.key: self.procedure}
        self.docket = MemoryDocket(lambda key, day: known[key])
        deed = Deed.of(OFFICER, self.procedure.opening.key, self.day, self.data)
        self.case: Folder = open_case(self.docket, self.calendar, self.procedure, deed, "office")

    def act(self, who: Actor, action: str, day: str, case: int = 1, **data: Any) -> Folder:
        deed = Deed.of(who, action, day, data, overrides=data.pop("overrides", None))
        return perform(self.docket, self.calendar, case, deed)

    def refusals(self, who: Actor, action: str, day: str, **data: Any) -> tuple[Refusal, ...]:
        """Why it is refused; fails when it is done, or when the refusal left a trace."""
        before, entries = self.case.state, len(self.docket.entries[1])
        try:
            self.act(who, action, day, **data)
        except Refused as refused:
            assert self.case.state is before
            assert len(self.docket.entries[1]) == entries
            return refused.refusals
        raise AssertionError(f"{action} was done")

    def refusal(self, who: Actor, action: str, day: str, **data: Any) -> Refusal:
        (only,) = self.refusals(who, action, day, **data)
        return only

    def tick(self, day: str, case: int = 1, grace: int = 0) -> int:
        return tick(self.docket, self.calendar, case, datetime.fromisoformat(day), grace)

    def run(self, clock: str, case: int = 1) -> Run:
        return self.docket.folders[case].state.clocks[clock]

    def clock(self, clock: str, day: str) -> str:
        return self.facts(day).clock(clock)

    def facts(self, day: str) -> CaseFacts:
        return CaseFacts(self.procedure, self.case.state, datetime.fromisoformat(day), self.calendar)

    def last(self, case: int = 1) -> dict[str, Any]:
        return self.docket.entries[case][-1]


def assigned(**data: Any) -> City:
    """A case assigned on 3 March, due on 30 April."""
    city = City(data={**FIRST, **data})
    city.act(LEADER, "assign", "2026-03-03", due="2026-04-30")
    return city


def handed_in(**data: Any) -> City:
    """A case handed in for checking on 10 March."""
    city = assigned(**data)
    city.act(OFFICER, "write", "2026-03-05", text="稿一")
    city.act(REVIEWER, "judge", "2026-03-06", verdict="good")
    city.act(OFFICER, "hand_in", "2026-03-10")
    return city
