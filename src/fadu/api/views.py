"""The operations under /api/v1/. Each finds, performs or lists; nothing here knows one procedure from another."""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, NinjaAPI, Query
from ninja.files import UploadedFile
from ninja.operation import Operation
from ninja.responses import Status

from fadu.api import asked, figures, imports, jobs, notices, openapi, papers, procedures, records
from fadu.api.auth import Session, Token, asker, insist_unlimited
from fadu.api.offices import office_of
from fadu.api.paging import paged
from fadu.api.parsing import PlainRenderer, StrictParser
from fadu.api.problems import Unfit, answer_all
from fadu.api.procedures import in_force
from fadu.api.reader import Reader
from fadu.api.words import Json, refusal
from fadu.cases import definitions, listing
from fadu.cases.act import Occasion, act, act_all, choices, note, open_case, rectify
from fadu.cases.certificates import certificate_json
from fadu.cases.files import TooLarge, serve_file, store_bytes
from fadu.cases.leading import prefill
from fadu.cases.links import link
from fadu.cases.models import Case, Entry
from fadu.cases.preview import preview
from fadu.figures import present
from fadu.figures.declared import UnknownFigure, find
from fadu.figures.publish import NotPublishable, may_publish, publish
from fadu.jobs.queue import ask
from fadu.kernel.law import Text
from fadu.kernel.refusal import Refusal, Refused
from fadu.kernel.state import State
from fadu.search.match import matching
from fadu.units import tokens
from fadu.units.models import ApiToken, Scope, Unit


class Interface(NinjaAPI):
    """Operations are called by the names of their functions."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Interface(
    title="法度 Fadu",
    version="1",
    description="每一项程序的接口都由其定义生成 | every procedure's interface is made from its definition",
    openapi_url=None,
    urls_namespace="api",
    auth=[Token(), Session()],
    parser=StrictParser(),
    renderer=PlainRenderer(),
)
answer_all(api)
api.add_router("", notices.router)
api.add_router("", jobs.router)
api.add_router("", imports.router)
api.add_router("", papers.router)
ENTRIES = 200  # ledger lines in one answer


# -- definitions -------------------------------------------------------------------------------------------------------


@api.get("/procedures", summary="程序一览 | All procedures")
def list_procedures(request: HttpRequest) -> Json:  # noqa: ARG001  # ninja hands it over
    return {"items": [procedures.brief(procedure) for procedure in definitions.everything().values()]}


@api.get("/procedures/{key}", summary="一项程序 | One procedure")
def get_procedure(request: HttpRequest, key: str) -> Json:  # noqa: ARG001  # ninja hands it over
    return procedures.whole(in_force(key))


@api.get("/units", summary="单位 | Units")
def list_units(request: HttpRequest) -> Json:  # noqa: ARG001  # ninja hands it over
    return {"items": [_unit(unit) for unit in Unit.objects.order_by("path")]}


def _unit(unit: Unit) -> Json:
    return {
        "code": unit.code,
        "name": {"zh": unit.name_zh, "en": unit.name_en},
        "kind": unit.kind,
        "path": unit.path,
        "since": unit.since.isoformat() if unit.since else None,
        "until": unit.until.isoformat() if unit.until else None,
    }


# -- cases -------------------------------------------------------------------------------------------------------------


@api.get("/procedures/{key}/cases", summary="台账 | The ledger of a procedure")
def list_cases(request: HttpRequest, key: str, narrowing: Query[asked.Narrowing]) -> HttpResponse:
    asked.known_only(request, narrowing)
    reader, procedure = Reader.of(request), in_force(key)
    reader.insist(procedure.key)
    rows = listing.ledger(reader.person, procedure.key, narrowing.filters(procedure))
    return paged(request, reader, rows, narrowing, narrowing.sort)


@api.post("/procedures/{key}/cases", summary="登记 | Open a case", response={201: Any})
def post_case(request: HttpRequest, response: HttpResponse, key: str, opening: asked.Opening) -> Status[Json]:
    reader, procedure = Reader.of(request), in_force(key)
    reader.insist(procedure.key)
    unit = office_of(reader, procedure, opening.unit)
    source = opening.source.pair if opening.source else None
    case = open_case(procedure.key, reader.person, opening.data, unit, opening.occasion(), source)
    response["Location"] = reverse("api:get_case", args=[case.pk])
    return Status(201, records.row(reader, case))


@api.get("/cases/{int:case_id}", summary="一个事项 | One case")
def get_case(request: HttpRequest, case_id: int) -> Json:
    reader = Reader.of(request)
    return records.detail(reader, reader.case(case_id))


@api.get("/cases/{int:case_id}/entries", summary="记录 | The ledger of a case")
def list_entries(request: HttpRequest, response: HttpResponse, case_id: int, after: int = 0) -> Json:
    reader = Reader.of(request)
    case = reader.case(case_id)
    found = list(Entry.objects.filter(case=case, seq__gt=after).select_related("actor").order_by("seq")[: ENTRIES + 1])
    rows, url = found[:ENTRIES], None
    if len(found) > ENTRIES:
        url = request.build_absolute_uri(f"{request.path}?after={rows[-1].seq}")
        response["Link"] = f'<{url}>; rel="next"'
    return {"items": [records.entry(reader, case, entry) for entry in rows], "next": url}


@api.get("/cases/{int:case_id}/clocks/{clock}/certificate", summary="期限凭据 | Why a term ends when it does")
def get_certificate(request: HttpRequest, case_id: int, clock: str) -> Json:
    case = Reader.of(request).case(case_id)
    state = State.from_json(case.state)
    if clock not in state.clocks:
        raise Http404
    defined = definitions.procedure_of(case.definition_id).clocks[clock]
    return certificate_json(defined, state.clocks[clock], state.data, definitions.calendar())


# -- deeds -------------------------------------------------------------------------------------------------------------


@api.get("/cases/{int:case_id}/actions", summary="可办的事 | What may be done")
def list_actions(request: HttpRequest, case_id: int) -> Json:
    reader = Reader.of(request)
    case = reader.case(case_id)
    procedure = definitions.procedure_of(case.definition_id)
    return {"seq": case.seq, "items": [records.choice(procedure, found) for found in choices(case, reader.person)]}


@api.post("/cases/{int:case_id}/actions/{action}", summary="办理 | Do an action")
def post_action(request: HttpRequest, case_id: int, action: str, deed: asked.Deed) -> Json:
    reader = Reader.of(request)
    case = reader.case(case_id)
    _insist_known(case, [action])
    return records.row(reader, act(case, action, reader.person, deed.data, deed.occasion()))


@api.post("/cases/{int:case_id}/actions", summary="一次办理几件 | Do several actions, all or none")
def post_actions(request: HttpRequest, case_id: int, deeds: asked.Deeds) -> Json:
    reader = Reader.of(request)
    case = reader.case(case_id)
    _insist_known(case, [one.action for one in deeds.actions])
    done = act_all(case, [(one.action, one.data) for one in deeds.actions], reader.person, deeds.occasion())
    return records.row(reader, done)


@api.post("/cases/{int:case_id}/actions/{action}/preview", summary="预查 | What would be found and refused")
def post_preview(request: HttpRequest, case_id: int, action: str, typed: asked.Typed) -> Json:
    """With what is typed so far; nothing is written. What hangs on something still to be typed is left out."""
    reader = Reader.of(request)
    case = reader.case(case_id)
    _insist_known(case, [action])
    foreseen = preview(case, action, reader.person, typed.data)
    return {"found": foreseen.found, "refusals": [refusal(item) for item in foreseen.refusals]}


@api.get(
    "/cases/{int:case_id}/leads/{action}/{procedure}", summary="转办预填 | What the opening of another case is given"
)
def get_lead(request: HttpRequest, case_id: int, action: str, procedure: str) -> Json:
    """File it with `source`, and both ledgers say which case led to which."""
    reader = Reader.of(request)
    given = prefill(reader.case(case_id), action, procedure, reader.person)
    if not given:
        raise Http404
    return {"data": given}


@api.post("/cases/{int:case_id}/notes", summary="备注 | Write a note", response={201: Any})
def post_note(request: HttpRequest, case_id: int, remark: asked.Remark) -> Status[Json]:
    """An entry that says something and changes nothing else; whoever may see the case may write one."""
    reader = Reader.of(request)
    return Status(201, records.row(reader, note(reader.case(case_id), reader.person, remark.text)))


@api.post("/cases/{int:case_id}/links", summary="关联事项 | Link with another case", response={201: Any})
def post_link(request: HttpRequest, case_id: int, linking: asked.Linking) -> Status[Json]:
    """An entry in both ledgers; answers with the other case. Who links must be able to see both."""
    reader = Reader.of(request)
    return Status(201, records.row(reader, link(reader.case(case_id), linking.number, reader.person)))


@api.post("/cases/{int:case_id}/rectifications", summary="更正最后一条 | Void the last entry", response={201: Any})
def post_rectification(request: HttpRequest, case_id: int, voiding: asked.Voiding) -> Status[Json]:
    """The case stands as before that entry; both stay in the ledger. Only the office that owns the procedure may."""
    reader = Reader.of(request)
    done = rectify(reader.case(case_id), reader.person, voiding.reason, Occasion(seen=voiding.seen))
    return Status(201, records.row(reader, done))


def _insist_known(case: Case, actions: Iterable[str]) -> None:
    known = definitions.procedure_of(case.definition_id).actions
    for action in actions:
        if action not in known:
            raise Refused((Refusal("action", Text(f"没有“{action}”这一步", f"there is no action '{action}'")),))


# -- files -------------------------------------------------------------------------------------------------------------


@api.post("/files", summary="上传 | Upload a file", response={201: Any})
def post_file(request: HttpRequest, file: File[UploadedFile]) -> Status[Any]:
    size = file.size or 0
    if size > TooLarge.most():
        raise TooLarge(size)
    return Status(201, store_bytes(file.read(), file.name or "", asker(request)))


@api.get("/cases/{int:case_id}/files/{sha256}", summary="下载 | Download a file of a case")
def get_file(request: HttpRequest, case_id: int, sha256: str) -> FileResponse:
    reader = Reader.of(request)
    return serve_file(reader.person, reader.case(case_id).pk, sha256)


# -- what waits, what is sought ----------------------------------------------------------------------------------------


@api.get("/inbox", summary="收件箱 | What waits for me")
def get_inbox(request: HttpRequest, tab: Query[asked.Tab]) -> HttpResponse:
    asked.known_only(request, tab)
    reader = Reader.of(request)
    box = listing.Inbox(reader.person, reader.held, reader.at)
    counts = listing.capped_counts({name: box.rows(name).filter(reader.scope) for name in asked.TABS})
    more = {"tab": tab.tab, "counts": counts, "counted_up_to": listing.CAP}
    return paged(request, reader, box.rows(tab.tab).filter(reader.scope), tab, more=more)


@api.get("/search", summary="搜索 | Search")
def get_search(request: HttpRequest, words: Query[asked.Words]) -> HttpResponse:
    """Newest first, over numbers and texts that are not private."""
    asked.known_only(request, words)
    reader = Reader.of(request)
    return paged(request, reader, matching(reader.cases, words.q), words, "new", {"q": words.q})


@api.get("/figures", summary="指标 | Figures")
def list_figures(request: HttpRequest, period: Query[asked.Period]) -> Json:
    """Counted over the cases the asker may see; `partial` says when there may be others."""
    asked.known_only(request, period)
    insist_unlimited(request)
    span = period.span()
    lines = present.lines(asker(request), span, period.domain)
    return {"period": str(span), "items": [figures.line(one) for one in lines]}


@api.get("/figures/{key}", summary="一个指标和它的依据 | One figure and the cases behind it")
def get_figure(request: HttpRequest, key: str, evidence: Query[asked.Evidence]) -> HttpResponse:
    asked.known_only(request, evidence)
    insist_unlimited(request)
    reader, span = Reader.of(request), evidence.span()
    try:
        sheet = present.sheet(reader.person, key, span, evidence.narrowed())
    except UnknownFigure:
        raise Http404 from None
    asked.one_of("split", evidence.split, [split.field for split in sheet.line.splits])
    return paged(request, reader, sheet.cases, evidence, "due", {"period": str(span), **figures.sheet(sheet)})


@api.post("/figures/{key}/snapshots", summary="公布指标 | Publish a figure", response={201: Any})
def post_snapshot(request: HttpRequest, key: str, publishing: asked.Publishing) -> Status[Json]:
    """Freezes the value of the whole office and the cases behind it; only who owns the procedure may."""
    insist_unlimited(request)
    try:
        figure = find(key)
    except UnknownFigure:
        raise Http404 from None
    if not may_publish(asker(request), figure):
        raise Refused((Refusal("by", Text("公布由本程序的主管科室办理", "Only the office that owns it may publish")),))
    try:
        snapshot = publish(figure, publishing.span(), asker(request), publishing.note)
    except NotPublishable as fault:
        raise Unfit("period", fault.text.zh, fault.text.en) from fault
    return Status(201, figures.frozen(snapshot))


# -- background work ---------------------------------------------------------------------------------------------------


@api.post("/procedures/{key}/exports", summary="导出台账 | Export a ledger", response={202: Any})
def post_export(request: HttpRequest, key: str, export: asked.Exporting) -> Status[Json]:
    """A background job; its file is at the job's address once it is done."""
    reader, procedure = Reader.of(request), in_force(key)
    reader.insist(procedure.key)
    title = Text(f"导出：{procedure.title.zh}", f"Export: {procedure.title.en}")
    return Status(202, jobs.line(ask("export", reader.person, {"procedure": procedure.key, **export.params()}, title)))


# -- tokens ------------------------------------------------------------------------------------------------------------


@api.get("/tokens", summary="我的令牌 | My tokens")
def list_tokens(request: HttpRequest) -> Json:
    return {"items": [_token(row) for row in ApiToken.objects.filter(person=asker(request))]}


@api.post("/tokens", summary="新令牌（只显示一次） | A new token, shown once", auth=[Session()], response={201: Any})
def post_token(request: HttpRequest, making: asked.Making) -> Status[Json]:
    """Only from a signed-in session: a token cannot make another."""
    for key in making.procedures:
        asked.one_of("procedures", key, definitions.library().keys)
    token, row = tokens.issue(asker(request), making.name, making.days, Scope(making.scope), making.procedures)
    return Status(201, {**_token(row), "token": token})


@api.delete("/tokens/{int:token_id}", summary="废止令牌 | Revoke a token", response={204: None})
def delete_token(request: HttpRequest, token_id: int) -> Status[None]:
    row = ApiToken.objects.filter(person=asker(request), pk=token_id).first()
    if row is None:
        raise Http404
    tokens.revoke(row)
    return Status(204, None)


def _token(row: ApiToken) -> Json:
    return {
        "id": str(row.pk),
        "name": row.name,
        "scope": row.scope,
        "procedures": row.procedures,
        "created": timezone.localtime(row.created).isoformat(timespec="minutes"),
        "expires": row.expires.isoformat(),
        "last_used": row.last_used.isoformat() if row.last_used else None,
        "revoked": row.revoked is not None,
    }


# -- the document ------------------------------------------------------------------------------------------------------


@api.get("/openapi.json", include_in_schema=False, url_name="openapi-json")
def get_openapi(request: HttpRequest) -> Json:  # noqa: ARG001  # ninja hands it over
    return openapi.document(api)
