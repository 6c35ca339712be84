"""What stands against an action before any data is known: stage, person, separation of duties, times, extension.

All of it is read from the state *before* the action; otherwise whoever typed a new date would be the one who set it.
"""

from fadu.kernel import clock as reading
from fadu.kernel.asking import Actor, Ask, party_id
from fadu.kernel.definition import Field, Procedure, Who
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal


def standing(ask: Ask) -> tuple[Refusal, ...]:
    """The first reason why the action cannot be done now by this actor, or nothing."""
    for check in (_stage, _by, _not_by, _times, _extends):
        refusal = check(ask)
        if refusal is not None:
            return (refusal,)
    return ()


def _stage(ask: Ask) -> Refusal | None:
    action, state, procedure = ask.action, ask.state, ask.procedure
    if not state.stage and action.is_opening:
        return None
    if state.stage and any(action.key == leaving.key for leaving in procedure.standing[state.stage]):
        return None
    where = procedure.stages[state.stage].title if state.stage else Text("尚未登记", "not yet opened")
    zh, en = f"当前为“{where.zh}”，不能{action.title.zh}", f"Not possible while: {where.en}"
    when = [procedure.stages[source].title for source in action.sources if source in procedure.stages]
    if when:
        zh = f"当前为“{where.zh}”，到{''.join(f'“{one.zh}”' for one in when)}时才能{action.title.zh}"
        en = f"{en}; its time is: {', '.join(one.en for one in when)}"
    return ask.refuse("stage", zh, en)


# -- by whom -----------------------------------------------------------------------------------------------------------


def _by(ask: Ask) -> Refusal | None:
    return ask.refuse("by", "不由您办理", "Not yours to do") if post_used(ask) is None else None


def post_used(ask: Ask) -> str | None:
    """`role@unit`, `setter`, `listed`, `party`, `parent` or `clock`: what entitles the actor; None when nothing does."""
    actor = ask.actor.deciding
    for who in ask.action.by:
        post = _entitled(ask, actor, who)
        if post is not None:
            return post
    return None


def _entitled(ask: Ask, actor: Actor, who: Who) -> str | None:
    known = ask.data if ask.action.is_opening else ask.state.data
    if who.kind == "parent":
        return "parent" if actor.id == "parent" else None
    if who.kind == "clock":
        return "clock" if actor.id == "clock" and _has_run_out(ask) else None
    if who.kind == "setter":
        in_office = bool(actor.posts)  # a name outlives the office that it was written down for
        return "setter" if in_office and ask.state.set_by.get(who.of) in {actor.id, *actor.stands_for} else None
    if who.kind == "listed":
        here = bool(actor.posts) and actor.id in persons_named(ask.procedure.fields[who.name], known.get(who.name))
        return "listed" if here else None
    if who.kind == "party":
        return "party" if actor.id and party_id(known.get(who.name)) == actor.id else None
    for role, unit in sorted(actor.posts):
        here = unit == known.get(who.of) if who.of else (role, unit) not in actor.elsewhere
        if role == who.name and here:
            return f"{role}@{unit}"
    return None


def _has_run_out(ask: Ask) -> bool:
    """The clock acts only where it has run out, on the day it did or after."""
    runs = (ask.state.clocks.get(clock.key) for clock in ask.procedure.can_expire if clock.expires == ask.action.key)
    return any(reading.has_come(run, ask.day) for run in runs if run is not None)


# -- not by whom -------------------------------------------------------------------------------------------------------


def _not_by(ask: Ask) -> Refusal | None:
    persons = {ask.actor.id, ask.actor.deciding.id}
    for who in ask.action.not_by:
        if persons & _barred(ask, who):
            why, title = _why_barred(ask.procedure, who), ask.action.title
            return ask.refuse("not_by", f"{why.zh}，应当由他人{title.zh}", f"{why.en}; somebody else must do this")
    return None


def _barred(ask: Ask, who: Who) -> set[str]:
    state = ask.state
    if who.kind == "doer":
        return set(state.done[who.name].by) if who.name in state.done else set()
    if who.kind == "setter":
        return {state.set_by.get(who.of, "")}
    if who.kind == "member":
        unit = state.data.get(who.of)
        return {actor.id for actor in (ask.actor, ask.actor.deciding) if any(held == unit for _, held in actor.posts)}
    return persons_named(ask.procedure.fields[who.name], state.data.get(who.name))


def persons_named(named: Field, value: object) -> set[str]:
    """The persons a field names: itself, its entries, or the persons in its rows."""
    if not isinstance(value, list):
        return {party_id(value)} - {""}
    columns = [key for key, column in named.rows.items() if column.kind == "person"]
    found = (row.get(key) for row in value for key in columns) if named.rows else iter(value)
    return {party_id(person) for person in found} - {""}


def _why_barred(procedure: Procedure, who: Who) -> Text:
    if who.kind == "doer":
        title = procedure.actions[who.name].title
        return Text(f"您办理过“{title.zh}”", f"You did: {title.en}")
    if who.kind == "member":
        return Text("您属于承办单位", "You belong to the handling unit")
    title = procedure.fields[who.of or who.name].title
    return Text(f"您与“{title.zh}”有关", f"You are concerned with: {title.en}")


# -- how often, how late -----------------------------------------------------------------------------------------------


def _times(ask: Ask) -> Refusal | None:
    action, tally = ask.action, ask.state.done.get(ask.action.key)
    if not action.times or tally is None or tally.times < action.times:
        return None
    return ask.refuse("times", f"{action.title.zh}以{action.times}次为限", f"At most {action.times} time(s)")


def _extends(ask: Ask) -> Refusal | None:
    if not ask.action.extends:
        return None
    clock = ask.procedure.clocks[ask.action.extends]
    run = ask.state.clocks.get(clock.key)
    if run is None or not run.is_open or (reading.is_past(run, ask.now) and not run.is_held):
        zh, en = "期限届满后不得延期，逾期照实记录", "No extension after expiry; the breach stands"
        return ask.refuse("extend_before_expiry", zh, en)
    if clock.extension is None or run.extended >= clock.extension.times:
        return ask.refuse("extend_times", "已经延期，不得再延", "Extended already; not again")
    return None
