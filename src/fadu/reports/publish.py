"""Publishing a chapter: every figure in it frozen at one moment, under the note that names the chapter."""

from fadu.figures import publish as publishing
from fadu.figures.declared import find, owner_of
from fadu.figures.models import Snapshot
from fadu.reports.chapter import Composed
from fadu.units.models import Person


def may_publish(person: Person, made: Composed) -> bool:
    """Whoever may publish every figure of it; asked once for each office that owns one."""
    figures = (find(note.measure.key) for note in made.notes)
    by_owner = {owner_of(figure).name: figure for figure in figures}
    return bool(by_owner) and all(publishing.may_publish(person, figure) for figure in by_owner.values())


def publish_chapter(made: Composed, by: Person, note: str) -> list[Snapshot]:
    """What was published and still stands is left as it is; what was not, or has moved since, is frozen now."""
    year = str(made.year)
    wanted = [one.measure for one in made.notes if one.measure.query["period"] == year and not one.measure.is_change]
    moved = [one.key for one in wanted if one.number is not None and (one.snapshot is None or one.now)]
    with publishing.one_moment():
        return [publishing.publish(find(key), made.year, by, note) for key in dict.fromkeys(moved)]
