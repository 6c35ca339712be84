"""What every check asks of a procedure: its lines, its conditions, who leads where, and what may have happened by then."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from fadu.kernel.condition import All, AnyOf, Condition, Not, RowTest, leaves
from fadu.kernel.definition import PREVIOUS, STAY, Action, Procedure, Table
from fadu.kernel.library import Library
from fadu.kernel.source import Fault, Map


@dataclass(frozen=True)
class Reading:
    """One procedure being checked, with the library it stands in."""

    procedure: Procedure
    library: Library

    def fault(self, line: int, rule: str, advice: str) -> Fault:
        local = f" (with {', '.join(self.procedure.overlays)})" if self.procedure.overlays else ""
        return Fault(self.procedure.file, line, rule, advice + local)

    def line_of(self, section: str, key: str = "") -> int:
        """The line of a section of the file, or of one entry in it."""
        document = self.procedure.document
        part = document.get(section)
        if key and isinstance(part, Map):
            return part.line_of(key)
        return document.line_of(section) if isinstance(document, Map) else 0

    # -- the way through the stages ----------------------------------------------------------------------------------

    @cached_property
    def entered(self) -> frozenset[str]:
        """Stages that an opening action leads to."""
        found = {
            target for action in self.procedure.actions.values() if action.is_opening for target in action.targets()
        }
        return frozenset(found & set(self.procedure.stages))

    @cached_property
    def nexts(self) -> Mapping[str, frozenset[str]]:
        """The stages each stage can be followed by."""
        return {stage: frozenset(self._nexts_of(stage)) for stage in self.procedure.stages}

    def _nexts_of(self, stage: str) -> Iterator[str]:
        for action in self.procedure.standing[stage]:
            yield from self.targets_from(action, stage)

    def targets_from(self, action: Action, stage: str) -> Iterator[str]:
        """Where an action can lead when done in a stage; `previous` is any stage that led here."""
        for target in action.targets():
            if target == STAY:
                yield stage
            elif target == PREVIOUS:
                yield from (
                    source
                    for source in self.procedure.stages
                    if any(stage in move.targets() for move in self.procedure.standing[source])
                )
            else:
                yield target

    def onward(self, starts: frozenset[str] | set[str]) -> set[str]:
        """The starts and every stage that can follow them."""
        found, open_ends = set(starts), list(starts)
        while open_ends:
            for following in self.nexts[open_ends.pop()] - found:
                found.add(following)
                open_ends.append(following)
        return found

    @cached_property
    def reached(self) -> frozenset[str]:
        return frozenset(self.onward(self.entered))

    @cached_property
    def doable(self) -> frozenset[str]:
        """Actions that stand in some stage a case can reach."""
        opening = {action.key for action in self.procedure.actions.values() if action.is_opening}
        return frozenset(opening | {a.key for stage in self.reached for a in self.procedure.standing[stage]})

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """For each stage, every action that may have been done before or in it."""
        found: dict[str, set[str]] = {stage: set() for stage in self.procedure.stages}
        for action in self.procedure.actions.values():
            if action.is_opening:
                for target in set(action.targets()) & set(found):
                    found[target].add(action.key)
        moved = True
        while moved:
            moved = sum(self._pass_on(stage, found) for stage in self.reached) > 0
        return {stage: frozenset(actions) for stage, actions in found.items()}

    def _pass_on(self, stage: str, found: dict[str, set[str]]) -> bool:
        moved = False
        for action in self.procedure.standing[stage]:
            for target in self.targets_from(action, stage):
                fresh = (found[stage] | {action.key}) - found[target]
                found[target] |= fresh
                moved = moved or bool(fresh)
        return moved

    def done_by_then(self, action: Action) -> set[str]:
        """Every action that may precede an action."""
        stages = [stage for stage in self.reached if action in self.procedure.standing[stage]]
        return {key for stage in stages for key in self.before[stage]}

    # -- where values come from ---------------------------------------------------------------------------------------

    @cached_property
    def takers(self) -> Mapping[str, frozenset[str]]:
        """The actions that take each field."""
        found: dict[str, set[str]] = {key: set() for key in self.procedure.fields}
        for action in self.procedure.actions.values():
            for asked in action.takes:
                found[asked.field].add(action.key)
        return {key: frozenset(actions) for key, actions in found.items()}

    def is_ever_set(self, field: str) -> bool:
        defined = self.procedure.fields.get(field)
        return field == "case_unit" or (
            defined is not None and bool(self.takers[field] & self.doable or defined.is_derived)
        )

    @cached_property
    def shown(self) -> frozenset[str]:
        """Every name that a letter or a view shows."""
        letters = {name for letter in self.procedure.letters.values() for name in letter.shows}
        return frozenset(letters | {name for view in self.procedure.publication.values() for name in view.shows})

    # -- every condition, with its place -------------------------------------------------------------------------------

    @cached_property
    def conditions(self) -> tuple[tuple[str, int, Condition], ...]:
        """(what it belongs to, line, condition) of the whole definition."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[tuple[str, int, Condition]]:
        procedure = self.procedure
        places: list[tuple[str, int, Iterable[Condition | None]]] = [
            *(
                (f"gate '{key}'", gate.line, (gate.that, gate.when, gate.unless))
                for key, gate in procedure.gates.items()
            ),
            *(
                (f"field '{key}'", field.line, (field.when, *_tests_of(field.derived)))
                for key, field in procedure.fields.items()
            ),
            *(
                (f"action '{key}'", action.line, _tests_of(action.to, action.outcome_table))
                for key, action in procedure.actions.items()
            ),
            *((f"clock '{key}'", clock.line, (clock.when,)) for key, clock in procedure.clocks.items()),
            *(
                (f"child '{key}'", child.line, (child.where and RowTest(child.rows, "some", child.where),))
                for key, child in procedure.children.items()
            ),
            *((f"letter '{key}'", letter.line, (letter.when,)) for key, letter in procedure.letters.items()),
            *((f"view '{key}'", view.line, (view.when,)) for key, view in procedure.publication.items()),
            ("calendar", self.line_of("shows"), [procedure.shows.calendar.when if procedure.shows.calendar else None]),
            *(
                (f"light '{light.colour}'", self.line_of("lights", light.colour), (light.when,))
                for light in procedure.lights
            ),
        ]
        return ((what, line, part) for what, line, parts in places for part in parts if part is not None)


def _tests_of(*tables: str | Table) -> list[Condition | None]:
    """The conditions of first-match tables; a plain name holds none."""
    return [test for table in tables if not isinstance(table, str) for _, test in table]


def tests(condition: Condition | None) -> Iterator[Condition]:
    """Every test in a condition, those on rows and children included."""
    for leaf in leaves(condition):
        yield leaf
        if isinstance(leaf, RowTest):
            yield from tests(leaf.of)


def required(condition: Condition) -> Iterator[Condition]:
    """The tests that must all hold for the condition to hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from required(part)
    elif not isinstance(condition, AnyOf | Not):
        yield condition
