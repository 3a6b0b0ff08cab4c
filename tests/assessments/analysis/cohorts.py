"""Made-up cohorts whose truth is known: who knows how much, who copied from whom."""

from math import exp
from random import Random

from assessments.analysis.sheets import Answer, Sheet

RIGHT, WRONG = "a", "bcd"
Answers = dict[str, list[str]]


def honest(rng: Random, people: int, items: int = 40, ease: float = 0.5) -> Answers:
    """Options chosen by people who work apart.

    Logistic curves for right answers. Wrong options are unlike attractive, and unlike so to weak and able people, which
    the null of the similarity report does not know: the cohort is harder on it than its own model would be.
    """
    hard = [rng.gauss(0, 0.8) for _ in range(items)]
    pulls = [[(rng.gauss(0, 0.7), rng.gauss(0, 0.4)) for _ in WRONG] for _ in range(items)]
    found = {}
    for person in range(people):
        able = rng.gauss(0, 1)
        found[f"P{person:03}"] = [
            RIGHT
            if rng.random() < 1 / (1 + exp(-1.1 * (able - hard[item] + ease)))
            else rng.choices(WRONG, [exp(pull + slope * able) for pull, slope in pulls[item]])[0]
            for item in range(items)
        ]
    return found


def copying(rng: Random, answers: Answers, pairs: int, share: float) -> set[tuple[str, str]]:
    """Let the second of each of the first `pairs` neighbours take over that share of the first one's answers."""
    names = sorted(answers)
    made = set()
    for one, other in zip(names[0 : 2 * pairs : 2], names[1 : 2 * pairs : 2], strict=True):
        answers[other] = [
            mine if rng.random() < share else own for mine, own in zip(answers[one], answers[other], strict=True)
        ]
        made.add((one, other))
    return made


def sheets_of_answers(answers: Answers) -> list[Sheet]:
    """The sheets, one right option each."""
    return [
        Sheet(
            person, tuple(Answer(f"I{item:02}", float(code == RIGHT), True, (code,)) for item, code in enumerate(row))
        )
        for person, row in answers.items()
    ]
