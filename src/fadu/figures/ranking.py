"""A declared ranking counted for a period over the whole office, and said in words: the rules, and each unit's reasons.

What takes it (a round of rewards) records rows and digest in its own ledger, so that a later count cannot change them.
"""

from functools import cached_property
from typing import Any

from fadu.figures.declared import find, rankings
from fadu.figures.measure import Counter
from fadu.figures.span import Span
from fadu.kernel.figure import digest_of
from fadu.kernel.law import Text
from fadu.kernel.ranking import Number, Part, Placed, Ranking, placed

__all__ = ["Ranked", "UnknownRanking", "named", "rules", "spelt"]


class UnknownRanking(KeyError):
    """No file declares a ranking of this key."""


def named(key: str) -> Ranking:
    """Raises UnknownRanking."""
    found = rankings()
    if key not in found:
        raise UnknownRanking(key)
    return found[key]


class Ranked:
    """One ranking in one period."""

    def __init__(self, ranking: Ranking, span: Span) -> None:
        self.ranking, self.span = ranking, span

    @cached_property
    def placed(self) -> list[Placed]:
        ranking, counter = self.ranking, Counter()
        keys = {*(part.figure.key for part in ranking.parts), *ranking.least, *ranking.ties}
        counted = {key: counter.measure(find(key), self.span).splits[ranking.by] for key in sorted(keys)}
        values = {key: {unit: number or 0 for unit, number in split.items()} for key, split in counted.items()}
        return placed(ranking, values)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As the list of a round holds them."""
        return [
            {"place": one.place, "unit": one.unit, "score": one.score, "reasons": reasons(one).zh}
            for one in self.placed
        ]

    @property
    def digest(self) -> str:
        """Over the rules, the period and every place: what the rows were before anybody changed one."""
        return digest_of(self.ranking.digest, str(self.span), self.rows)


# -- in words ----------------------------------------------------------------------------------------------------------


def rules(ranking: Ranking) -> Text:
    """The rules as the round states them."""
    said = [_rule(part) for part in ranking.parts]
    said += [_least(find(key).title, least) for key, least in ranking.least.items()]
    said += [_tie(find(key).title) for key in ranking.ties]
    return Text("；".join(one.zh for one in said) + "。", "; ".join(one.en for one in said) + ".")


def reasons(one: Placed) -> Text:
    """Each figure with its value and the points it gave; what costs nothing is not said."""
    said = [_reason(part, value, points) for part, value, points in one.parts if value or not part.each]
    return Text("；".join(text.zh for text in said), "; ".join(text.en for text in said))


def _rule(part: Part) -> Text:
    title = part.figure.title
    if part.each:
        way = ("加", "adds") if part.each > 0 else ("扣", "takes")
        given = spelt(abs(part.each))
        return Text(
            f"{title.zh}，每{part.figure.unit.zh}{way[0]}{given}分", f"{title.en}: each {way[1]} {given} points"
        )
    most = spelt(part.weight)
    if part.figure.is_percent:
        return Text(f"{title.zh}，满分{most}分", f"{title.en}: up to {most} points")
    return Text(
        f"{title.zh}，满分{most}分，最多的单位得满分", f"{title.en}: up to {most} points, all of them for the most"
    )


def _least(title: Text, least: int) -> Text:
    return Text(f"{title.zh}不足{least}的不排名", f"units with fewer than {least} ({title.en}) are not ranked")


def _tie(title: Text) -> Text:
    return Text(f"得分相同的，{title.zh}多的在前", f"equal scores: more ({title.en}) goes first")


def _reason(part: Part, value: Number, points: Number) -> Text:
    title, unit = part.figure.title, part.figure.unit
    gained = f"得{spelt(points)}分" if points >= 0 else f"扣{spelt(-points)}分"
    return Text(
        f"{title.zh}{spelt(value)}{unit.zh}，{gained}", f"{title.en} {spelt(value)} {unit.en}: {spelt(points)} points"
    )


def spelt(value: Number) -> str:
    """Without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
