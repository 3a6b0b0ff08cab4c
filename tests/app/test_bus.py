"""Domain events: cause and effects stand or fall together, and the table says what happens when."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app import transaction
from app.body.models import Signatory
from app.bus import Bus, publish
from app.extensions import db


@dataclass(frozen=True)
class WallPainted:
    """A wall has a new colour."""

    colour: str


@dataclass(frozen=True)
class WallPaintedTwice(WallPainted):
    """A special case, of a type of its own."""


@pytest.fixture
def bus(app, monkeypatch):
    own = Bus()
    monkeypatch.setitem(app.extensions, "bus", own)
    return own


def test_handlers_answer_in_the_order_they_were_listed_and_only_to_exactly_their_event(bus):
    heard = []
    bus.subscribe(WallPainted, lambda event: heard.append(("first", event.colour)))
    bus.subscribe(WallPainted, lambda event: heard.append(("second", event.colour)))
    publish(WallPainted("green"))
    publish(WallPaintedTwice("gold"))
    assert heard == [("first", "green"), ("second", "green")]


def test_a_handler_that_fails_undoes_cause_and_effects(bus, session):
    def effect(event):
        db.session.add(Signatory(position=1, name=event.colour, office="Painter"))
        db.session.flush()

    def fails(_event):
        raise ZeroDivisionError

    bus.subscribe(WallPainted, effect)
    bus.subscribe(WallPainted, fails)
    with pytest.raises(ZeroDivisionError):
        paint()
    assert session.scalars(select(Signatory)).all() == []


def paint():
    with transaction.standalone():
        db.session.add(Signatory(position=0, name="cause", office="Painter"))
        publish(WallPainted("green"))


def test_the_table_names_every_handler_of_the_house(app):
    table = app.extensions["bus"].table()
    assert table
    assert all(handler.count(".") >= 2 and "<lambda>" not in handler for _event, handler in table)
