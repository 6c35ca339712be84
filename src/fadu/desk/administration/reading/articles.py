"""Every part of a procedure as an article: what it is called, what it says, on what it rests, where it stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fadu.desk.administration.reading.clocks import clock_text
from fadu.desk.administration.reading.conditions import Wording
from fadu.desk.administration.reading.fields import field_text
from fadu.desk.administration.reading.names import Names, listed, quoted, sentences
from fadu.kernel.condition import Condition
from fadu.kernel.definition import STAY, Action, Child, Gate, Lead, Letter, Outcome, Procedure, Publication, Stage
from fadu.kernel.library import Library
from fadu.words import say, t

LIGHTS = {"red": "红 | Red", "yellow": "黄 | Yellow", "green": "绿 | Green", "grey": "灰 | Grey"}


@dataclass(frozen=True, slots=True)
class Article:
    """`key` is how its section knows it; together they find the same article in another version."""

    section: str
    key: str
    title: str
    text: str
    cites: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    articles: list[Article]


def sections(procedure: Procedure, library: Library) -> list[Section]:
    """The definition from its head to its publication; sections without articles are left out."""
    names = Names(procedure, library)
    found = (Section(key, t(title), list(make(names))) for key, (title, make) in _SECTIONS.items())
    return [section for section in found if section.articles]


# -- the head ----------------------------------------------------------------------------------------------------------


def _head(names: Names) -> Iterator[Article]:
    procedure = names.procedure
    yield Article("head", "basis", t("依据 | Basis"), names.cites(procedure.basis))
    yield Article("head", "owner", t("主管 | Owner"), sentences([names.who(procedure.owner)]))
    if procedure.number is not None:
        given = t("{form}，{action}时编 | {form}, given at {action}", form=procedure.number.format, action=names.action(procedure.number.at))  # fmt: skip
        yield Article("head", "number", t("编号 | Number"), sentences([given]))
    shows = procedure.shows
    fields = [names.field(key) for key in (shows.title, shows.unit, shows.kind) if key]
    clocks = [names.clock(key) for key in shows.due]
    yield Article("head", "shows", t("列表显示 | In lists"), sentences([listed([*fields, *clocks])]))
    if procedure.keys:
        keys = listed(names.field(key) for key in procedure.keys)
        yield Article("head", "key", t("主键 | Key"), sentences([keys]))


def _fields(names: Names) -> Iterator[Article]:
    for key, field in names.procedure.fields.items():
        yield Article("fields", key, say(field.title), field_text(field, names), names.cites(field.cites), field.line)


# -- stages, actions, gates --------------------------------------------------------------------------------------------


def _stages(names: Names) -> Iterator[Article]:
    for key, stage in names.procedure.stages.items():
        yield Article("stages", key, say(stage.title), sentences(_stage(stage, names)), line=stage.line)


def _stage(stage: Stage, names: Names) -> Iterator[str]:
    if stage.key in names.procedure.ends_in:
        yield t("办结 | here a case ends")
    if stage.turn is not None:
        yield t("轮到{who} | the turn of {who}", who=names.who(stage.turn))


def _actions(names: Names) -> Iterator[Article]:
    for key, action in names.procedure.actions.items():
        text = sentences(_action(action, names))
        yield Article("actions", key, say(action.title), text, names.cites(action.cites), action.line)


def _action(action: Action, names: Names) -> Iterator[str]:
    who = listed((names.who(one) for one in action.by), "或 |  or ")
    places = listed(names.stage(key) for key in action.sources)
    if action.is_opening:
        yield t("开立时由{who}办理 | at the opening, done by {who}", who=who)
    else:
        yield t("在{places}由{who}办理 | in {places}, done by {who}", places=places, who=who)
    yield from _leads(action, names)
    if action.not_by:
        barred = listed(names.who(one) for one in action.not_by)
        yield t("{barred}不得办理 | not by {barred}", barred=barred)
    if action.takes:
        asked = (names.field(one.field) + (t("（选填） | (optional)") if one.optional else "") for one in action.takes)
        yield t("填报{fields} | takes {fields}", fields=listed(asked))
    if action.needs:
        gates = listed(quoted(say(names.procedure.gates[key].refusal)) for key in action.needs)
        yield t("须过关口，否则：{gates} | gates, else: {gates}", gates=gates)
    yield from _follows(action, names)


def _leads(action: Action, names: Names) -> Iterator[str]:
    """Where the case goes, and with which outcome."""
    if isinstance(action.to, str):
        if action.to != STAY:
            yield t("转入{stage} | on to {stage}", stage=names.stage(action.to))
    else:
        yield from _table(action.to, names, names.stage, "转入{value} | on to {value}")
    if action.outcomes:
        outcomes = listed((names.outcome(key) for key in action.outcomes), "、 |  or ")
        yield t("结果为{outcomes} | outcome: {outcomes}", outcomes=outcomes)
    yield from _table(action.outcome_table, names, names.outcome, "结果为{value} | outcome: {value}")


def _table(
    table: tuple[tuple[Any, Condition | None], ...], names: Names, say_value: Callable[[str], str], words: str
) -> Iterator[str]:
    for value, when in table:
        then = t(words, value=say_value(str(value)))
        if when is None:
            yield t("否则{then} | else {then}", then=then)
        else:
            yield t("{when}时{then} | when {when}: {then}", when=Wording(names).say(when), then=then)


_MAKES: Mapping[str, tuple[Callable[[Names, str], str], str]] = {
    "opens": (Names.child, "开立{parts} | opens {parts}"),
    "tells": (Names.child, "告知{parts} | tells {parts}"),
    "issues": (Names.letter, "出具{parts} | issues {parts}"),
}


def _follows(action: Action, names: Names) -> Iterator[str]:
    if action.times:
        yield t("只能办 {n} 次 | at most {n:time}", n=action.times)
    if action.extends:
        yield t("延长{clock} | extends {clock}", clock=names.clock(action.extends))
    for word, (name, words) in _MAKES.items():
        if keys := getattr(action, word):
            yield t(words, parts=listed(name(names, key) for key in keys))
    if action.ends_children:
        yield t("未办结的子事项随之终止 | open sub-matters stop with it")
    yield from (_lead(lead, names) for lead in action.leads_to.values())
    if action.followed_by:
        yield t("随后可同时{action} | may go on at once with {action}", action=names.action(action.followed_by))


def _lead(lead: Lead, names: Names) -> str:
    other = names.other(lead.procedure)
    if lead.each:
        rows = names.field(lead.each)
        return t("按{rows}逐行开立{other} | opens {other} for each of {rows}", rows=rows, other=other)
    return t("可引出{other} | leads to {other}", other=other)


def _gates(names: Names) -> Iterator[Article]:
    for key, gate in names.procedure.gates.items():
        text = sentences(_gate(gate, Wording(names)))
        yield Article("gates", key, say(gate.refusal), text, names.cites(gate.cites), gate.line)


def _gate(gate: Gate, wording: Wording) -> Iterator[str]:
    yield t("须{that} | requires: {that}", that=wording.say(gate.that))
    if gate.when is not None:
        yield t("只在{when}时 | only when {when}", when=wording.say(gate.when))
    if gate.unless is not None:
        yield t("{unless}时除外 | unless {unless}", unless=wording.say(gate.unless))
    yield (
        t("不合的不能办 | else it cannot be done")
        if gate.severity == "block"
        else t("不合的提醒，写明理由可以办 | else a warning, passed with a reason")
    )


# -- clocks and what follows -------------------------------------------------------------------------------------------


def _clocks(names: Names) -> Iterator[Article]:
    for key, clock in names.procedure.clocks.items():
        yield Article("clocks", key, say(clock.title), clock_text(clock, names), names.cites(clock.cites), clock.line)


def _children(names: Names) -> Iterator[Article]:
    for key, child in names.procedure.children.items():
        yield Article("children", key, say(child.title), sentences(_child(child, names)), line=child.line)


def _child(child: Child, names: Names) -> Iterator[str]:
    yield t("按{procedure}办理 | runs by {procedure}", procedure=names.other(child.procedure))
    for key in (*child.each, *([child.rows] if child.rows else [])):
        yield t("{field}中每一项一件 | one for each of {field}", field=names.field(key))
    if child.where is not None:
        rows = names.procedure.fields.get(child.rows)
        where = Wording(names, rows.rows if rows else {}).say(child.where)
        yield t("只限{where} | only where {where}", where=where)
    if child.gives:
        given = listed(dict.fromkeys(names.any(key) for key in child.gives))
        yield t("给出{fields} | given {fields}", fields=given)
    if child.about:
        about = listed(names.field(key) for key in child.about)
        yield t("针对{fields} | about {fields}", fields=about)


def _outcomes(names: Names) -> Iterator[Article]:
    for key, outcome in names.procedure.outcomes.items():
        text = sentences(_outcome(outcome, names))
        yield Article("outcomes", key, say(outcome.title), text, names.cites(outcome.cites), outcome.line)


def _outcome(outcome: Outcome, names: Names) -> Iterator[str]:
    if outcome.reason:
        yield t("须填{field}说明理由 | gives its reason in {field}", field=names.field(outcome.reason))
    if outcome.letter:
        yield t("出具{letter} | issues {letter}", letter=names.letter(outcome.letter))
    if outcome.remedy and outcome.remedy in names.library.book.remedies:
        yield t(
            "告知救济：{remedy} | remedy: {remedy}",
            remedy=say(names.library.book.remedies[outcome.remedy].text).rstrip("。."),
        )
    if outcome.row:
        yield t("计入年报第 {row} 栏 | counts in row {row} of the yearly table", row=outcome.row)


def _lights(names: Names) -> Iterator[Article]:
    for light in names.procedure.lights:
        when = Wording(names).say(light.when) or t("其余情形 | in all other cases")
        yield Article("lights", light.colour, t(LIGHTS[light.colour]), sentences([when]))


def _letters(names: Names) -> Iterator[Article]:
    for key, letter in names.procedure.letters.items():
        text = sentences(_letter(letter, names))
        yield Article("letters", key, say(letter.title), text, names.cites(letter.cites), letter.line)


def _letter(letter: Letter, names: Names) -> Iterator[str]:
    yield t("送{to} | to {to}", to=listed(_receiver(names, who.name, names.who(who)) for who in letter.to))
    if letter.number:
        yield t("编号{form} | numbered {form}", form=letter.number)
    if letter.shows:
        yield t("写明{parts} | shows {parts}", parts=listed(names.any(key) for key in letter.shows))
    if letter.when is not None:
        yield t("只在{when}时 | only when {when}", when=Wording(names).say(letter.when))


def _receiver(names: Names, key: str, words: str) -> str:
    if key == "public":
        return t("社会公众 | the public")
    return names.any(key) if key in names.procedure.fields or key in names.procedure.children else words


def _publication(names: Names) -> Iterator[Article]:
    for key, view in names.procedure.publication.items():
        text = sentences(_view(view, names))
        yield Article("publication", key, quoted(key), text, names.cites(view.cites), view.line)


def _view(view: Publication, names: Names) -> Iterator[str]:
    if view.to:
        yield t("给{to} | for {to}", to=_receiver(names, view.to, view.to))
    yield t("公开{parts} | shows {parts}", parts=listed(names.any(key) for key in view.shows))
    if view.when is not None:
        yield t("在{when}时 | when {when}", when=Wording(names).say(view.when))


_SECTIONS: Mapping[str, tuple[str, Callable[[Names], Iterator[Article]]]] = {
    "head": ("总则 | General", _head),
    "stages": ("阶段 | Stages", _stages),
    "actions": ("办理动作 | Actions", _actions),
    "gates": ("关口 | Gates", _gates),
    "clocks": ("期限 | Terms", _clocks),
    "outcomes": ("办理结果 | Outcomes", _outcomes),
    "children": ("子事项 | Sub-matters", _children),
    "letters": ("文书 | Letters", _letters),
    "fields": ("填报内容 | What is filled in", _fields),
    "lights": ("灯 | Lights", _lights),
    "publication": ("公开 | Publication", _publication),
}
