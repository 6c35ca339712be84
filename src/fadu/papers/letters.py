"""A letter that an entry issued, as a document: put together from the definition and the case as it stood at that entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from fadu.cases.models import Case, Entry
from fadu.kernel.definition import Procedure
from fadu.kernel.law import Text
from fadu.kernel.state import State, fold
from fadu.kernel.values import inside
from fadu.papers.blocks import blocks_of
from fadu.papers.content import Content
from fadu.papers.paper import Block, Imprint, Paper, Paragraph, Run, grid, number_of, paragraphs, width
from fadu.papers.saying import Lang, Saying
from fadu.papers.then import Held, cases_then, shown_to, under
from fadu.papers.titles import title_lines

Body = Mapping[str, Any]
_ONE_LINE = 17  # characters
COPIES, ASKED = Text("抄送", "Copies to"), Text("办理要求", "What is asked")
BASIS, SIGNED, SENT_TO = Text("依据", "Basis"), Text("签发", "Issued by"), Text("发送", "Sent to")
EXTRACT = Text("节录", "EXTRACT")
HIDDEN = Text("有 {n} 项内容您无权查看，未列入。", "{n} parts that you may not see are left out.")
RECORD = Text("{procedure}第{seq}条记录，摘要 {digest}", "{procedure}, entry {seq}, digest {digest}")
READING_COPY = Text(
    "本件为英文参考译文，以中文正本为准。", "This is a reading copy in English; the document itself is the Chinese one."
)


class NoLetter(LookupError):
    """The entry issued no such letter."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter of a case's ledger."""

    seq: int
    key: str
    title: Text
    number: str
    day: str


def issued(procedure: Procedure, bodies: Iterable[Body]) -> Iterator[Issued]:
    """Every letter that entries issued, in their order. An entry that issued one is never voided."""
    for body in bodies:
        for one in body.get("letters", ()):
            letter = procedure.letters.get(one["letter"])
            if letter is not None:
                yield Issued(body["seq"], letter.key, letter.title, one.get("number", ""), body["day"])


def letter_paper(case: Case, seq: int, key: str, *, held: Held = None, lang: Lang = "zh") -> Paper:
    """The letter `key` of entry `seq`, as a reader holding these posts may see it. Raises NoLetter."""
    entries = list(Entry.objects.filter(case=case, seq__lte=seq).order_by("seq"))
    if not entries or entries[-1].seq != seq:
        raise NoLetter(seq)
    entry = entries[-1]
    content = _content(case, [entry.content for entry in entries], key, entry, held, lang)
    record = content.saying.text(RECORD)
    return replace(
        _paper(content),
        made=timezone.localtime(entry.recorded_at),
        subject=record.format(procedure=content.procedure.title.in_(lang), seq=seq, digest=entry.digest),
        stamp=content.saying.text(EXTRACT) if content.hidden else "",
    )


def _content(case: Case, until: Sequence[Body], key: str, entry: Entry, held: Held, lang: Lang) -> Content:
    body, procedure, state = until[-1], under(until, case), fold(until)
    one = next((one for one in body.get("letters", ()) if one["letter"] == key), None)
    if one is None or key not in procedure.letters:
        raise NoLetter(key)
    people = {*_ids(procedure, state, "person"), *map(int, filter(str.isdecimal, _actors(body, state)))}
    cases = cases_then(set(_ids(procedure, state, "case")), entry.recorded_at, held)
    seen = shown_to(held, procedure, case.government_id)
    saying = Saying.of(lang, people, cases)
    return Content(procedure, procedure.letters[key], state, body, one.get("number", ""), seen, saying)


def _actors(body: Body, state: State) -> set[str]:
    return {str(body["by"]), str(body.get("for", "")), *state.set_by.values()}


def _ids(procedure: Procedure, state: State, kind: str) -> Iterator[int]:
    for key, value in state.data.items():
        if key in procedure.fields:
            found = (str(one).removeprefix("person:") for _, one in inside(procedure.fields[key], value, kind))
            yield from (int(number) for number in found if number.isdecimal())


# -- the paper of each form --------------------------------------------------------------------------------------------


def _paper(content: Content) -> Paper:
    letter, saying = content.letter, content.saying
    heading = content.filled(letter.heading) if letter.heading else saying.text(letter.title)
    plain = Paper(
        form=letter.form,
        mark=content.filled(letter.mark) if letter.mark else "",
        title=title_lines(heading, content.organ) if saying.lang == "zh" else (heading,),
        number=number_of(content.number),
        organ=content.organ,
        date=content.day,
        lang=saying.lang,
        author=content.organ,
        keywords=tuple(dict.fromkeys(part for part in (content.number, content.state.number) if part)),
        foot=_foot(content),
    )
    return _MADE[letter.form](plain, content)


def _slip(plain: Paper, content: Content) -> Paper:
    mark = plain.mark or _mark(content.organ, content.saying.text(content.letter.title), plain.lang)
    return replace(plain, mark=mark, title=plain.title if content.letter.heading else (), blocks=tuple(_form(content)))


def _mark(organ: str, title: str, lang: Lang) -> str:
    """The organ and what the slip is, on one line where the type area takes it in a fair size."""
    one = f"{organ}{title}" if lang == "zh" else f"{organ} – {title}"
    return one if width(one) <= _ONE_LINE else f"{organ}\n{title}"


def _bulletin(plain: Paper, content: Content) -> Paper:
    sent = _labelled(content, SENT_TO, content.addressed(content.letter.to))
    return replace(
        plain,
        mark=plain.mark or content.saying.text(content.letter.title),
        issue=content.issue,
        blocks=tuple(_text(content)),
        imprint=Imprint((sent,)) if sent else None,
    )


def _letter(plain: Paper, content: Content) -> Paper:
    copies = _labelled(content, COPIES, content.addressed(content.letter.copies))
    return replace(
        plain,
        mark=plain.mark or content.organ,
        addressee=_addressee(content),
        blocks=tuple(_text(content)),
        attachments=tuple(_attachments(content)),
        imprint=Imprint((copies,)) if copies else None,
    )


def _document(plain: Paper, content: Content) -> Paper:
    letter = _letter(plain, content)
    copies = letter.imprint.lines if letter.imprint else ()
    printed = Text(f"{content.day}印发", f"issued {content.day}").in_(plain.lang)
    mark = plain.mark or content.organ + Text("文件", "").in_(plain.lang)
    return replace(letter, mark=mark, imprint=Imprint(copies, content.organ, printed))


_MADE = {"slip": _slip, "letter": _letter, "document": _document, "bulletin": _bulletin}


def _addressee(content: Content) -> str:
    named = content.addressed(content.letter.to)
    return named + Text("：", ":").in_(content.saying.lang) if named else ""


def _foot(content: Content) -> str:
    hidden = content.saying.text(HIDDEN).format(n=content.hidden) if content.hidden else ""
    copy = content.saying.text(READING_COPY) if content.saying.lang == "en" else ""
    return f"{hidden} {copy}".strip()


def _labelled(content: Content, label: Text, words: str) -> str:
    """`抄送：市审计局。`, or nothing to say."""
    return Text(f"{label.zh}：{words}。", f"{label.en}: {words}.").in_(content.saying.lang) if words else ""


# -- a slip: everything in one form ------------------------------------------------------------------------------------


def _form(content: Content) -> Iterator[Block]:
    """Answers in a form; what is a table by nature comes under it."""
    letter, text = content.letter, content.saying.text
    shown = [key for key in letter.shows if not _is_table(content, key)]
    answers = [
        *_receiver(content),
        *((content.title(key), content.said(key)) for key in shown),
        (text(COPIES), content.addressed(letter.copies)),
        (text(ASKED), "\n".join(content.paragraphs())),
        (text(BASIS), content.law),
        (text(SIGNED), content.signed),
    ]
    yield grid((title, words) for title, words in answers if words)
    for key in letter.shows:
        if key not in shown:
            yield from _blocks(content, key)


def _receiver(content: Content) -> Iterator[tuple[str, str]]:
    """Whom it goes to, unless that is among what it shows."""
    key = next((who.name for who in content.letter.to if who.name in content.procedure.fields), "")
    if not key or key not in content.letter.shows:
        title = content.title(key) if key and len(content.letter.to) == 1 else content.saying.text(SENT_TO)
        yield title, content.addressed(content.letter.to)


def _is_table(content: Content, key: str) -> bool:
    field = content.procedure.fields.get(key)
    return field is not None and field.kind == "list" and (bool(field.rows) or field.of == "case")


# -- a text: paragraphs, then what they did not say --------------------------------------------------------------------


def _text(content: Content) -> Iterator[Block]:
    for words in content.paragraphs():
        yield from paragraphs(words)
    for key in content.letter.shows:
        if key not in content.mentioned and not _is_attached(content, key):
            yield from _blocks(content, key)
    if content.law:
        yield Paragraph((Run(_labelled(content, BASIS, content.law)),))


def _blocks(content: Content, key: str) -> Iterator[Block]:
    """A field as paragraphs or as a table; a term as a sentence."""
    field = content.procedure.fields.get(key)
    if field is not None and key in content.seen:
        yield from blocks_of(field, content.value(key), content.saying, content.seen)
    elif field is None and content.said(key):
        yield Paragraph((Run(_labelled(content, content.procedure.clocks[key].title, content.said(key))),))


def _attachments(content: Content) -> Iterator[str]:
    for key in content.letter.shows:
        if _is_attached(content, key) and key in content.seen:
            for _, document in inside(content.procedure.fields[key], content.value(key), "document"):
                yield str(document.get("name", ""))


def _is_attached(content: Content, key: str) -> bool:
    field = content.procedure.fields.get(key)
    return field is not None and "document" in (field.kind, field.of)
