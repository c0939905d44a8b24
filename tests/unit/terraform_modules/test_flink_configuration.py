"""What Terraform tells Managed Flink is what the job reads, and accounts for every setting of a cluster."""

from __future__ import annotations

import re
from pathlib import Path

from flink_app import package, settings
from flink_app.build_jar import JAR_NAME
from flink_app.properties import parse_properties

SOURCE = Path(__file__).parents[3] / "terraform/modules/stream_processing/applications.tf"


def _groups() -> dict[str, dict[str, str]]:
    """The property groups as Terraform writes them, with a value for each reference."""
    text = SOURCE.read_text(encoding="utf-8")
    block = re.search(r"property_groups = \{.*?^  \}$", text, re.M | re.S)
    assert block
    groups: dict[str, dict[str, str]] = {}
    for name, body in re.findall(
        r'^      "?([\w.]+)"? = \{[^\n]*\n(.*?)^      \}$', block.group(), re.M | re.S
    ):
        pairs = re.findall(r'^        "?([\w.-]+)"?\s*= (.+)$', body, re.M)
        groups[name] = {key: _value(value) for key, value in pairs}
    return groups


def _value(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r"\$\{[^}]*\}", "1000", text.strip('"'))
    return "TRIM_HORIZON" if "starts" in text else "something"


def test_the_job_takes_every_property_that_terraform_gives() -> None:
    groups = _groups()
    document = [{"PropertyGroupId": name, "PropertyMap": pairs} for name, pairs in groups.items()]
    properties = parse_properties(document, "applications.tf")
    assert properties.build_dir == "build"
    assert not properties.wait
    assert set(properties.flink) <= {setting.name for setting in settings.JOB}


def test_the_run_options_name_what_lies_in_the_package() -> None:
    options = _groups()["kinesis.analytics.flink.run.options"]
    documented = package.__doc__ or ""
    assert options["python"] == "main.py"
    assert options["jarfile"] == f"lib/{JAR_NAME}"
    assert options["pyFiles"] == "modules/"
    assert all(value in documented for value in options.values())


def test_every_setting_of_a_cluster_is_given_to_aws_or_said_to_be_fixed_by_it() -> None:
    comment = " ".join(
        line.strip() for line in SOURCE.read_text(encoding="utf-8").splitlines() if "# " in line
    )
    for setting in settings.CLUSTER:
        assert setting.name in comment or f".{setting.name.split('.', 2)[-1]}" in comment, setting.name
