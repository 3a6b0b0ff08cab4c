"""A started worker has not loaded what only few requests need; they load it themselves, at the first of them."""

import subprocess
import sys

from app.workers import ROOT

HEAVY = {"alembic", "fontTools", "PIL", "pikepdf", "prometheus_client", "pyhanko", "pytest", "reportlab", "zxingcpp"}
START = """
import sys
from app import workers
for name in workers.FOR_TERMINALS:
    sys.modules[name] = None
from app.config import Settings
from app.factory import create_app
create_app(Settings(mode="test", secret_key="x" * 40, instance={instance!r}))
print(*sorted({{name.partition(".")[0] for name, module in sys.modules.items() if module is not None}}))
"""


def test_a_started_worker_has_not_loaded_what_few_requests_need(tmp_path):
    script = START.format(instance=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"app", "assessments", "certificates", "flask"} <= loaded
    assert loaded & HEAVY == set()
