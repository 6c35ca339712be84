"""Local rules laid over national ones: a redline that states what it changes, and weakens no verified rule."""

from typing import Any

import pytest

from fadu.kernel.definition import Procedure
from fadu.kernel.library import Library
from fadu.kernel.loader import load
from fadu.kernel.overlay import compose
from fadu.kernel.period import Period
from fadu.kernel.source import DefinitionError
from tests.kernel.small import BOOK, MATTER, City, procedure, read

LOCAL_TERM = "signing: {title: 签收 | Signing, within: 3 workdays, from: begin, ends_with: [work], cites: LOCAL 5 (L)}\n  term:    {title"
BASE = (
    MATTER.replace("term:    {title", LOCAL_TERM)
    .replace("  signing: {title: 急件", "  urgency: {title: 急件")
    .replace("signing: overdue", "urgency: overdue")
)


def overlay(*changes: str, head: str = "", name: str = "yunzhou") -> Any:
    lines = "".join(f"\n  - {{{change}}}" for change in changes)
    return read(
        f"overlay: {name}\nversion: 1\nin_force: 2026-07-01\n{head or 'over: {matter: 1}'}\nchanges:{lines}\n",
        f"{name}.yaml",
    )


def composed(*overlays: Any) -> Procedure:
    *_, last = compose([read(BASE)], list(overlays))
    return load(last.source, BOOK, last.overlays)


def refused(*overlays: Any) -> str:
    with pytest.raises(DefinitionError) as error:
        list(compose([read(BASE)], list(overlays)))
    return str(error.value)


SHORTER = "at: matter.clocks.signing.within, was: 3 workdays, is: 2 workdays, cites: LOCAL 9 (L)"


def test_a_change_makes_a_version_of_its_own_and_leaves_the_base_alone() -> None:
    national, local = compose([read(BASE)], [overlay(SHORTER)])
    base, city = load(national.source, BOOK, national.overlays), load(local.source, BOOK, local.overlays)
    assert (base.name, city.name) == ("matter@1", "matter@1+yunzhou@1")
    assert (base.clocks["signing"].period, city.clocks["signing"].period) == (
        Period(3, "workday"),
        Period(2, "workday"),
    )
    assert (base.in_force, city.in_force) == ("2026-01-01", "2026-07-01")
    assert base.digest != city.digest


def test_the_local_article_is_cited_first_and_the_national_one_after_it() -> None:
    cites = composed(overlay(SHORTER)).clocks["signing"].cites
    assert [str(cite) for cite in cites] == ["LOCAL 9 (L)", "LOCAL 5 (L)"]
    local = composed(overlay("at: matter.gates.thrifty.severity, is: block, cites: LOCAL 3 (L)"))
    assert [str(cite) for cite in local.gates["thrifty"].cites] == ["LOCAL 3 (L)", "practice (P)"]


def test_a_warning_raised_by_local_law_blocks_and_cites_it() -> None:
    local = composed(overlay("at: matter.gates.thrifty.severity, is: block, cites: LOCAL 3 (L)"))
    assert (local.gates["thrifty"].severity, procedure().gates["thrifty"].severity) == ("block", "warn")


def test_a_base_that_says_something_else_has_moved_on() -> None:
    said = refused(overlay("at: matter.clocks.signing.within, was: 4 workdays, is: 2 workdays, cites: LOCAL 9 (L)"))
    assert said == (
        "yunzhou.yaml:6: overlay: change 1 at matter.clocks.signing.within: the base says '3 workdays', not '4 workdays'; "
        "the base has moved on"
    )


def test_what_the_base_no_longer_says_has_moved_on_too() -> None:
    said = refused(overlay("at: matter.clocks.signing.expires, was: remind, is: remind, cites: LOCAL 9 (L)"))
    assert "the base says 'nothing', not 'remind'" in said


def test_an_old_value_must_be_stated() -> None:
    assert "the base already says '3 workdays'; state it as 'was'" in refused(
        overlay("at: matter.clocks.signing.within, is: 2 workdays, cites: LOCAL 9 (L)")
    )


@pytest.mark.parametrize(
    "place", ["matter", "matter.clocks.sining.within", "matter.nothing.at.all", "matter.title.zh", "matter.ends_in.0"]
)
def test_a_place_that_is_not_there_is_a_fault(place: str) -> None:
    assert "there is no such place" in refused(overlay(f"at: {place}, is: x, cites: LOCAL 9 (L)"))


def test_an_overlay_is_made_for_one_version() -> None:
    assert "made for matter version 2, but version 1 is here; review it" in refused(
        overlay(SHORTER, head="over: {matter: 2}")
    )
    assert "'mater' is no definition" in refused(overlay(SHORTER.replace("matter.", "mater."), head="over: {mater: 1}"))


def test_two_overlays_stack_in_order_and_the_later_states_what_the_earlier_said() -> None:
    later = overlay(
        "at: matter.clocks.signing.within, was: 2 workdays, is: 1 workdays, cites: LOCAL 12 (L)", name="district"
    )
    both = composed(overlay(SHORTER), later)
    assert (both.name, both.clocks["signing"].period) == ("matter@1+yunzhou@1+district@1", Period(1, "workday"))
    assert [str(cite) for cite in both.clocks["signing"].cites] == ["LOCAL 12 (L)", "LOCAL 9 (L)", "LOCAL 5 (L)"]
    assert "not '2 workdays'; the base has moved on" in refused(later)


def versioned(text: str, version: int, in_force: str) -> Any:
    text = text.replace("version: 1", f"version: {version}", 1)
    return read(text.replace("in_force: 2026-01-01", f"in_force: {in_force}", 1), f"v{version}.yaml")


def rules(version: int, in_force: str, over: str, *changes: str) -> Any:
    lines = "".join(f"\n  - {{{change}}}" for change in changes) or " []"
    head = f"overlay: yunzhou\nversion: {version}\nin_force: {in_force}\nover: {over}\nchanges:{lines}\n"
    return read(head, f"yunzhou-{version}.yaml")


def library(documents: list[Any], overlays: list[Any]) -> Library:
    return Library.of(BOOK, [load(one.source, BOOK, one.overlays) for one in compose(documents, overlays)])


def test_a_later_version_of_an_overlay_takes_the_place_of_the_earlier_from_its_day_on() -> None:
    one = rules(1, "2026-07-01", "{matter: 1}", SHORTER)
    two = rules(2, "2027-01-01", "{matter: 1}", SHORTER.replace("2 workdays", "1 workdays"))
    found = library([read(BASE)], [one, two])
    assert [found.in_force("matter", day).name for day in ("2026-06-30", "2026-07-01", "2027-01-01")] == [
        "matter@1",
        "matter@1+yunzhou@1",
        "matter@1+yunzhou@2",
    ]
    assert found.in_force("matter").clocks["signing"].period == Period(1, "workday")


def test_a_new_version_of_a_procedure_takes_effect_over_older_local_rules_with_its_own() -> None:
    later = versioned(BASE, 2, "2027-01-01")
    old, new = rules(1, "2026-07-01", "{matter: 1}", SHORTER), rules(2, "2026-09-01", "{matter: 2}", SHORTER)
    found = library([read(BASE), later], [old, new])
    assert found.in_force("matter", "2026-12-31").name == "matter@1+yunzhou@1"
    assert found.in_force("matter", "2027-01-01").name == "matter@2+yunzhou@2"
    assert found.in_force("matter", "2027-01-01").in_force == "2027-01-01"
    with pytest.raises(DefinitionError, match="made for matter version 1, but version 2 is here"):
        library([read(BASE), later], [old])


def test_a_later_version_of_an_overlay_names_what_the_earlier_one_changed() -> None:
    one, other = (
        rules(1, "2026-07-01", "{matter: 1}", SHORTER),
        versioned(BASE.replace("procedure: matter", "procedure: other"), 1, "2026-01-01"),
    )
    with pytest.raises(DefinitionError, match="an earlier version changes 'matter'; name it, without a change"):
        library([read(BASE), other], [one, rules(2, "2027-01-01", "{other: 1}")])
    given_up = library([read(BASE)], [one, rules(2, "2027-01-01", "{matter: 1}")])
    assert given_up.in_force("matter", "2027-01-01").clocks["signing"].period == Period(3, "workday")


def test_an_overlay_adds_a_choice_to_a_field() -> None:
    added = composed(overlay("at: matter.fields.verdict.choice.third, is: 第三种 | third, cites: LOCAL 3 (L)"))
    assert [*added.fields["verdict"].choices][-1] == "third"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at: matter.clocks.signing.within, is: 2 workdays", "change 1 needs cites"),
        ("is: 2 workdays, cites: LOCAL 9 (L)", "change 1 needs at"),
        (
            "at: other.clocks.signing.within, is: 2 workdays, cites: LOCAL 9 (L)",
            "is to 'other', which 'over' does not name",
        ),
        ("at: matter.clocks.signing.within, was: 3 workdays, is: 2 workdays, cites: by order", "is not a citation"),
    ],
)
def test_a_change_that_is_none_is_a_fault(text: str, said: str) -> None:
    assert said in refused(overlay(text))


@pytest.mark.parametrize(
    "text", ["overlay: x", "overlay: x\nversion: 1\nin_force: 2026-07-01\nover: matter\nchanges: [5]", "title: x"]
)
def test_what_is_no_overlay_is_a_fault_not_a_crash(text: str) -> None:
    assert "overlay" in refused(read(text, "x.yaml"))


# -- what verified law fixes


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # gates
        ("at: matter.gates.parts_back.severity, is: warn", "may not be lowered to a warning"),
        ("at: matter.gates.parts_back.unless, is: {urgent: true}", "may not be changed; add one of your own"),
        ("at: matter.gates.parts_back.when, is: {urgent: false}", "may not be changed"),
        ("at: matter.gates.parts_back.that.part, was: {open: none}, is: {open: some}", "may not be changed"),
        ("at: matter.gates.parts_back.that.part.open, was: none, is: some", "may not be changed"),
        ("at: matter.gates.parts_back.cites, was: ACT 2 (V), is: practice (P)", "may not be changed"),
        # clocks
        ("at: matter.clocks.whole.within, was: 10 workdays, is: 11 workdays", "a maximum fixed by verified law may not be lengthened"),
        ("at: matter.clocks.whole.within, was: 10 workdays, is: 11 days", "may not be lengthened"),
        ("at: matter.clocks.whole.within, was: 10 workdays, is: months days", "may not be lengthened"),
        ("at: matter.clocks.whole.extension.up_to, was: 5 workdays, is: 6 workdays", "may not be lengthened"),
        ("at: matter.clocks.whole.extension.total, is: 30 workdays", "may not be lengthened"),
        ("at: matter.clocks.whole.extension.times, was: 1, is: 2", "'times' of a clock that rests on verified law"),
        ("at: 'matter.clocks.whole.pause', was: [waiting, part], is: [waiting, part, checking]", "'pause' of a clock"),
        ("at: matter.clocks.whole.when, is: {urgent: true}", "'when' of a clock"),
        ("at: matter.clocks.whole.cites, was: ACT 1 (V), is: practice (P)", "'cites' of a clock"),
        ("at: matter.clocks.rest.at_least, was: 3 workdays, is: 2 workdays", "a minimum fixed by verified law may not be shortened"),
        ("at: matter.clocks.rest.at_least, was: 3 workdays, is: 3 days", "may not be shortened"),
        # actions, outcomes, fields
        ("at: matter.actions.hand_in.needs, was: [text_good, parts_back, thrifty], is: [text_good, thrifty]", "'parts_back' is asked for by verified law"),
        ("at: 'matter.actions.judge.not_by', was: [write, team], is: [team]", "'write' is asked for by verified law"),
        ("at: matter.actions.write.takes, was: [text], is: ['remark?']", "'text' is asked for"),
        ("at: matter.actions.judge.times, was: 1, is: 2", "'times' of an action"),
        ("at: matter.actions.finish.by, was: reviewer, is: officer", "'by' of an action"),
        ("at: matter.actions.finish.to, was: closed, is: working", "'to' of an action"),
        ("at: matter.outcomes.dropped.reason, was: remark, is: name", "'reason' of an outcome"),
        # the whole of it
        ("at: matter.gates.parts_back, was: {that: {part: {open: none}}, cites: ACT 2 (V), else: 协办未回 | A part is not back}, is: {that: {urgent: true}, cites: practice (P), else: 无 | none}", "as a whole is not for an overlay to replace"),
        ("at: matter.ends_in, was: [closed], is: [checking, closed]", "as a whole is not for an overlay to replace"),
    ],
)  # fmt: skip
def test_what_verified_law_fixes_is_not_weakened_by_any_detour(change: str, said: str) -> None:
    assert said in refused(overlay(f"{change}, cites: LOCAL 9 (L)"))


@pytest.mark.parametrize(
    "change",
    [
        "at: matter.gates.parts_back.else, was: 协办未回 | A part is not back, is: 协办单位未回 | A helper has not answered",
        "at: matter.gates.parts_back.severity, is: block",
        "at: matter.clocks.whole.within, was: 10 workdays, is: 8 workdays",
        "at: matter.clocks.whole.within, was: 10 workdays, is: 10 days",
        "at: matter.clocks.rest.at_least, was: 3 workdays, is: 5 workdays",
        "at: matter.clocks.whole.extension.up_to, was: 5 workdays, is: 3 workdays",
        "at: 'matter.actions.hand_in.needs', was: [text_good, parts_back, thrifty], is: [text_good, parts_back, thrifty, own]",
        "at: matter.gates.own, is: {that: {urgent: false}, cites: LOCAL 4 (L), else: 急件另办 | Urgent matters go elsewhere}",
        "at: matter.actions.judge.title, was: 评判 | Judge, is: 评议 | Assess",
        "at: matter.fields.verdict.choice.middling, is: 一般 | middling",
        "at: matter.fields.amount.range.at_most, was: 1000, is: 2000",
    ],
)
def test_what_is_stricter_or_a_local_matter_is_allowed(change: str) -> None:
    list(compose([read(BASE)], [overlay(f"{change}, cites: LOCAL 9 (L)")]))


def test_a_limit_fixed_by_verified_law_is_not_widened() -> None:
    verified = BASE.replace("range: {at_most: 1000}}", "range: {at_most: 1000}, cites: ACT 3 (V)}")
    for value, allowed in ((500, True), (2000, False)):
        one = overlay(f"at: matter.fields.amount.range.at_most, was: 1000, is: {value}, cites: LOCAL 9 (L)")
        if allowed:
            list(compose([read(verified)], [one]))
        else:
            with pytest.raises(DefinitionError, match="may not be widened from '1000' to '2000'"):
                list(compose([read(verified)], [one]))


def test_a_refusal_under_local_law_cites_it_first() -> None:
    text = BASE.replace(
        "thrifty:    {that: {not: {amount: {more_than: 500}}}, cites: practice (P)",
        "thrifty:    {that: {not: {amount: {more_than: 500}}}, severity: block, cites: LOCAL 3 (L); practice (P)",
    )
    city = City(text)
    assert str(city.procedure.gates["thrifty"].cites[0]) == "LOCAL 3 (L)"
