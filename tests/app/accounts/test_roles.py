"""Roles: granted by another, from a day and to a day, never twice at once, and never to leave the body without an officer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import clock, transaction
from app.accounts import queries, roles
from app.accounts.models import RoleGrant
from app.audit.models import AuditEntry, AuditPersonal
from app.errors import DomainError, Missing
from app.extensions import db
from app.mail.models import MailMessage
from app.policy import Actor, Role
from tests.factories.people import PersonFactory, RoleGrantFactory
from tests.support.probe import each_in_a_thread

DAY = timedelta(days=1)


@pytest.fixture
def officer(app):
    person = PersonFactory(holding=["officer"])
    return person, Actor(person_id=person.id, public_id=person.public_id, roles=frozenset({Role.OFFICER}))


def today(days=0):
    return (clock.now() + days * DAY).date().isoformat()


def grant_form(**changes):
    return {"role": "assessor", "starts_on": today(), "ends_on": "", "reason": "Minute 12"} | changes


def test_an_officer_grants_a_role_and_the_member_is_told(visit, session):
    member = PersonFactory()
    visit.sign_in(PersonFactory(holding=["officer"]))
    assert visit.post(f"/office/people/{member.public_id}/roles", grant_form()).status_code == 302
    other = visit.another().sign_in(member)
    assert other.get("/marking").status_code == 200
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "role.granted")).all()[-1]
    assert (entry.object_id, entry.detail["role"]) == (member.public_id, "assessor")
    assert session.get(AuditPersonal, entry.seq).data == {"reason": "Minute 12"}
    assert "Assessor" in session.scalars(select(MailMessage.subject).where(MailMessage.recipient == member.email)).one()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": today(-1)}, "end after it begins"),
        ({"starts_on": today(5), "ends_on": today(2)}, "end after it begins"),
        ({"reason": ""}, "Say why"),
        ({"starts_on": ""}, "first day"),
        ({"role": "king"}, "choice"),
        ({"starts_on": "yesterday"}, "date"),
        ({"starts_on": "0001-01-01"}, "between"),
        ({"ends_on": "9999-12-31"}, "between"),
        ({"reason": "x" * 301}, "too long"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_beside_its_field(visit, changes, words):
    member = PersonFactory()
    visit.sign_in(PersonFactory(holding=["officer"]))
    answer = visit.post(f"/office/people/{member.public_id}/roles", grant_form(**changes))
    assert answer.status_code == 422
    assert words in answer.text.lower() or words in answer.text
    assert queries.list_spans("assessor", clock.now()) == []


def test_nobody_grants_a_role_to_themselves(visit):
    me = PersonFactory(holding=["officer"])
    visit.sign_in(me)
    answer = visit.post(f"/office/people/{me.public_id}/roles", grant_form())
    assert answer.status_code == 422
    assert "ask another officer" in answer.text


@pytest.mark.parametrize(
    ("held", "asked", "good"),
    [
        ((-5, None), (0, None), False),
        ((-5, 3), (2, 9), False),
        ((-5, 3), (3, 9), True),
        ((5, 9), (0, 5), True),
        ((5, 9), (0, 6), False),
        ((5, 9), (0, None), False),
        ((-9, -5), (0, None), True),
    ],
)
def test_one_role_is_held_once_at_a_time(app, officer, held, asked, good):
    member, now = PersonFactory(), clock.now()
    moment = lambda days: None if days is None else now + days * DAY  # noqa: E731
    RoleGrantFactory(person_id=member.id, starts_at=moment(held[0]), ends_at=moment(held[1]))

    def grant():
        roles.grant(member, Role.ASSESSOR, moment(asked[0]), moment(asked[1]), "x", actor=officer[1], now=now)

    if good:
        grant()
    else:
        with pytest.raises(DomainError, match="already") as refused:
            grant()
        assert refused.value.field == "role"


def test_the_last_officer_stays(visit, session, officer):
    person, _actor = officer
    visit.sign_in(person)
    own = session.scalars(select(RoleGrant.public_id)).one()
    answer = visit.post(f"/office/people/{person.public_id}/roles/{own}/end")
    assert answer.status_code == 422
    assert "at least one officer" in answer.text
    PersonFactory(holding=["officer"])
    assert visit.post(f"/office/people/{person.public_id}/roles/{own}/end").status_code == 302
    assert visit.get("/office").status_code == 403


def end_own_role(visit, session, person):
    own = session.scalars(select(RoleGrant.public_id).where(RoleGrant.person_id == person.id)).first()
    return visit.sign_in(person).post(f"/office/people/{person.public_id}/roles/{own}/end")


@pytest.mark.parametrize(
    ("others", "good"),
    [
        ([(-1, 1)], False),  # who leaves tomorrow does not take over
        ([(-1, 400)], False),  # nor who leaves in a year
        ([(2, None)], False),  # nor who begins the day after tomorrow
        ([(-1, 3), (4, None)], False),  # a day without anybody
        ([(-1, 3), (3, None)], True),
        ([(-1, 9), (3, None)], True),
        ([(-9, -3)], False),
        ([(-1, None)], True),
    ],
)
def test_whoever_is_officer_without_an_end_leaves_when_others_are_for_all_time_to_come(
    visit, session, officer, others, good
):
    (person, _actor), now = officer, clock.now()
    for starts, ends in others:
        moments = {"starts_at": now + starts * DAY, "ends_at": None if ends is None else now + ends * DAY}
        RoleGrantFactory(person_id=PersonFactory().id, role="officer", **moments)
    answer = end_own_role(visit, session, person)
    assert answer.status_code == (302 if good else 422)
    assert ("at least one officer at all times" in answer.text) is not good


def test_an_officer_for_a_while_leaves_before_the_lasting_one_and_not_the_other_way_round(visit, session):
    lasting = PersonFactory(holding=["officer"])
    for_a_while = PersonFactory()
    RoleGrantFactory(person_id=for_a_while.id, role="officer", ends_at=clock.now() + DAY)
    assert end_own_role(visit, session, lasting).status_code == 422
    assert end_own_role(visit.another(), session, for_a_while).status_code == 302


def test_an_heir_to_come_is_not_struck_off_while_nobody_else_follows(visit, session):
    """The role of the one in office ends on a day that was set: from then on the heir is the only one."""
    in_office, heir, handover = PersonFactory(), PersonFactory(), clock.now() + 5 * DAY
    RoleGrantFactory(person_id=in_office.id, role="officer", ends_at=handover)
    coming = RoleGrantFactory(person_id=heir.id, role="officer", starts_at=handover)
    visit.sign_in(in_office)
    assert visit.post(f"/office/people/{heir.public_id}/roles/{coming.public_id}/end").status_code == 422


@pytest.mark.parametrize("who", [{"closed_at": clock.now()}, {"email_confirmed_at": None}])
def test_who_cannot_sign_in_does_not_count(visit, session, officer, who):
    PersonFactory(holding=["officer"], **who)
    assert end_own_role(visit, session, officer[0]).status_code == 422


def test_an_account_is_not_closed_while_its_owner_is_the_last_lasting_officer(visit, session, officer):
    RoleGrantFactory(person_id=PersonFactory().id, role="officer", ends_at=clock.now() + DAY)
    visit.sign_in(officer[0])
    answer = visit.post("/account/close", {"certificates": "keep", "sure": "y"})
    assert answer.status_code == 422
    assert "at least one officer at all times" in answer.text
    session.refresh(officer[0])
    assert officer[0].closed_at is None


def test_the_refusal_names_the_day_from_which_on_nobody_would_be_there(visit, session, officer):
    ends = clock.now() + 40 * DAY
    RoleGrantFactory(person_id=PersonFactory().id, role="officer", ends_at=ends)
    answer = end_own_role(visit, session, officer[0])
    assert f"{ends.astimezone(ZoneInfo('Europe/Madrid')):%Y}" in answer.text
    assert "First grant the role to someone else, for as long as this one lasts." in answer.text


def test_the_grant_of_somebody_else_cannot_be_ended_through_another_person(visit, session, officer):
    person, _actor = officer
    visit.sign_in(person)
    member = PersonFactory(holding=["assessor"])
    own = session.scalars(select(RoleGrant.public_id).where(RoleGrant.person_id == person.id)).one()
    assert visit.post(f"/office/people/{member.public_id}/roles/{own}/end").status_code == 404


def test_a_role_ends_once(app, session, officer):
    member = PersonFactory(holding=["assessor"])
    grant_id = session.scalars(select(RoleGrant.public_id).where(RoleGrant.person_id == member.id)).one()
    roles.end(member, grant_id, actor=officer[1], now=clock.now())
    transaction.commit()
    with pytest.raises(Missing):
        roles.end(member, grant_id, actor=officer[1], now=clock.now())


def test_two_officers_who_end_each_others_role_at_once_leave_one(app, session):
    people = [PersonFactory(holding=["officer"]) for _turn in range(2)]
    ids = [person.id for person in people]
    grants = dict(session.execute(select(RoleGrant.person_id, RoleGrant.public_id)).all())
    session.commit()

    def end(number):
        with app.app_context():
            transaction.begin_write()
            mine, theirs = ids[number], ids[1 - number]
            actor = Actor(person_id=mine, public_id="x", roles=frozenset({Role.OFFICER}))
            roles.end(queries.get_own(theirs), grants[theirs], actor=actor, now=clock.now())
            transaction.commit()

    outcomes = each_in_a_thread(2, end)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DomainError", "NoneType"]
    db.session.rollback()
    assert len(queries.list_spans("officer", clock.now())) == 1


def test_the_same_role_granted_twice_at_once_is_granted_once(app, session, officer):
    member_id = PersonFactory().id
    actor, now = officer[1], clock.now()
    session.commit()

    def grant(_number):
        with app.app_context():
            transaction.begin_write()
            roles.grant(queries.get_own(member_id), Role.ASSESSOR, now, None, "x", actor=actor, now=now)
            transaction.commit()

    outcomes = each_in_a_thread(4, grant)
    assert sum(outcome is None for outcome in outcomes) == 1
    db.session.rollback()
    assert len(session.scalars(select(RoleGrant).where(RoleGrant.person_id == member_id)).all()) == 1
