"""Whatever goes wrong is told as RFC 9457 problem details, in the language of the request; refusals with their articles."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from fadu.api.auth import OutOfScope
from fadu.api.parsing import Malformed, to_text
from fadu.api.words import refusal, say
from fadu.cases.act import Stale
from fadu.cases.files import TooLarge
from fadu.cases.formats import Unwelcome
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refused

# kind -> (status, title); the kind is the last part of the problem's `type`
KINDS: dict[str, tuple[int, Text]] = {
    "malformed": (400, Text("请求无法读取", "The request cannot be read")),
    "signed-out": (401, Text("请先登录或者提供令牌", "Sign in, or give a token")),
    "csrf": (403, Text("缺少 CSRF 令牌", "The CSRF token is missing or wrong")),
    "not-yours": (403, Text("不由您办理", "Not yours to do")),
    "scope": (403, Text("令牌没有这项权限", "The token is not good for this")),
    "not-found": (404, Text("没有找到", "Not found")),
    "wrong-verb": (405, Text("此处不支持这种请求方法", "This method is not supported here")),
    "refused": (409, Text("现在不能办理", "This cannot be done now")),
    "stale": (409, Text("事项已有新的记录，请看过再办", "The case has moved on; read the new entries first")),
    "too-large": (413, Text("超过大小上限", "Too large")),
    "unfit": (422, Text("内容不合要求", "The content is not fit")),
}
_OF_DATA = frozenset({"unknown", "not_asked", "kind", "required", "range", "reason", "outcome"})
_OF_PERSON = frozenset({"by", "not_by"})


class Unfit(Exception):
    """Input that cannot be used; `place` names the parameter or field."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.place, self.text = place, Text(zh, en)


def problem(kind: str, detail: str = "", **more: Any) -> HttpResponse:
    """One answer of type application/problem+json."""
    status, title = KINDS[kind]
    body = {"type": f"urn:fadu:problem:{kind}", "title": say(title), "status": status, "detail": detail or say(title)}
    response = HttpResponse(to_text({**body, **more}), status=status, content_type="application/problem+json")
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="fadu"'
    return response


def refused(found: Refused) -> HttpResponse:
    """403 when the person may not, 404 for an action that does not exist, 422 for the data, else 409: not now."""
    detail = "；".join(say(item.text) for item in found.refusals)
    return problem(_kind_of(found), detail, refusals=[refusal(item) for item in found.refusals])


def _kind_of(found: Refused) -> str:
    gates = {item.gate for item in found.refusals}
    of_data = any(item.field and item.gate in _OF_DATA for item in found.refusals)
    if gates & _OF_PERSON:
        return "not-yours"
    if "action" in gates:
        return "not-found"
    return "unfit" if of_data else "refused"


def _stale(found: Stale) -> HttpResponse:
    entries = [{"seq": entry.seq, "action": entry.action, "actor": entry.actor_id} for entry in found.entries]
    return problem("stale", entries=entries)


def _unfit(found: ValidationError) -> HttpResponse:
    errors = [{"place": _place(one["loc"]), "text": one["msg"]} for one in found.errors]
    return problem("unfit", "; ".join(f"{one['place']}: {one['text']}" for one in errors), errors=errors)


def _place(loc: Sequence[Any]) -> str:
    """`data.matter`, `size`: where ninja says in which model of which part of the request, the name alone is enough."""
    source, *path = (str(part) for part in loc)
    return ".".join(path[1:] if source == "body" else path) or source


def _http(found: HttpError) -> HttpResponse:
    if isinstance(found, AuthenticationError):
        return problem("signed-out")
    if isinstance(found.__cause__, Malformed):
        return problem("malformed", say(found.__cause__.text))
    return problem("csrf" if found.status_code == 403 else "malformed", str(found))


_ANSWERS: dict[type[Exception], Callable[[Any], HttpResponse]] = {
    Refused: refused,
    Stale: _stale,
    Unfit: lambda found: problem("unfit", say(found.text), errors=[{"place": found.place, "text": say(found.text)}]),
    Unwelcome: lambda found: problem("unfit", say(found.text)),
    TooLarge: lambda found: problem("too-large", say(found.text)),
    ValidationError: _unfit,
    HttpError: _http,
    OutOfScope: lambda found: problem("scope"),
    Http404: lambda found: problem("not-found"),
    RequestDataTooBig: lambda found: problem("too-large"),
    SuspiciousOperation: lambda found: problem("malformed"),
    MultiPartParserError: lambda found: problem("malformed", str(found)),
}


def answer_all(api: NinjaAPI) -> None:
    """Register an answer for every fault that is the asker's; what is ours stays a 500 and reaches the log."""
    for fault, answer in _ANSWERS.items():
        api.add_exception_handler(fault, _handler(answer))


def _handler(answer: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, found: answer(found)


def spoken(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose refusals of the method and of the address are problems too."""

    @wraps(view)
    def telling(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return problem("not-found")
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        told = problem("wrong-verb")
        told["Allow"] = response["Allow"]
        return told

    return telling


def nothing_here(_request: HttpRequest) -> HttpResponse:
    """Any other address under the API."""
    return problem("not-found")
