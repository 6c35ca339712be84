"""At which of their units somebody opens a case."""

from fadu.api.reader import Reader
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.units.models import Unit


def office_of(reader: Reader, procedure: Procedure, code: str) -> Unit:
    """The unit where the asker opens: the one named, or the first whose post may; the deed itself checks the role."""
    roles = {who.name for who in procedure.opening.by if who.kind == "role"}
    units = [post.unit for post in sorted(reader.held, key=lambda post: post.role not in roles)]
    found = next((unit for unit in units if code in ("", unit.code)), None)
    if found is None:
        words = (
            Text("您在该单位没有岗位", "You hold no post in that unit")
            if code
            else Text("不由您办理", "Not yours to do")
        )
        raise Refused((Refusal("by", words),))
    return found
