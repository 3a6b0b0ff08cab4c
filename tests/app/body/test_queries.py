"""The body as every page asks for it: read seldom, and never half."""

from types import SimpleNamespace

from app.body import queries


def test_a_page_that_is_drawn_while_an_officer_saves_the_settings_finds_a_body(app, monkeypatch):
    """Saving makes the process forget its copy, here in the very moment in which another thread looks at it."""
    view = queries.get_body()

    def look_at_the_clock_while_another_thread_forgets():
        queries.forget()
        return 0.0

    monkeypatch.setattr(queries, "time", SimpleNamespace(monotonic=look_at_the_clock_while_another_thread_forgets))
    assert queries.get_body() == view
