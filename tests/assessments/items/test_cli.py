"""`laurel items gaps`: what each cell lacks, with exit statuses that scripts can rely on."""

import json

import pytest

from assessments.items.cli import group
from tests.factories.assessments import exam_of, singles

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
