"""How duban is installed: the image's steps as a script, the units that run it, what an upgrade refuses."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from db import migrate
from db.session import Store
from tests.channels.test_operations import asked
from tests.harness import programs
from tests.harness.bot_api import PATIENCE
from tests.harness.programs import free_port

HOUSE = Path(__file__).resolve().parents[2]
DEPLOY = HOUSE / "docs/deploy"

LIBRARIES = sysconfig.get_path("purelib")
"""What the image would fetch, and this machine has."""


def steps(kind: str) -> list[list[str]]:
    """Return what the image's recipe does, by stage: the arguments of each step of a kind."""
    stages: list[list[str]] = []
    for line in (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            stages.append([])
        elif word == kind:
            stages[-1].append(rest)
    return stages


class Image:
    """What the recipe makes, in a folder in place of a container; nothing is fetched."""

    def __init__(self, folder: Path) -> None:
        self.source, self.root = folder / "src", folder / "image"
        self.source.mkdir(parents=True)
        self.environment = clean_environment() | {
            "PYTHONPATH": LIBRARIES,
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def here(self, step: str) -> str:
        return re.sub(r"/(opt|var/lib)/duban", rf"{self.root}/\1/duban", step).replace("-o 10001 -g 10001 ", "")

    def builds(self) -> None:
        for copied in steps("COPY")[0]:
            *names, to = copied.split()
            for name in names:
                if to == "./":
                    shutil.copy(HOUSE / name, self.source)
                else:
                    shutil.copytree(HOUSE / name, self.source / to, ignore=shutil.ignore_patterns("__pycache__"))
        for step in (step for stage in steps("RUN") for step in stage):
            done = subprocess.run(
                self.here(step), shell=True, cwd=self.source, env=self.environment, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
        for told in steps("ENV")[1]:
            self.environment |= dict(one.split("=", 1) for one in self.here(told).split() if "PATH" not in one)
        self.environment["PATH"] = f"{self.root}/opt/duban/bin:{self.environment['PATH']}"

    @property
    def home(self) -> Path:
        return self.root / "var/lib/duban"

    def runs(self, *arguments: str) -> str:
        done = subprocess.run(
            ["duban", *arguments], cwd=self.home, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.mark.timeout(600)
def test_the_steps_of_the_image_make_a_program_that_serves_and_knows_that_it_does(tmp_path: Path) -> None:
    image = Image(tmp_path)
    image.builds()
    assert image.home.stat().st_mode & 0o077 == 0
    where = subprocess.run(
        [f"{image.root}/opt/duban/bin/python", "-c", "import bot; print(bot.__file__)"],
        cwd=image.home, env=image.environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(f"{image.root}/opt/duban/"), "it is the installed program that is tried, with all its files"
    image.runs("migrate")
    image.runs("import", str(HOUSE / "samples/list.txt"), "--year", "2022")
    port = free_port()
    image.environment |= {"DUBAN_WEB_PORT": str(port), "DUBAN_WEB_HOST": "127.0.0.1"}
    served = subprocess.Popen(
        ["duban", "run"], cwd=image.home, env=image.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert served.stdout is not None
        assert any("已运行" in line for line in iter(served.stdout.readline, ""))
        assert json.loads(asked(port, "/readyz")) == {"ok": True, "wrong": []}
        assert "督办" in asked(port, "/")
        check = steps("HEALTHCHECK")[1][0].partition("CMD ")[2].replace("8420", str(port))
        assert subprocess.run(check, shell=True, env=image.environment, check=False).returncode == 0
    finally:
        served.terminate()
        served.communicate(timeout=15)
    assert served.returncode == 0
    assert subprocess.run(check, shell=True, env=image.environment, capture_output=True, check=False).returncode != 0


OF_THE_MACHINE = ("python3 -m venv", "useradd", "systemctl", "install -m 644", "/opt/duban/bin/pip", "错误：")
"""How lines of the page begin that change the machine itself, or are what a program says."""


@pytest.mark.timeout(600)
@pytest.mark.skipif(os.name != "posix", reason="steps for a system with a shell")
def test_the_steps_of_the_page_install_upgrade_and_restore_with_the_services_settings(tmp_path: Path) -> None:
    page = (HOUSE / "docs/operations.md").read_text(encoding="utf-8")
    steps = {
        name: re.findall(r"^    (.+)$", page.partition(f"## {name}\n")[2].partition("\n## ")[0], re.M)
        for name in ("Install", "Upgrade", "Restore")
    }
    steps["Install"].insert(-2, "echo 'timezone = \"Asia/Urumqi\"' >> /var/lib/duban/duban.toml")
    script = "\n".join(line for lines in steps.values() for line in lines if not line.startswith(OF_THE_MACHINE))
    home = tmp_path / "var/lib/duban"
    home.parent.mkdir(parents=True)
    for there, here in (
        ("/opt/duban/bin/duban", f"{sys.executable} -m bot"),
        ("/var/lib/duban", str(home)),
        ("FILE.zip", "before-upgrade.zip"),
        ("sudo -u duban -- ", ""),
        ("-o duban -g duban ", ""),
    ):
        assert there in script
        script = script.replace(there, here)
    done = subprocess.run(
        ["sh", "-ec", script], cwd=HOUSE, env=clean_environment() | {"PYTHONPATH": str(HOUSE)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    assert home.stat().st_mode & 0o077 == (home / "duban.toml").stat().st_mode & 0o077 == 0
    assert "Asia/Urumqi" in done.stdout, "commands by hand have the service's settings"
    assert (home / "data.old/duban.db").is_file()
    assert (home / "data/duban.db").is_file()


def clean_environment() -> dict[str, str]:
    """Return this process's environment without settings of ours."""
    return {key: value for key, value in os.environ.items() if not key.startswith("DUBAN_")}


def test_the_unit_of_systemd_is_one(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze on this machine")
    unit = (DEPLOY / "duban.service").read_text(encoding="utf-8")
    command = re.search(r"^ExecStart=(\S+) run$", unit, re.M)
    assert command is not None
    tried = tmp_path / "duban.service"
    tried.write_text(unit.replace(command[1], sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tried)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "duban.service" in line]) == (0, [])


OF_THE_IMAGE = {"DUBAN_DATA_DIR", "DUBAN_WEB_HOST", "DUBAN_WEB_PORT"}
"""What the image itself says: where its data lie and where it listens."""


def test_what_compose_sets_is_known_and_no_secret_stands_in_it() -> None:
    from bot.settings import Settings

    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    known = {f"DUBAN_{name.upper()}" for name in Settings.model_fields}
    for name in ("migrate", "duban"):
        service = told["services"][name]
        assert set(service["environment"]) == known - OF_THE_IMAGE, "whatever can be set can be set there"
        assert (DEPLOY / service["build"]["context"]).resolve() == HOUSE
        assert (HOUSE / service["build"]["dockerfile"]).is_file()
        for key, value in service["environment"].items():
            assert "PASSWORD" not in key or str(value).startswith("${"), "it comes from outside"
    order = told["services"]
    assert order["duban"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert order["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0001", "数据库版本较旧；请先备份（duban backup），再运行 duban migrate"),
        ("9999", "请升级程序后再用，数据未改动"),
    ],
)
def test_a_program_of_another_version_does_not_run_and_says_what_to_do(tmp_path: Path, version: str, said: str) -> None:
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    store = Store(url)
    migrate.upgrade(store)
    with store.write() as session:
        session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    store.close()
    done = programs.run(["run"], os.environ | {"DUBAN_DATABASE_URL": url}, HOUSE, PATIENCE)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
