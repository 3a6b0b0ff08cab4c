"""Thousands of simulated attempts at questions of every kind: no answer of the site holds a canary before the release."""

import base64
import io
import json
import re
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from flask import Response
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import clock, ids
from app.extensions import db
from app.mail.models import MailMessage
from assessments.accommodations.models import Accommodation
from assessments.exams.models import Attempt, AttemptItem, Exam
from assessments.grading.kinds.realising import realise
from assessments.grading.kinds.registry import KINDS, kind
from assessments.items import pictures
from assessments.items.models import Item, ItemBank, ItemComment, ItemTag
from assessments.results.models import Result
from tests.assessments.grading.item_contents import KIND_NAMES, OTHER_EXAMPLES
from tests.assessments.items.test_pictures import png
from tests.factories.assessments import definition, exam_of, questions_of, run_jobs
from tests.factories.people import PersonFactory
from tests.factories.practicals import pdf
from tests.support.canaries import ANSWER, NEAR_ANSWER, NEARNESS, NEED, WORD, sniff, told_by
from tests.support.visitor import Visitor

DRAWN, PILOTS = 5, 1
KEY_WORDS = ("feedback", '"right"', "accepted", "tolerance", "guidance", "regions", "is_pilot", "pilot", "credit")
CHANGING = ("Content-Length", "Content-Security-Policy", "Set-Cookie", "Date", "X-Request-Id")
MOMENTS = ("seq", "now", "saved_at")
PICTURE = re.compile(r"/items/media/[A-Za-z0-9_.-]+")
UNITS = [{"text": "min", "factor": "1"}, {"text": "h", "factor": "60"}, {"text": "kg"}]
GUIDANCE = f"{WORD} for markers"


# ---- The bank: every kind, with canaries in whatever a candidate may not see


def _hidden(row: dict[str, Any]) -> dict[str, Any]:
    """A part of an item with canaries in what it keeps to itself."""
    changed: dict[str, Any] = {"feedback": f"{WORD} of a part"}
    if "accepted" in row:
        changed["accepted"] = [f"{WORD} word", "sales"]
    if "answer" in row:
        changed |= {"answer": ANSWER, "tolerance": NEARNESS}
    if "options" in row:
        changed["options"] = [option | {"feedback": f"{WORD} of an option"} for option in row["options"]]
    return row | changed


def _canaries(name: str, made: dict[str, Any]) -> dict[str, Any]:
    """The fields of an item of this kind that hold its key, each with a canary."""
    if name == "numeric":
        return {"answer": ANSWER, "tolerance": NEARNESS}
    if name == "short_text":
        return {"accepted": [f"{WORD} word", "sales"]}
    if name in ("essay", "file_answer"):
        return {"marks": [_secret_mark(mark) for mark in made["marks"]]}
    if name == "parametrised":
        return _parametrised(made)
    lists = {"options", "gaps", "places", "labels"} & made.keys() if name != "inline_choice" else {"gaps"}
    fields: dict[str, Any] = {field: [_hidden(row) for row in made[field]] for field in lists}
    return fields | ({"picture": made["picture"] | {"file": f"{WORD}-desk.png"}} if "picture" in made else {})


def _secret_mark(mark: dict[str, Any]) -> dict[str, Any]:
    """An aspect that people mark: candidates know its title and its points, not what is looked for."""
    return mark | {"guidance": GUIDANCE, "descriptors": [f"{WORD} {n}" for n in range(mark["points"] + 1)]}


def _parametrised(made: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        row | {"formula": f"people * hours + {ANSWER}"} if "formula" in row else row for row in made["parameters"]
    ]
    template = made["template"] | {"tolerance": NEARNESS}
    return {"parameters": parameters, "template": template, "feedback": f"{WORD}: {{people}} times {{hours}}"}


def secretive(code: str, name: str, **changes: Any) -> dict[str, Any]:
    """An item of one kind whose code, technique, feedback and key are canaries."""
    made = definition(code, name)
    made |= {"feedback": f"{WORD} feedback", "technique": WORD, "stem": f"What is right at {code[9:]}?"}
    made |= _canaries(name, made)
    return made | changes


def bank() -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Two items of every kind, one with units, and the bytes of their pictures by file name."""
    data = png(words=f"{WORD} in the picture's own words")
    made = [
        secretive(f"ZQCANARY-{name}-{number}".replace("_", "-"), name)
        for name in (*KIND_NAMES, *OTHER_EXAMPLES)
        for number in range(2)
    ]
    made.append(secretive("ZQCANARY-units", "numeric", unit="", units=UNITS))
    for item in made:
        if "picture" in item:
            item["picture"] = item["picture"] | {"sha256": pictures.sha256_of(data)}
        if item.get("unit") == "":
            del item["unit"]
    return made, {f"{WORD}-desk.png": data}


@pytest.fixture
def exam(app) -> Exam:
    """An exam over that bank whose results nobody has released; some of its questions are pilots."""
    made, media = bank()
    found = exam_of(made, draw=DRAWN, is_auto_released=False, pilots=PILOTS)
    pictures.keep_pictures(made, media)
    db.session.get_one(ItemBank, found.bank_id).title = f"{WORD} bank"
    items = db.session.scalars(select(Item).where(Item.bank_id == found.bank_id)).all()
    for item in items:
        item.is_pilot = item.code.endswith("-1")
        db.session.add(ItemTag(item_id=item.id, tag=WORD))
        note = ItemComment(item_id=item.id, public_id=ids.new_public_id(), number=1, text=WORD, by="x", at=clock.now())
        db.session.add(note)
    db.session.commit()
    return found


# ---- A candidate whose every answer is looked through


class Candidate(Visitor):
    """A browser that reads everything it is sent, and fails at the first canary."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._token = ""
        self.statuses: set[tuple[str, int]] = set()
        self.answers = 0

    def token(self) -> str:
        """The token of this browser; one page is asked for it, once."""
        self._token = self._token or super().token()
        return self._token

    def _open(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        but, words = kwargs.pop("but", ""), kwargs.pop("words", KEY_WORDS)
        db.session.commit()
        response = self._alone(self.client.open, path, method=method, buffered=True, **kwargs)
        db.session.rollback()
        self.answers += 1
        self.statuses.add((method, response.status_code))
        assert response.status_code < 500, f"{method} {path}: {response.status_code}"
        found = told_by(response, but)
        assert not found, f"{method} {path} ({response.status_code}) tells: {found}"
        if response.mimetype in ("text/html", "application/json"):
            text = response.get_data(as_text=True)
            told = [word for word in words if word in text]
            assert not told, f"{method} {path} ({response.status_code}) tells {told}"
        return response

    def ask(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """Any request, with nothing added."""
        return self._open(method, path, **kwargs)


def join(app: Any, number: int) -> Candidate:
    """A new candidate; one in five has accommodations, told to the office in private words."""
    person = PersonFactory(name=f"Candidate {number}")
    if number % 5 == 0:
        given = {"time_percent": 25, "breaks": 1, "break_minutes": 10, "larger_text": True, "state": "approved"}
        told = {"needs": f"{NEED} reader", "evidence": f"{NEED} letter", "decision_note": f"{NEED} note"}
        row = Accommodation(
            public_id=ids.new_public_id(), person_id=person.id, asked_by="x", asked_at=clock.now(), **given, **told
        )
        db.session.add(row)
    visitor = Candidate(app)
    visitor.sign_in(person)
    return visitor


def right_and_wrong(question: AttemptItem) -> tuple[Any, Any]:
    """An answer that earns the point and one that does not, without a canary in either; alike where people mark."""
    content = realise(question.item_version.content, question.order)
    if question.item_version.kind in ("essay", "file_answer"):
        return ("Dear colleague, it is done.", "No.") if question.item_version.kind == "essay" else (None, None)
    right = _without_canaries(kind(content["kind"]).right_response(content))
    assert kind(content["kind"]).score(content, kind(content["kind"]).normalise(content, right)).exact == 1
    return right, _wrong(content, right)


def _without_canaries(right: Any) -> Any:
    if isinstance(right, dict):
        return {name: _without_canaries(value) for name, value in right.items()}
    if not isinstance(right, str) or not sniff(right):
        return right
    _number, _blank, unit = right.partition(" ")
    return "sales" if WORD in right else f"{NEAR_ANSWER} {unit}".strip()


def _wrong(content: dict[str, Any], right: Any) -> Any:
    if isinstance(right, bool):
        return not right
    if isinstance(right, dict):
        return dict(list(right.items())[1:])
    if content["kind"] == "ordering":
        return right[::-1]
    if isinstance(right, list):
        return right[:1]
    if content["kind"] == "single":
        return next(option["code"] for option in content["options"] if option["code"] != right)
    return "1 min" if "units" in content else "1"


def assert_alike(first: TestResponse, second: TestResponse) -> None:
    """Two answers of the site do not tell right from wrong: status, head, body, and how long they are."""
    assert first.status_code == second.status_code
    assert {name for name, _v in first.headers} == {name for name, _v in second.headers}
    kept = [[(n, v) for n, v in response.headers if n not in CHANGING] for response in (first, second)]
    assert kept[0] == kept[1]
    assert abs(len(first.data) - len(second.data)) <= len("+00:00.000000")
    if first.is_json:
        bodies = [{n: v for n, v in (r.json or {}).items() if n not in MOMENTS} for r in (first, second)]
        assert bodies[0] == bodies[1]


# ---- One attempt, and what candidates try beside answering


class Sat:
    """One simulated attempt of a candidate, drawn and answered by `rng`."""

    def __init__(self, visit: Candidate, exam: Exam, rng: Random) -> None:
        self.visit, self.rng = visit, rng
        self.exam_page = f"/exams/{exam.code}"
        visit.get(self.exam_page, words=())
        began = visit.post(f"{self.exam_page}/start", {"declared": "y"})
        assert began.status_code == 302, began.get_data(as_text=True)
        self.base = began.location.partition("?")[0]
        public_id = self.base.rpartition("/")[2]
        self.attempt = db.session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()
        self.questions = questions_of(self.attempt)
        for question in self.questions:
            db.session.expunge(question)
        assert len(self.questions) == DRAWN + PILOTS

    def sit(self) -> None:
        """Every page and an answer to every question, one more thing that people try, the end, and a look around."""
        for question in self.questions:
            self.look_and_answer(question)
        tried = self.rng.choice(self.questions)
        self.rng.choice(TRIES)(self, tried)
        self.visit.get(f"{self.base}/clock")
        self.visit.get(f"{self.base}/review")
        self.hand_in()

    def look_and_answer(self, question: AttemptItem) -> None:
        """Its page, its picture, then right and wrong answers by turns."""
        page = self.visit.get(f"{self.base}?q={question.position}").get_data(as_text=True)
        for address in PICTURE.findall(page)[:1]:
            assert self.visit.get(address).status_code == 200
        answers = list(right_and_wrong(question))
        self.rng.shuffle(answers)
        replies = [self.save(question, seq, answer) for seq, answer in enumerate(answers, 1) if answer is not None]
        if replies:
            assert_alike(*replies)

    def save(self, question: AttemptItem, seq: int, answer: Any) -> TestResponse:
        """Save as the page's module does."""
        reply = self.visit.put(f"{self.base}/answers/{question.position}", {"seq": seq, "answer": answer})
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return reply

    def hand_in(self) -> None:
        """Hand in, and look wherever a result might show."""
        assert self.visit.post(f"{self.base}/submit").status_code == 302
        places = [f"{self.base}/receipt", self.base, f"{self.base}?q=1", "/results", self.exam_page]
        for path in self.rng.sample(places, 3):
            self.visit.get(path, words=() if path == self.exam_page else KEY_WORDS)


def form_of(answer: Any) -> dict[str, Any]:
    """The fields of a plain form that answers this."""
    if isinstance(answer, dict):
        return {f"answer.map.{name}": value for name, value in answer.items()}
    if isinstance(answer, list):
        return {"answer.list": answer}
    return {"answer": str(answer).lower() if isinstance(answer, bool) else answer}


def _unfit(answer: Any) -> dict[str, Any]:
    """A form of the same shape that nobody's page would send."""
    if isinstance(answer, dict):
        return form_of(dict.fromkeys(answer, "no such thing") | {"zz": "x"})
    return form_of(["zz", "no such thing"] if isinstance(answer, list) else "no such thing")


def _invalid(sat: Sat, question: AttemptItem) -> None:
    address = f"{sat.base}/answers/{question.position}"
    for answer in ({"x": 1}, [["a"]], "\ud800", 10**30, "no such thing", ["zz"], True):
        sat.visit.put(address, {"seq": 9, "answer": answer})
    for given in ({"seq": 0, "answer": "a"}, {"seq": "1", "answer": "a"}, {"answer": "a"}, [], "x"):
        assert sat.visit.put(address, given).status_code == 400


def _stale(sat: Sat, question: AttemptItem) -> None:
    answers = right_and_wrong(question)
    if answers[0] is None:
        return
    sat.save(question, 7, answers[0])
    replies = [sat.visit.put(f"{sat.base}/answers/{question.position}", {"seq": 6, "answer": a}) for a in answers]
    assert [reply.status_code for reply in replies] == [409, 409]


def _by_form(sat: Sat, question: AttemptItem) -> None:
    address, answers = f"{sat.base}/answers/{question.position}", right_and_wrong(question)
    if answers[0] is not None:
        forms = [{"seq": str(seq), "go": "review"} | form_of(answer) for seq, answer in enumerate(answers, 20)]
        replies = [sat.visit.post(address, form) for form in forms]
        assert [reply.status_code for reply in replies] == [302, 302]
        assert_alike(*replies)
        assert sat.visit.post(address, {"seq": "40"} | _unfit(answers[0])).status_code in (302, 422)
        assert sat.visit.post(address, {"seq": "1"} | form_of(answers[1])).status_code in (302, 409)
    assert sat.visit.post(address, {"seq": "41", "clear": "y", "flag": "on"}).status_code == 302
    assert sat.visit.get(f"{sat.base}?q={question.position}").status_code == 200


def _flags(sat: Sat, question: AttemptItem) -> None:
    for flag in ("on", "off"):
        assert sat.visit.post(f"{sat.base}/flags/{question.position}", {"flag": flag}).status_code == 302
    sat.visit.post(f"{sat.base}/flags/999", {"flag": "on"})


def _reports(sat: Sat, question: AttemptItem) -> None:
    address = f"{sat.base}/reports/{question.position}"
    assert sat.visit.post(address, {"report": "The third sentence ends nowhere."}).status_code == 302
    assert sat.visit.post(address, {"report": ""}).status_code == 422
    sat.visit.get(f"{sat.base}?q={question.position}")


def _odd_addresses(sat: Sat, _question: AttemptItem) -> None:
    paths = ("?q=0", "?q=999", "?q=x", "?q=-1", "/section", "/take-over", "/receipt", "/results", "/answers/1", "/key")
    for path in paths:
        sat.visit.get(sat.base + path)
    for method in ("DELETE", "PATCH", "OPTIONS", "HEAD"):
        sat.visit.ask(method, f"{sat.base}/answers/1")
    sat.visit.ask("GET", f"{sat.base}?q=99", headers={"Accept": "application/json"})


def _no_token(sat: Sat, question: AttemptItem) -> None:
    address = f"{sat.base}/answers/{question.position}"
    assert sat.visit.ask("PUT", address, json={"seq": 50, "answer": "a"}).status_code == 400
    assert sat.visit.ask("PUT", address, data="{", headers={"X-CSRFToken": sat.visit.token()}).status_code == 400
    assert sat.visit.post(address, {"seq": "51", "answer": "a"}, token=False).status_code == 400


def _strangers(sat: Sat, question: AttemptItem) -> None:
    nobody = Candidate(sat.visit.app)
    other = Candidate(sat.visit.app)
    other.sign_in(PersonFactory())
    for path in ("", f"?q={question.position}", "/review", "/clock", "/receipt"):
        assert nobody.get(sat.base + path).status_code in (302, 401)
        assert other.get(sat.base + path).status_code == 404
    assert other.put(f"{sat.base}/answers/1", {"seq": 60, "answer": "a"}).status_code == 404


def _second_device(sat: Sat, question: AttemptItem) -> None:
    second = Candidate(sat.visit.app)
    assert sat.visit.person is not None
    second.sign_in(sat.visit.person)
    reply = second.put(f"{sat.base}/answers/{question.position}", {"seq": 70, "answer": None})
    assert reply.status_code == 409
    second.get(f"{sat.base}?q={question.position}")
    second.get(f"{sat.base}/take-over")
    second.post(f"{sat.base}/answers/{question.position}", {"seq": "71", "answer": "a"})


def _files(sat: Sat, question: AttemptItem) -> None:
    address = f"{sat.base}/files/{question.position}"
    for data, name in ((pdf(), "plan.pdf"), (b"MZ not a plan", "plan.exe"), (b"", "empty.pdf")):
        sat.visit.post(address, {"file": [(io.BytesIO(data), name)]}, content_type="multipart/form-data")
    sat.visit.get(f"{sat.base}?q={question.position}")
    sat.visit.get(f"{address}/1")
    sat.visit.post(address, {"remove": "nothing"})


def _ended(sat: Sat, question: AttemptItem) -> None:
    sat.hand_in()
    reply = sat.visit.put(f"{sat.base}/answers/{question.position}", {"seq": 80, "answer": None})
    assert reply.status_code == 410
    sat.visit.post(f"{sat.base}/answers/{question.position}", {"seq": "81", "answer": "a"})
    sat.visit.get(f"{sat.base}/review")
    sat.visit.post(f"{sat.exam_page}/start", {"declared": "y"}, words=())


def _own_pages(sat: Sat, _question: AttemptItem) -> None:
    for path in ("/path", "/results", "/account", "/training", "/exams/NOWHERE"):
        sat.visit.get(path, words=(), but=NEED)
    copy = sat.visit.post("/account/export", but=NEED)
    assert copy.mimetype == "application/zip"


def _unreleased(sat: Sat, _question: AttemptItem) -> None:
    sat.hand_in()
    found = db.session.scalars(select(Result).where(Result.attempt_id == sat.attempt.id)).first()
    if found is not None:
        assert sat.visit.get(f"/results/{found.public_id}").status_code == 404


TRIES: tuple[Callable[[Sat, AttemptItem], None], ...] = (
    _invalid, _stale, _by_form, _flags, _reports, _odd_addresses, _no_token, _strangers, _second_device, _files, _ended,
    _own_pages, _unreleased,
)  # fmt: skip


def simulate(app: Any, exam: Exam, numbers: range) -> tuple[int, set[tuple[str, int]], set[str]]:
    """Attempts one after the other; answers looked through, methods with their statuses, and kinds that were asked."""
    answers, statuses, kinds = 0, set(), set()
    code = exam.code
    for number in numbers:
        db.session.expunge_all()
        own = db.session.scalars(select(Exam).where(Exam.code == code)).one()
        sat = Sat(join(app, number), own, Random(number))
        sat.sit()
        answers += sat.visit.answers
        statuses |= sat.visit.statuses
        kinds |= {question.item_version.kind for question in sat.questions}
        if number % 100 == 99:
            _read_letters()
            print(f"{number + 1} attempts, {answers} answers looked through", flush=True)
    _read_letters()
    return answers, statuses, kinds


def _read_letters() -> None:
    """The receipts that are sent after the end hold no canary either."""
    run_jobs()
    letters = db.session.execute(select(MailMessage.subject, MailMessage.text)).all()
    assert letters
    assert not [found for letter in letters for found in [sniff(" ".join(letter))] if found]
    db.session.execute(update(MailMessage).values(text="read", subject="read"))
    db.session.commit()


# Ten thousand attempts, in parts that can be shared out.
SOAK = [pytest.param(n * 1_000, 1_000, marks=pytest.mark.soak) for n in range(10)]


@pytest.mark.parametrize(("first", "attempts"), [(0, 100), *SOAK])
def test_no_answer_of_an_attempt_holds_a_canary_before_its_release(app, exam, first, attempts):
    answers, statuses, kinds = simulate(app, exam, range(first, first + attempts))

    assert answers > 20 * attempts
    assert kinds == set(KINDS)
    assert {status for _method, status in statuses} >= {200, 302, 400, 404, 405, 409, 410, 422}
    assert db.session.query(Attempt).where(Attempt.submitted_at.is_not(None)).count() >= attempts
    assert db.session.query(Result).where(Result.released_at.is_not(None)).count() == 0


# ---- The nose itself


def _cookie(held: dict[str, Any]) -> str:
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(held).encode())).decode().rstrip("=")
    return f"session=.{packed}.x.y; HttpOnly"


def _planted() -> Iterator[tuple[str, Response]]:
    html_response = "text/html"
    yield "plain", Response(f"<p>{WORD}</p>", mimetype=html_response)
    yield "in capitals", Response(f"<p>{WORD.upper()}</p>", mimetype=html_response)
    yield "as entities", Response("".join(f"&#{ord(sign)};" for sign in WORD), mimetype=html_response)
    yield "in JSON", Response(json.dumps({"a": WORD}).replace("z", "\\u007a"), mimetype="application/json")
    yield "in a script", Response(f"x = '{WORD}'".replace("z", "\\u007a"), mimetype=html_response)
    yield "in an address", Response(urllib.parse.quote(WORD).replace("q", "%71"), mimetype=html_response)
    yield "in hexadecimal", Response(WORD.encode().hex(), mimetype=html_response)
    yield "a number", Response(f'<input max="{ANSWER}">', mimetype=html_response)
    yield "in a header", Response("", headers={"X-Key": WORD})
    yield "a cookie", Response("", headers={"Set-Cookie": _cookie({"right": WORD})})
    for before in range(3):
        coded = base64.b64encode(b"x" * before + f"{WORD} word".encode()).decode()
        yield f"base64 {before}", Response(f"<p data-x='{coded}'>", mimetype=html_response)


@pytest.mark.parametrize(
    ("way", "response"), list(_planted()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_canary_is_smelt_in_every_disguise(way, response):
    assert told_by(TestResponse(response.get_data(), response.status, response.headers, None)), way  # type: ignore[arg-type]


def test_an_answer_without_a_canary_smells_of_nothing():
    assert told_by(TestResponse([b"<p>Canary, 2718 and 3141 &amp; more</p>"], "200 OK", Response().headers, None)) == ""  # type: ignore[arg-type]
