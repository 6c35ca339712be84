"""A made-up corner of the city that uses what the shipped definitions may not: a yearly plan under a cap, visits by invited
inspectors, a paper split into tasks, tasks in steps.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fadu.data.calendars import state_council
from fadu.definitions import book
from fadu.definitions import library as shipped
from fadu.kernel.calendar import Calendar
from fadu.kernel.decide import Actor
from fadu.kernel.docket import MemoryDocket
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.perform import Deed, Folder, open_case, perform
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.source import Source

CAP = """
procedure: cap
title: 年度总量 | Yearly cap
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: leader
shows: {title: name}
fields:
  name: {title: 名称 | Name, kind: text}
  year: {title: 年度 | Year, kind: number}
  cap:  {title: 总量 | Cap, kind: number}
stages: {in_force: 生效 | In force, ended: 失效 | Ended}
ends_in: [ended]
actions:
  set: {title: 确定 | Set, from: start, to: in_force, by: leader, takes: [name, year, cap], cites: practice (P)}
  end: {title: 失效 | End, from: in_force, to: ended, by: leader, cites: practice (P)}
"""

LINE = """
procedure: line
title: 计划项目 | Plan line
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: supervision_officer
shows: {title: name}
number: {format: 计〔year〕n号, at: approve}
fields:
  name:     {title: 名称 | Name, kind: text}
  year:     {title: 年度 | Year, kind: number}
  points:   {title: 分值 | Points, kind: number, default: 1}
  approved: {title: 已批准数 | Approved so far, kind: number, found: {count: line, where: {year: {same_as: year}, stage: [approved]}}}
  weight:   {title: 已批准分值 | Points so far, kind: number, found: {sum: line.points, where: {year: {same_as: year}, stage: approved}}}
  cap:      {title: 总量 | Cap, kind: number, found: {value: cap.cap, where: {year: {same_as: year}, stage: in_force}}}
  visits:   {title: 检查次数 | Visits, kind: number, found: {count: visit, where: {line: {same_as: case}, open: false}}}
stages: {proposed: 待批准 | Proposed, approved: 已批准 | Approved, done: 已完成 | Done}
ends_in: [done]
actions:
  propose: {title: 申报 | Propose, from: start, to: proposed, by: supervision_officer, takes: [name, year, 'points?'], cites: practice (P)}
  approve: {title: 批准 | Approve, from: proposed, to: approved, by: leader, takes: [approved, weight, cap], needs: [within_cap], cites: BOOK 1 (I)}
  recheck: {title: 复核总量 | Check the cap, from: approved, by: supervision_officer, takes: [cap], cites: practice (P)}
  finish:  {title: 完成 | Finish, from: approved, to: done, by: supervision_officer, takes: [visits], cites: practice (P)}
gates:
  within_cap: {that: {not: {cap: {not_above: approved}}}, cites: BOOK 1 (I), else: '{year}年已批准 {approved} 项，达到总量 {cap} 项 | {approved} approved in {year}; the cap is {cap}'}
"""

VISIT = """
procedure: visit
title: 检查 | Visit
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: supervision_officer
shows: {title: name, unit: unit}
number: {format: 查〔year〕n号, at: plan}
fields:
  name:       {title: 名称 | Name, kind: text}
  line:       {title: 计划项目 | Plan line, kind: case, target: line}
  also:       {title: 有关事项 | Related, kind: list, of: case}
  unit:       {title: 牵头单位 | Lead, kind: unit}
  objects:    {title: 对象 | Objects, kind: list, of: unit}
  starts_on:  {title: 开始 | Starts, kind: date}
  ends_on:    {title: 结束 | Ends, kind: date}
  met_at:     {title: 碰头会 | Meeting, kind: moment}
  inspectors: {title: 特邀人员 | Invited, kind: list, of: person}
  drivers:    {title: 随行 | Along, kind: list, of: {who: {title: 人员 | Person, kind: person}, case: {title: 事项 | Case, kind: case}}}
  chief:      {title: 组长 | Head, kind: person}
  earlier:    {title: 已有检查 | Earlier visits, kind: list, of: case,
               found: {cases: visit, where: {objects: {shares: objects}, starts_on: {not_after: ends_on}, ends_on: {not_before: starts_on}, stage: [planned, underway]}}}
  note:       {title: 记录 | Note, kind: text}
stages: {planned: 已安排 | Planned, underway: {title: 进行中 | Underway, turn: listed of chief}, over: 结束 | Over}
ends_in: [over]
actions:
  plan:  {title: 安排 | Plan, from: start, to: planned, by: supervision_officer, needs: [no_repeat],
          takes: [name, 'line?', 'also?', 'unit?', objects, starts_on, ends_on, 'met_at?', 'inspectors?', 'drivers?', 'chief?', earlier], cites: practice (P)}
  staff: {title: 调整人员 | Staff, from: any, by: supervision_officer, takes: ['inspectors?', 'drivers?', 'chief?', 'line?', 'also?'], cites: practice (P)}
  start: {title: 开始 | Start, from: planned, to: underway, by: supervision_officer, cites: practice (P)}
  look:  {title: 查看 | Look, from: underway, by: [listed of inspectors, listed of drivers], takes: [note], cites: practice (P)}
  add:   {title: 补充 | Add, from: underway, by: listed of inspectors, takes: [also], cites: practice (P)}
  end:   {title: 结束 | End, from: underway, to: over, by: [supervision_officer, listed of chief], cites: practice (P)}
gates:
  no_repeat: {that: {earlier: empty}, cites: practice (P), else: '同一对象同期已有检查：{earlier} | Visited in the same days already: {earlier}'}
"""

PAPER = """
procedure: paper
title: 来文 | Paper
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: supervision_officer
shows: {title: name}
fields:
  name:  {title: 标题 | Title, kind: text}
  text:  {title: 正文 | Text, kind: long_text}
  year:  {title: 年度 | Year, kind: number, default: 2026, unchangeable: true}
  tasks: {title: 任务 | Tasks, kind: list, draws_from: text, of: {paragraph: {title: 段 | Paragraph, kind: number}, text: {title: 内容 | Words, kind: text},
          unit: {title: 承办单位 | Unit, kind: unit}, name: {title: 简称 | Short, kind: text}}}
stages: {new: 待分解 | New, done: 已分解 | Split}
ends_in: [done]
actions:
  receive: {title: 收文 | Receive, from: start, to: new, by: supervision_officer, takes: [name, text, 'year?'], cites: practice (P)}
  mend:    {title: 更正 | Mend, from: new, by: supervision_officer, takes: [year], cites: practice (P)}
  split:   {title: 分解 | Split, from: new, by: supervision_officer, takes: [tasks], cites: practice (P),
            leads_to: {task: {each: tasks, matter: text, unit: unit, from_paper: case, paragraph: paragraph, paper_name: name, with: {urgent: true}}}}
  close:   {title: 办结 | Close, from: new, to: done, by: supervision_officer, cites: practice (P), leads_to: {task: {matter: name, from_paper: case, story: history}}}
"""

TASK = """
procedure: task
title: 任务 | Task
version: 1
in_force: 2026-01-01
basis: practice (P)
owner: supervision_officer
shows: {title: matter, unit: unit, due: [step]}
number: {format: 任〔year〕n号, at: open}
fields:
  matter:     {title: 任务 | Matter, kind: text}
  unit:       {title: 承办单位 | Unit, kind: unit}
  urgent:     {title: 急件 | Urgent, kind: yes_no, default: false}
  from_paper: {title: 来文 | Paper, kind: case, target: paper}
  paper_name: {title: 来文标题 | Its title, kind: text}
  paragraph:  {title: 段 | Paragraph, kind: number}
  story:      {title: 经过 | Story, kind: long_text}
  steps:      {title: 节点 | Steps, kind: list, of: {what: {title: 内容 | What, kind: text, unchangeable: true}, due: {title: 期限 | Due, kind: date},
               reached_on: {title: 完成 | Reached, kind: date}, weight: {title: 权重 | Weight, kind: number}}}
  percent:    {title: 进度 | Progress, kind: number, derived: {sum: steps.weight, where: {reached_on: filled}}}
  reached:    {title: 完成率 | Share reached, kind: number, derived: {share: steps, where: {reached_on: filled}}}
  number_of:  {title: 节点数 | Steps, kind: number, derived: {count: steps}}
  next_due:   {title: 下一节点 | Next step, kind: date, derived: {earliest: steps.due, where: {reached_on: empty}}}
  last_due:   {title: 末节点 | Last step, kind: date, derived: {latest: steps.due}}
stages: {open: 办理中 | Open, done: 已完成 | Done}
ends_in: [done]
actions:
  open:   {title: 交办 | Open, from: start, to: open, by: supervision_officer, takes: [matter, 'unit?', 'urgent?', 'from_paper?', 'paper_name?', 'paragraph?', 'story?'], cites: practice (P)}
  report: {title: 反馈 | Report, from: open, by: [unit_officer of unit, supervision_officer], takes: [steps], cites: practice (P)}
  finish: {title: 完成 | Finish, from: open, to: done, by: supervision_officer, needs: [all_reached], cites: practice (P)}
gates:
  all_reached: {that: {percent: {at_least: 100}}, cites: BOOK 1 (I), else: '进度 {percent}%，未到 100% | {percent}% done'}
clocks:
  step: {title: 节点 | Step, until: next_due, ends_with: [finish], cites: practice (P)}
lights: {red: {step: overdue}, yellow: {step: {left_under: 30%}}, green: otherwise}
"""

TEXTS = {"cap": CAP, "line": LINE, "visit": VISIT, "paper": PAPER, "task": TASK}


@cache
def library() -> Library:
    """What ships, and this corner."""
    found = shipped("")
    ours = [load(Source(f"{name}.yaml").read(text), book()) for name, text in TEXTS.items()]
    return Library.of(found.book, [*found.versions.values(), *ours])


OFFICER = Actor("7", frozenset({("supervision_officer", "office")}))
LEADER = Actor("8", frozenset({("leader", "office")}))
UNIT = Actor("9", frozenset({("unit_officer", "water")}))


@dataclass
class Corner:
    """The corner in memory."""

    docket: MemoryDocket = field(default_factory=lambda: MemoryDocket.of(library()))
    calendar: Calendar = field(default_factory=state_council)

    def open(self, procedure: str, who: Actor = OFFICER, day: str = "2026-03-02", **data: Any) -> Folder:
        defined = library().in_force(procedure)
        return open_case(self.docket, self.calendar, defined, Deed.of(who, defined.opening.key, day, data), "office")

    def act(self, folder: Folder, action: str, who: Actor = OFFICER, day: str = "2026-03-03", **data: Any) -> Folder:
        overrides = data.pop("overrides", None)
        return perform(self.docket, self.calendar, folder.id, Deed.of(who, action, day, data, overrides=overrides))

    def refused(self, folder: Folder, action: str, who: Actor = OFFICER, **data: Any) -> Refusal:
        try:
            self.act(folder, action, who, **data)
        except Refused as refused:
            return refused.refusals[0]
        raise AssertionError(f"{action} was done")

    def entry(self, folder: Folder) -> dict[str, Any]:
        return self.docket.entries[folder.id][-1]
