"""`laurel items`: what banks hold and lack, with exit statuses that scripts can rely on."""

import json
from random import Random

import pytest

from app import transaction
from assessments.authoring.cli import group
from assessments.items import finding, keeping
from tests.factories.assessments import bank_of, definition, exam_of, singles
from tests.factories.items import author, drafted
from tests.support.simulated import sit_many

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def run(app):
    """Run the command as the shell would."""
    return lambda *arguments: app.test_cli_runner().invoke(group, ["gaps", *arguments])


def test_a_bank_with_enough_for_every_attempt_is_good(run):
    exam_of(singles(6), draw=2, attempts=3)

    done = run()

    assert done.exit_code == 0
    assert "Every cell holds enough" in done.output


def test_a_short_cell_is_named_with_the_number_that_lacks(run):
    exam = exam_of(singles(5), draw=2, attempts=3)

    done = run("--json")

    assert done.exit_code == 1
    [cell] = json.loads(done.output)
    assert (cell["exam"], cell["topic"], cell["thinking"]) == (exam.code, "F1", "apply")
    assert (cell["needed"], cell["public"], cell["private"], cell["missing"]) == (6, 5, 0, 1)


def test_counting_private_items_only_shows_what_production_lacks(run):
    exam = exam_of(singles(6), draw=2, attempts=3)

    done = run("--exam", exam.code, "--private", "--json")

    assert done.exit_code == 1
    assert json.loads(done.output)[0]["missing"] == 6


def test_an_unknown_exam_cannot_be_told(run):
    assert run("--exam", "NO-SUCH-EXAM").exit_code == 2


@pytest.fixture
def items(app):
    """Run any command of the group as the shell would."""
    return lambda *arguments: app.test_cli_runner().invoke(group, list(arguments))


def test_the_items_of_a_bank_are_listed(items):
    bank = bank_of([definition("A-1"), definition("B-1", "true_false")], code="BANK-X")
    keeping.set_resting(finding.find_item(bank.id, "B-1"), True, actor=author())
    transaction.commit()

    done = items("list", "BANK-X", "--flag", "resting", "--json")

    assert done.exit_code == 0
    [row] = json.loads(done.output)
    assert (row["code"], row["kind"], row["states"]) == ("B-1", "true_false", ["ready"])
    assert "resting" in row["flags"]
    assert "A-1" in items("list", "BANK-X").output
    assert items("list", "BANK-X", "--search", "nothing of the kind").exit_code == 1
    assert items("list", "NO-SUCH").exit_code == 2


def test_one_item_is_shown_with_its_versions(items):
    bank_of([definition("A-1")], code="BANK-X")

    done = items("show", "BANK-X", "A-1", "--json")

    told = json.loads(done.output)
    assert (told["version"], told["versions"]) == (1, {"1": "ready"})
    assert told["definition"]["stem"] == "Stem of A-1?"
    assert "Stem of A-1?" in items("show", "BANK-X", "A-1").output
    assert items("show", "BANK-X", "A-9").exit_code == 2
    assert items("show", "BANK-X", "A-1", "--version", "7").exit_code == 2


def test_the_stock_of_a_bank_is_counted(items):
    bank = bank_of([definition("A-1"), definition("B-1"), definition("C-1", topic="F2")], code="BANK-X")
    keeping.set_pilot(finding.find_item(bank.id, "B-1"), True, actor=author())
    drafted(bank, author(), "W-1")
    transaction.commit()

    done = items("stock", "--bank", "BANK-X", "--json")

    [told] = json.loads(done.output)
    assert told["states"] == {"ready": 3, "draft": 1, "in_review": 0, "retired": 0}
    assert told["pilots"] == 1
    assert told["cells"] == [
        {"topic": "F1", "thinking": "apply", "ready": 1},
        {"topic": "F2", "thinking": "apply", "ready": 1},
    ]
    assert "BANK-X: 3 ready" in items("stock").output
    assert items("stock", "--bank", "NO-SUCH").exit_code == 2


def test_figures_are_worked_out_when_asked_for(items):
    exam = exam_of(singles(2))
    sit_many(exam, 3, Random(1))

    assert items("figures").output == "2 versions have figures.\n"
