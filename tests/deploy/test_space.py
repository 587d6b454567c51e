"""What is shipped: the folder of a Space and the versions its head says, the pins, and how the image is run."""

import re
from pathlib import Path

import yaml

from deploy.space import assemble
from tests.fixtures.paths import ROOT

LONGEST_DESCRIPTION = 60


def test_the_folder_has_what_the_page_needs_and_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "space"
    (folder / "old").mkdir(parents=True)
    assemble(folder)
    assert {path.name for path in folder.iterdir()} >= {"app.py", "resnet_explorer", "requirements.txt", "README.md"}
    assert not (folder / "old").exists()
    assert not (folder / "tests").exists()
    assert not list(folder.rglob("*.pyc"))


def test_where_gpus_are_lent_torch_is_the_oldest_that_is_tested_and_spaces_is_there(tmp_path: Path) -> None:
    assemble(tmp_path / "space", zero_gpu=True)
    wanted, usual = ((path / "requirements.txt").read_text().splitlines() for path in (tmp_path / "space", ROOT))
    (oldest,) = re.findall(r"^OLDEST := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(wanted) - set(usual) == {*oldest.split(), "spaces"}
    assert len(wanted) == len(usual) + 1


def test_the_head_of_its_readme_is_what_a_space_reads(tmp_path: Path) -> None:
    assemble(tmp_path / "space")
    _, head, readme = (tmp_path / "space" / "README.md").read_text().split("---\n", 2)
    fields = yaml.safe_load(head)
    assert readme.strip() == (ROOT / "README.md").read_text().strip()
    assert (ROOT / fields["app_file"]).is_file()
    assert f"gradio=={fields['sdk_version']}" in (ROOT / "requirements.txt").read_text().splitlines()
    assert fields["license"].upper() in (ROOT / "LICENSE").read_text()[:20]
    assert len(fields["short_description"]) <= LONGEST_DESCRIPTION


def test_every_pin_has_its_hashes_and_none_is_another_than_in_the_requirements() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.split(r"\n(?=\S)", lock.partition("\n")[2])
    assert all("--hash=sha256:" in pin for pin in pins if pin.strip())
    pinned = {re.split(r"[ \\]", pin)[0] for pin in pins}
    wanted = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert {line for line in wanted if not line.startswith(("torch==", "torchvision=="))} <= pinned


def test_the_image_is_run_without_rights_and_asks_whether_all_is_well() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert lines.index("USER 1000") < lines.index('CMD ["python", "app.py"]')
    # packages come before the code, so that a change of the code makes none of them anew
    assert lines.index("COPY requirements.lock requirements.txt ./") < lines.index(
        "COPY resnet_explorer resnet_explorer"
    )
    assert any("/healthz" in line for line in lines)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "runs:/data" in service["volumes"]
        assert service["build"]["context"] == "."
    assert services["gpu"]["build"]["args"]["TORCH"].startswith("cu")
