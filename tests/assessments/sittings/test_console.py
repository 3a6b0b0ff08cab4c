"""The console and the start: who may open it, what it shows and never shows, each act with its word, codes and networks."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock, transaction
from app.audit.models import AuditEntry
from app.extensions import db
from app.jobs import runner
from assessments.accommodations import services as accommodations
from assessments.accommodations.services import Amounts
from assessments.exams import gates
from assessments.exams.models import Attempt, AttemptItem
from assessments.exams.rules import AttemptState
from assessments.sittings import addresses, codes, queries, supervising, sweeping
from assessments.sittings.models import Incident, Sitting
from assessments.sittings.supervising import Given
from tests.assessments.exams.test_races import at_once
from tests.factories.assessments import SECRET_MARK, held_clock, run_jobs, words
from tests.factories.people import PersonFactory
from tests.factories.sittings import invigilator_of, sat_exam, seat_for, sitting_of
from tests.support.queries import counted

__all__ = ["held_clock"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def ada(app):
    return PersonFactory(name="Ada Example", zone="UTC")


def text(answer):
    return words(answer.get_data(as_text=True))


def watching(visit, sitting):
    return visit.another().sign_in(invigilator_of(sitting))


def attempt_of(person):
    db.session.expire_all()
    return db.session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def act(browser, sitting, do, *seats, **given):
    """Do something by the module of the page; its answer."""
    data = {"do": do, "seat": [seat.public_id for seat in seats], "how": "passport"} | given
    return browser.post(f"/sittings/{sitting.public_id}/console/act", data, headers=JSON)


def begin_of(browser, sitting, **given):
    return browser.post(f"/sittings/{sitting.public_id}/start", {"declared": "y"} | given)


def writing(visit, sitting, person):
    """The person's browser with an attempt that runs, and the invigilator's."""
    seat, ivo = seat_for(sitting, person), watching(visit, sitting)
    act(ivo, sitting, "authorise", seat)
    browser = visit.another().sign_in(person)
    assert begin_of(browser, sitting).status_code == 302
    return browser, ivo, seat


# ---- who may open it


def test_only_invigilators_and_officers_find_the_console(visit, ada):
    sitting, other = sitting_of(), sitting_of()
    seat_for(sitting, ada)
    ivo = watching(visit, sitting)
    olga = visit.another().sign_in(PersonFactory(holding=["officer"]))
    strangers = [
        visit.another().sign_in(person) for person in (ada, PersonFactory(), PersonFactory(holding=["assessor"]))
    ]
    paths = ("/console", "/console/roster")
    posts = ("/console/act", "/console/code", "/console/doors", "/console/incidents")

    for path in paths:
        assert ivo.get(f"/sittings/{sitting.public_id}{path}").status_code == 200
        assert olga.get(f"/sittings/{sitting.public_id}{path}").status_code == 200
        assert ivo.get(f"/sittings/{other.public_id}{path}").status_code == 404, "of another sitting"
        for stranger in strangers:
            assert stranger.get(f"/sittings/{sitting.public_id}{path}").status_code == 404
    for path in posts:
        for stranger in [
            *strangers,
        ]:
            assert (
                stranger.post(f"/sittings/{sitting.public_id}{path}", {"do": "authorise", "doors": "close"}).status_code
                == 404
            )
        assert ivo.post(f"/sittings/{other.public_id}{path}", {"do": "authorise"}).status_code == 404
    assert visit.another().get(f"/sittings/{sitting.public_id}/console").status_code == 302


def test_an_officer_with_a_seat_finds_no_console_of_that_sitting(visit):
    sitting, olga = sitting_of(), PersonFactory(holding=["officer"])
    seat_for(sitting, olga)

    assert visit.sign_in(olga).get(f"/sittings/{sitting.public_id}/console").status_code == 404
    assert visit.get(f"/sittings/{sitting.public_id}").status_code == 200


def test_seats_of_others_are_not_there(visit, ada):
    sitting = sitting_of()
    seat_for(sitting, ada)
    stranger = visit.sign_in(PersonFactory())

    assert stranger.get(f"/sittings/{sitting.public_id}").status_code == 404
    assert begin_of(stranger, sitting).status_code == 404
    assert stranger.get("/sittings/nothinghere").status_code == 404


def test_an_act_on_a_seat_of_another_sitting_does_nothing(visit, ada):
    sitting, other = sitting_of(), sitting_of()
    seat = seat_for(other, ada)
    ivo = watching(visit, sitting)

    answer = act(ivo, sitting, "authorise", seat)

    assert answer.status_code == 422
    assert attempt_of(ada).state == AttemptState.SCHEDULED


# ---- recognised and started


def test_the_whole_way_from_the_door_to_the_first_question(visit, ada, held_clock):
    sitting = sitting_of(needs_code=True, is_open=False)
    seat, ivo = seat_for(sitting, ada, "A4"), watching(visit, sitting)
    candidate = visit.another().sign_in(ada)
    page = f"/sittings/{sitting.public_id}"
    assert "Please wait" in text(candidate.get(page))

    assert act(ivo, sitting, "authorise", seat, how="").json["outcomes"][0]["words"] == "Say how you recognised them."
    told = act(ivo, sitting, "authorise", seat, how="id_card").json
    assert (told["outcomes"], told["rows"][0]["state"]) == (
        [{"seat": seat.public_id, "done": True, "words": "May start"}], "May start",
    )  # fmt: skip
    assert told["rows"][0]["identity"].startswith("Identity card, Ivo Invigilator")
    identity = attempt_of(ada).identity
    assert (identity["by"], identity["how"], identity["at"]) == (
        ivo.person.public_id,
        "id_card",
        held_clock.now.isoformat(),
    )

    assert "You may start" in text(candidate.get(page))
    assert "not opened the sitting yet" in text(begin_of(candidate, sitting, code="X"))
    ivo.post(f"{page}/console/doors", {"doors": "open"})
    code = code_from(ivo.post(f"{page}/console/code"))
    assert "not the code" in text(begin_of(candidate, sitting, code="AAAA-AAAA"))
    assert begin_of(candidate, sitting, code=code.lower().replace("-", " ")).status_code == 302

    attempt = attempt_of(ada)
    assert (attempt.state, attempt.supervision, attempt.sitting) == ("in_progress", "supervised", sitting.public_id)
    row = ivo.get(f"{page}/console/roster").json["rows"][0]
    assert (row["state"], row["answered"], row["left"]) == ("Writing", "0 of 4", "60 minutes")


def code_from(page):
    return re.search(r'room-code-value"[^>]*>([0-9A-Z-]+)<', page.get_data(as_text=True)).group(1)


def test_the_exam_page_leads_to_the_seat_and_its_own_start_is_refused_without_the_code(visit, ada):
    exam = sat_exam()
    sitting = sitting_of(exam, needs_code=True)
    seat = seat_for(sitting, ada)
    act(watching(visit, sitting), sitting, "authorise", seat)
    candidate = visit.sign_in(ada)

    assert f'href="/sittings/{sitting.public_id}"' in candidate.get(f"/exams/{exam.code}").get_data(as_text=True)
    assert candidate.post(f"/exams/{exam.code}/start", {"declared": "y"}).status_code == 409
    assert attempt_of(ada).state == AttemptState.AUTHORISED


def test_several_at_once_and_without_the_module_each_gets_a_word(visit):
    sitting = sitting_of()
    seats = [seat_for(sitting, PersonFactory(name=name)) for name in ("Ada", "Bo", "Cy")]
    ivo = watching(visit, sitting)
    act(ivo, sitting, "absent", seats[2])

    data = {"do": "authorise", "seat": [seat.public_id for seat in seats], "how": "known"}
    page = text(ivo.post(f"/sittings/{sitting.public_id}/console/act", data, follow_redirects=True))

    assert "May start: Ada, Bo" in page
    assert "Cy: This cannot be done to the attempt as it stands now." in page
    nobody = ivo.post(f"/sittings/{sitting.public_id}/console/act", {"do": "pause", "reason": "x"})
    assert nobody.status_code == 422
    assert "Tick at least one person." in text(nobody)


def test_a_mode_without_watching_asks_for_nobodys_passport_and_says_so(visit, ada):
    sitting = sitting_of(supervision="unsupervised")
    seat, ivo = seat_for(sitting, ada), watching(visit, sitting)

    assert act(ivo, sitting, "authorise", seat, how="").json["outcomes"][0]["done"] is True

    attempt = attempt_of(ada)
    assert (attempt.supervision, attempt.identity) == ("unsupervised", None)


def test_two_invigilators_authorise_at_once_and_the_candidate_is_recognised_once(app, session, ada):
    sitting = sitting_of()
    seat = seat_for(sitting, ada).public_id
    public_id, ended = sitting.public_id, []

    def let_in(who):
        found = queries.get_sitting(public_id, lock=True)
        ended.extend(supervising.act_on(found, [seat], "authorise", Given("passport"), who, clock.now()))

    assert at_once(app, [lambda n=n: let_in(f"invigilator-{n}") for n in range(10)]) == {"done": 10}

    assert sum(one.is_done for one in ended) == 1
    attempt = attempt_of(ada)
    assert attempt.identity["by"] == next(line["by"] for line in attempt.history if line["state"] == "authorised")
    assert session.scalar(select(func.count()).select_from(AttemptItem)) == 4


# ---- acts on the clock


def test_pause_resume_and_extra_time_reach_the_candidate_and_the_list(visit, ada, held_clock):
    sitting = sitting_of()
    candidate, ivo, seat = writing(visit, sitting, ada)
    deadline = attempt_of(ada).deadline_at
    assert act(ivo, sitting, "pause", seat).json["message"] == "Say why; it goes into the trail."
    assert act(ivo, sitting, "pause", seat, reason="Fire alarm").json["rows"][0]["state"] == "Paused"
    held_clock.go(minutes=7)
    told = act(ivo, sitting, f"resume:{seat.public_id}").json
    assert told["outcomes"][0]["words"] == "The clock runs again"
    assert attempt_of(ada).deadline_at == deadline + timedelta(minutes=7)

    told = act(ivo, sitting, "extend:all", minutes="10", reason="Noise").json
    assert told["outcomes"][0]["words"] == "10 minutes more"
    asked = candidate.get(f"/attempts/{attempt_of(ada).public_id}/clock").json
    assert asked["deadline"] == (deadline + timedelta(minutes=17)).isoformat()
    assert act(ivo, sitting, "extend", seat, minutes="0", reason="x").status_code == 422
    assert act(ivo, sitting, "extend", seat, minutes="999", reason="x").status_code == 422
    lines = [line for line in attempt_of(ada).history if line.get("reason")]
    assert {(line["by"], line["reason"]) for line in lines} >= {
        (ivo.person.public_id, "Fire alarm"),
        (ivo.person.public_id, "Noise"),
    }


def test_an_authorisation_is_taken_back_with_a_reason(visit, ada):
    sitting = sitting_of()
    seat, ivo = seat_for(sitting, ada), watching(visit, sitting)
    act(ivo, sitting, "authorise", seat)

    told = act(ivo, sitting, "unauthorise", seat, reason="Wrong passport").json

    assert told["rows"][0]["state"] == "Expected"
    assert told["rows"][0]["identity"] == ""
    assert begin_of(visit.sign_in(ada), sitting).status_code == 409


@pytest.mark.parametrize(("percent", "minutes"), [(25, 75), (50, 90), (100, 120)])
def test_an_accommodation_given_after_the_seat_is_exact_and_the_window_takes_nothing_away(
    visit, ada, held_clock, percent, minutes
):
    sitting = sitting_of(closes_at=held_clock.now + timedelta(minutes=65))
    seat, ivo = seat_for(sitting, ada), watching(visit, sitting)
    accommodations.grant(ada, Amounts(percent, needs="canarystammer"), None, "", "another", held_clock.now)
    transaction.commit()
    act(ivo, sitting, "authorise", seat)
    begin_of(visit.sign_in(ada), sitting)

    attempt = attempt_of(ada)
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=minutes)
    console = ivo.get(f"/sittings/{sitting.public_id}/console").get_data(as_text=True)
    assert "canarystammer" not in console
    assert f"{percent} %" not in console


# ---- what it never shows


def test_no_answer_no_key_and_no_result_stand_on_the_console(visit, ada):
    sitting = sitting_of()
    candidate, ivo, _seat = writing(visit, sitting, ada)
    attempt = attempt_of(ada).public_id
    for position in range(1, 5):
        candidate.put(f"/attempts/{attempt}/answers/{position}", {"seq": 1, "answer": "b"})
    pages = [ivo.get(f"/sittings/{sitting.public_id}/console{path}") for path in ("", "/roster")]
    assert "4 of 4" in text(pages[0])
    candidate.post(f"/attempts/{attempt}/submit")
    run_jobs()
    pages += [ivo.get(f"/sittings/{sitting.public_id}/console{path}") for path in ("", "/roster")]

    assert "Handed in" in text(pages[2])
    for page in pages:
        html = page.get_data(as_text=True)
        for hidden in (SECRET_MARK, "Stem of", attempt, "passed", "Passed", "100 %", '"b"', ">b<", "score"):
            assert hidden not in html, hidden


def test_the_list_takes_as_many_statements_for_many_as_for_one(visit, ada):
    few, many = sitting_of(), sitting_of()
    seat_for(few, ada)
    for person in PersonFactory.create_batch(12):
        seat_for(many, person)
    olga = visit.sign_in(PersonFactory(holding=["officer"]))
    olga.get(f"/sittings/{few.public_id}/console/roster")

    numbers = []
    for sitting in (few, many):
        with counted() as found:
            olga.get(f"/sittings/{sitting.public_id}/console/roster")
        numbers.append(len(found))

    assert numbers[0] == numbers[1]
    assert numbers[0] <= 14


# ---- the code


def test_a_code_has_forty_bits_holds_ten_minutes_and_the_old_one_dies(app, held_clock):
    sitting = sitting_of(needs_code=True)
    sitting = db.session.get(Sitting, sitting.id)
    first = codes.make_code(sitting, "ivo", held_clock.now)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", first), "eight of 32 letters: 40 bits"
    assert first not in sitting.code_hash
    assert codes.is_code(sitting, first.lower().replace("0", "o").replace("1", "l"), held_clock.now)
    assert codes.is_code(sitting, first, held_clock.now + timedelta(minutes=10))
    assert not codes.is_code(sitting, first, held_clock.now + timedelta(minutes=10, seconds=1))
    assert not codes.is_code(sitting, "", held_clock.now)

    second = codes.make_code(sitting, "ivo", held_clock.now)

    assert not codes.is_code(sitting, first, held_clock.now)
    assert codes.is_code(sitting, second, held_clock.now)
    assert len({codes.make_code(sitting, "ivo", held_clock.now) for _n in range(200)}) == 200


def test_guessing_a_code_ends_after_ten_tries_and_harms_nobody_else(visit, ada, held_clock):
    sitting, bo = sitting_of(needs_code=True), PersonFactory()
    seats, ivo = [seat_for(sitting, person) for person in (ada, bo)], watching(visit, sitting)
    act(ivo, sitting, "authorise", *seats)
    code = code_from(ivo.post(f"/sittings/{sitting.public_id}/console/code"))
    guesser = visit.another().sign_in(ada)

    tried = [begin_of(guesser, sitting, code=f"AAAA-AAA{n}").status_code for n in range(10)]

    assert tried == [409] * 10
    assert begin_of(guesser, sitting, code=code).status_code == 429
    assert attempt_of(ada).state == AttemptState.AUTHORISED
    assert begin_of(visit.another().sign_in(bo), sitting, code=code).status_code == 302
    held_clock.go(minutes=10)
    again = code_from(ivo.post(f"/sittings/{sitting.public_id}/console/code"))
    assert begin_of(guesser, sitting, code=again).status_code == 302, "an honest typist is not locked out for long"


# ---- the network


def test_an_honest_change_of_the_network_is_flagged_and_locks_nobody_out(visit, ada):
    sitting = sitting_of()
    candidate, ivo, _seat = writing(visit, sitting, ada)
    attempt = attempt_of(ada).public_id
    for address in ("127.0.0.1", "198.51.100.4", "198.51.100.4", "2001:db8::5"):
        asked = candidate.get(f"/attempts/{attempt}/clock", environ_overrides={"REMOTE_ADDR": address})
        assert asked.json["state"] == "in_progress"
    saved = candidate.put(f"/attempts/{attempt}/answers/1", {"seq": 1, "answer": "b"})

    assert saved.status_code == 200
    assert "network changed" in ivo.get(f"/sittings/{sitting.public_id}/console/roster").json["rows"][0]["flags"]
    noted = db.session.scalars(select(Incident).order_by(Incident.id)).all()
    assert [(row.kind, row.data["to"]) for row in noted] == [
        ("address", "127.0.0.1"),
        ("network", "198.51.100.4"),
        ("network", "2001:db8::5"),
    ]
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "attempt.address_changed")) == 2
    addresses.forget(clock.now() - timedelta(days=180))
    assert all(row.data for row in noted)
    addresses.forget(clock.now() + timedelta(seconds=1))
    db.session.expire_all()
    assert [row.data for row in noted] == [None] * 3
    assert "198.51" not in ivo.get(f"/sittings/{sitting.public_id}/console").get_data(as_text=True)


def test_a_second_device_is_flagged(visit, ada):
    sitting = sitting_of()
    _candidate, ivo, _seat = writing(visit, sitting, ada)
    second = visit.another().sign_in(ada)
    second.post(f"/attempts/{attempt_of(ada).public_id}/take-over")

    assert ivo.get(f"/sittings/{sitting.public_id}/console/roster").json["rows"][0]["flags"] == "second device"


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        (["192.0.2.0/24"], "192.0.2.9", 302),
        (["192.0.2.0/24"], "198.51.100.1", 409),
        (["192.0.2.0/24"], "::ffff:192.0.2.9", 302),
        (["2001:db8::/32"], "2001:db8::7", 302),
        (["2001:db8::/32"], "2001:db9::7", 409),
        ([], "203.0.113.5", 302),
    ],
)
def test_a_start_comes_from_the_network_of_the_sitting(visit, ada, networks, address, status):
    sitting = sitting_of(networks=networks)
    seat = seat_for(sitting, ada)
    act(watching(visit, sitting), sitting, "authorise", seat)
    candidate = visit.sign_in(ada)

    answer = candidate.post(
        f"/sittings/{sitting.public_id}/start", {"declared": "y"}, environ_overrides={"REMOTE_ADDR": address}
    )

    assert answer.status_code == status


def test_a_forwarded_address_counts_only_from_a_proxy_that_the_settings_trust(visit, ada):
    """Without trusted proxies the header is whatever somebody typed."""
    sitting = sitting_of(networks=["192.0.2.0/24"])
    seat = seat_for(sitting, ada)
    act(watching(visit, sitting), sitting, "authorise", seat)
    candidate = visit.sign_in(ada)

    answer = candidate.post(
        f"/sittings/{sitting.public_id}/start",
        {"declared": "y"},
        headers={"X-Forwarded-For": "192.0.2.9"},
        environ_overrides={"REMOTE_ADDR": "198.51.100.1"},
    )

    assert answer.status_code == 409


# ---- the window, the doors, the sweeper


def test_nobody_starts_before_it_opens_after_it_closes_or_once_it_is_closed(visit, ada, held_clock):
    sitting = sitting_of(opens_at=held_clock.now + timedelta(hours=1), closes_at=held_clock.now + timedelta(hours=3))
    seat, ivo = seat_for(sitting, ada), watching(visit, sitting)
    act(ivo, sitting, "authorise", seat)
    candidate = visit.sign_in(ada)
    assert "The sitting opens on" in text(begin_of(candidate, sitting))
    held_clock.go(hours=1)
    ivo.post(f"/sittings/{sitting.public_id}/console/doors", {"doors": "close"})
    assert "Nobody can start any more" in text(begin_of(candidate, sitting))
    ivo.post(f"/sittings/{sitting.public_id}/console/doors", {"doors": "open"})
    held_clock.go(hours=2)
    assert begin_of(visit.another().sign_in(ada), sitting).status_code == 409


def test_the_sweeper_ends_what_is_over_and_marks_absent_who_never_came(visit, ada, held_clock, app):
    sitting, bo = sitting_of(closes_at=held_clock.now + timedelta(minutes=70)), PersonFactory()
    _candidate, _ivo, _seat = writing(visit, sitting, ada)
    seat_for(sitting, bo)
    held_clock.go(minutes=70)
    sweeping.sweep(None)
    assert db.session.get(Sitting, sitting.id).state == "open", "the last moment is still inside"
    held_clock.go(seconds=1)

    runner.order_periodic(app.extensions["jobs"])
    run_jobs()

    assert db.session.get(Sitting, sitting.id).state == "closed"
    assert attempt_of(bo).state == AttemptState.ABSENT
    assert attempt_of(ada).state not in (AttemptState.ABSENT, AttemptState.VOIDED)
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "sitting.closed")) == 1


def test_the_gate_is_registered_once_and_leaves_other_exams_alone(app, ada):
    assert len(gates.GATES) == 1
    from tests.factories.assessments import begin, candidate, exam_of

    assert begin(exam_of(), candidate()).state == AttemptState.IN_PROGRESS
