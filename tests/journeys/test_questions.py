"""Questions that are answered by hand, by keys and by lists, in a real browser: whatever the way, the answer is the same."""

import pytest

from tests.support.browser import PHONE, Guest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey-questions")]


@pytest.fixture
def reader(site, browser):
    """Somebody at the style guide, where each of these questions stands."""
    guest = Guest(site, browser)
    guest.page.goto("/style-guide")
    guest.page.wait_for_load_state()
    yield guest
    guest.close()


class Board:
    """A question with labels: the form that sends its answer, and what is said aloud."""

    def __init__(self, page, number):
        self.page = page
        self.root = page.locator("laurel-placing").nth(number)

    def chip(self, name):
        return self.root.locator(".chip", has_text=name)

    def zone(self, name):
        return self.root.locator(".zone", has_text=name)

    @property
    def said(self):
        return self.root.locator("[data-said]").inner_text()

    @property
    def answer(self):
        """What the form would send: text of the label to text of its place."""
        script = """root => Object.fromEntries([...root.querySelectorAll('[data-list]')].map(list =>
            [list.previousElementSibling.textContent.trim(), list.selectedOptions[0].textContent]).filter(([, place]) =>
            !['Choose', 'Nowhere'].includes(place)))"""
        return self.root.evaluate(script)

    def drag(self, name, target):
        start, end = self.chip(name).bounding_box(), target.bounding_box()
        mouse = self.page.mouse
        mouse.move(start["x"] + 12, start["y"] + 12)
        mouse.down()
        mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
        mouse.up()


def test_labels_are_carried_by_keys_alone_and_every_step_is_said(reader):
    board, keys = Board(reader.page, 0), reader.page.keyboard
    board.chip("Ask for consent").focus()
    keys.press("Enter")
    assert board.said.startswith("Ask for consent is picked up.")
    keys.press("ArrowDown")
    assert board.said == "Over: Before"
    keys.press("ArrowDown")
    assert board.said == "Over: During"
    keys.press("Space")
    assert board.said == "Ask for consent lies on: During"
    assert board.answer == {"Ask for consent": "During"}
    assert board.chip("Ask for consent").evaluate("chip => chip === document.activeElement")

    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Escape")
    assert board.said == "Ask for consent stays where it was."
    assert board.answer == {"Ask for consent": "During"}

    keys.press("Enter")
    for _ in range(2):
        keys.press("ArrowUp")
    keys.press("Enter")
    assert board.said == "Ask for consent lies nowhere."
    assert board.answer == {}


def test_labels_are_dragged_tapped_and_chosen_from_lists(reader):
    board = Board(reader.page, 0)
    board.root.scroll_into_view_if_needed()
    board.drag("Promise a discount", board.zone("After"))
    assert board.answer == {"Promise a discount": "After"}

    board.chip("Ask for consent").click()
    board.zone("Before").click(position={"x": 20, "y": 90})
    assert board.answer == {"Promise a discount": "After", "Ask for consent": "Before"}

    board.root.get_by_role("button", name="Use lists instead of dragging").click()
    board.root.get_by_label("Promise a discount").select_option("Nowhere")
    board.root.get_by_role("button", name="Drag labels instead of lists").click()
    assert board.answer == {"Ask for consent": "Before"}
    assert board.root.locator(".board-tray .chip").count() == 3


def test_a_place_for_one_label_gives_its_label_back_for_another(reader):
    board = Board(reader.page, 1)
    board.root.scroll_into_view_if_needed()
    for name in ("asks", "decides"):
        board.drag(name, board.root.locator('[data-spot="C"] .spot-disc'))

    assert board.answer == {"decides": "C: Office"}
    assert board.zone("Office").locator(".chip").all_inner_texts() == ["decides"]
    assert board.root.locator(".spot-on").get_attribute("data-spot") == "C"


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["laptop", "phone"])
def test_a_tap_near_a_place_of_the_picture_chooses_its_line_in_the_list(site, browser, viewport):
    guest = Guest(site, browser, viewport)
    guest.page.goto("/style-guide")
    question = guest.page.locator("laurel-hotspot")
    question.scroll_into_view_if_needed()
    disc = question.locator('[data-spot="C"] .spot-disc').bounding_box()
    guest.page.mouse.click(disc["x"] - 12, disc["y"] + disc["height"] / 2)

    assert [box.get_attribute("value") for box in question.locator("input:checked").all()] == ["B", "C"]
    assert question.locator(".spot-on").count() == 2
    question.locator('input[value="B"]').uncheck()
    assert question.locator(".spot-on").count() == 1
    guest.close()


def test_without_scripts_lists_and_boxes_are_all_there_is_and_enough(site, browser):
    guest = Guest(site, browser, java_script_enabled=False)
    guest.page.goto("/style-guide")
    placing = guest.page.locator("laurel-placing").first

    assert placing.locator("select").first.is_visible()
    assert placing.locator(".chip").first.is_hidden()
    assert placing.get_by_text("Use lists instead of dragging").is_hidden()
    guest.page.locator("laurel-hotspot input").first.check()
    guest.close()
