"""Course folders on disk, and courses in the database, for tests."""

from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from app import clock
from app.extensions import db
from courses import importing, levels
from courses.folder.model import CourseFolder
from courses.folder.reader import read_folder

CURRICULUM = Path(__file__).resolve().parents[2] / "courses" / "curriculum"
LESSONS = {"A": ["A.1", "A.2"], "B": ["B.1"]}

COURSE = """\
    format = 1
    code = "{code}"
    title = "Testing with care"
    level = "{level}"
    language = "en"
    minutes = 45
    summary = "Three lessons on testing."
    audience = "People who test."
    outcomes = ["tell a good test from a bad one"]
    authors = "The founding authors"
    edition = "{edition}"
    licence = "CC-BY-4.0"
    modules = [{modules}]
    sources = ["Written for tests."]
"""
MODULE = """\
    code = "{code}"
    title = "Module {code}"
    summary = "What {code} is about."
    outcomes = ["do what {code} teaches"]
    lessons = [{lessons}]
"""
LESSON = """\
    +++
    code = "{code}"
    title = "Lesson {code}"
    minutes = 15
    objective = "do what {code} teaches"
    techniques = []
    own = false
    +++
    The first words of {code}.

    ## The middle of {code}

    ::: key
    One point.
    :::

    ### The end of {code}

    ::: summary
    - Enough.
    :::
"""
ITEM = """\
    [[item]]
    code = "{code}"
    kind = "single"
    topic = "{topic}"
    objective = "{topic}.1"
    thinking = "{thinking}"
    technique = ""
    stem = "Which is right in {code}?"
    options = [
      {{ code = "a", text = "This one", right = true }},
      {{ code = "b", text = "That one" }},
      {{ code = "c", text = "Neither of the two" }},
    ]
    feedback = "This one is."

"""
EXAM = """\
    code = "{code}-EXAM"
    title = "Exam on testing"
    minutes = 20
    pass_percent = "70"
    attempts = 3
    waits_days = [1]
    supervision = "unsupervised"
    rules = "Be honest."

    [[cell]]
    topic = "A"
    thinking = "understand"
    draw = 2
"""
PRACTICAL = """\
    code = "{code}-P1"
    title = "A test of your own"
    minutes = 120
    calendar_days = 7
    summary = "Write a test."
    max_files = 3
    max_megabytes = 5
    file_types = ["pdf"]
    declaration = "It is mine."
"""
RUBRIC = """\
    code = "{code}-R1"
    title = "Criteria"
    levels = ["absent", "meets"]
    pass_level = "meets"

    [[criterion]]
    code = "care"
    title = "Care"
    question = "Was care taken?"
    technique = ""
    objective = "A.1"
    descriptors = ["No.", "Yes."]
"""
SCHEME = """\
    level = "{level}"
    code = "{code}-SCHEME"
    version = 1
    title = "Certificate"
    effective = 2020-01-01
    validity_years = 0
    decider = "standing"
    requires_level = "{requires}"

    [[requirement]]
    code = "lessons"
    kind = "lessons"
    course = "{code}"

    [[requirement]]
    code = "exam"
    kind = "exam"
    exam = "{code}-EXAM"
    minimum_percent = "70"

    [[requirement]]
    code = "practical"
    kind = "practical"
    practical = "{code}-P1"
    minimum_level = "meets"
"""


@dataclass
class SmallCourse:
    """A sound course folder of two modules and three lessons, whose files a test may then change."""

    root: Path
    code: str = "CT"
    level: str = "foundation"
    edition: str = "1"
    requires: str = ""
    modules: dict[str, list[str]] = field(default_factory=lambda: {key: list(codes) for key, codes in LESSONS.items()})

    def write(self) -> "SmallCourse":
        """Write every file."""
        names = {"code": self.code, "level": self.level, "edition": self.edition, "requires": self.requires}
        folders = ", ".join(f'"{module.lower()}"' for module in self.modules)
        self.put("course.toml", COURSE, modules=folders, **names)
        for module, lessons in self.modules.items():
            under = f"modules/{module.lower()}"
            listed = ", ".join(f'"{code}.md"' for code in lessons)
            self.put(f"{under}/module.toml", MODULE, code=module, lessons=listed)
            for code in lessons:
                self.put(f"{under}/{code}.md", LESSON, code=code)
            self.put(f"{under}/quiz.toml", ITEM, code=f"{module}-Q01", topic=module, thinking="apply")
        bank = "".join(ITEM.format(code=f"A-00{n}", topic="A", thinking="understand") for n in (1, 2))
        self.put("items/a.toml", bank.replace("{", "{{").replace("}", "}}"))
        self.put("exam.toml", EXAM, **names)
        self.put("practical/practical.toml", PRACTICAL, **names)
        self.put("practical/rubric.toml", RUBRIC, **names)
        self.put("practical/brief.md", "Write one test.\n")
        self.put("practical/dossier/case.md", "The case.\n")
        self.put("scheme.toml", SCHEME, **names)
        return self

    def put(self, name: str, text: str, **values: str) -> None:
        """Write one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).format(**values), encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace words in one file; they must be there."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def line_of(self, name: str, words: str) -> int:
        """The line on which some words stand."""
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)

    def faults(self, **kwargs) -> list[tuple[str, int, str]]:
        """What the reader says of the folder."""
        _course, faults = read_folder(self.root, **kwargs)
        return [(fault.file, fault.line, fault.message) for fault in faults]

    def read(self) -> CourseFolder:
        """The folder as read; it must be sound."""
        course, faults = read_folder(self.root)
        assert course is not None, faults
        return course


def load_levels() -> None:
    """The three levels that come with the program."""
    content, faults = levels.read_levels(levels.LEVELS_FILE)
    assert content is not None, faults
    levels.import_levels(content)
    db.session.commit()


def publish(course: SmallCourse) -> importing.ImportReport:
    """Import a folder, with the levels, as if it had been there before."""
    load_levels()
    report = importing.import_course(course.write().read(), clock.now())
    db.session.commit()
    return report
