"""The built wheel works without make: its command, its sample, its answers."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.homes import copied

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("shouce-*.whl"))


@pytest.fixture(scope="module")
def shouce(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of an environment that has the wheel, and beside it only what the wheel asks for."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    # A path file does not run the path files of the folder it names, so this checkout's editable install stays out.
    (site / "needs.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    install = [*pip, str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return folder / "bin" / "shouce"


def run(command: Path, *arguments: str, home: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SHOUCE_")}
    result = subprocess.run(
        [str(command), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**environment, "SHOUCE_HOME": str(home), "PYTHONPATH": ""},
        cwd=home,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_wheel_holds_what_it_needs_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {"kb", "ingest", "assistant", "eval", "ui"} <= tops
    assert not tops & {"tests", "tools", "docs"}
    assert sum(name.startswith("ingest/sample/") for name in names) >= 11
    beside = {
        str(path.relative_to(ROOT))
        for part in ("kb", "ingest", "assistant", "ui")
        for path in (ROOT / part).rglob("*")
        if path.suffix in {".npz", ".json", ".toml", ".txt", ".md", ".css", ".js"}
    }
    assert {"kb/claim_reader.npz", "assistant/checklist/orders.json", "assistant/plan/learnt.npz"} <= beside
    assert {*beside, "kb/py.typed", "eval/datasets/sample_a.jsonl"} <= set(names)


def test_sample_and_ask_work_from_the_wheel(shouce: Path, sample_home: Path, tmp_path: Path) -> None:
    home = copied(sample_home, tmp_path / "home")
    shutil.rmtree(home / "index")
    reports = json.loads(run(shouce, "sample", "--json", home=home))["documents"]
    assert {report["status"] for report in reports} == {"unchanged"}
    assert len(reports) == 11
    answer = json.loads(run(shouce, "ask", "补偿800元要谁批准？", "--json", home=home))
    assert answer["status"] == "answered"
    assert "客服主管" in answer["answer"]
