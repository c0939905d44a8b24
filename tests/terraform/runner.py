"""Runs Terraform on a copy of `terraform/`, against mocked providers; nothing is left in the checkout.

`TF_PLUGIN_DIR` names a mirror of providers; without it they come from Terraform's registry.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCK = ".terraform.lock.hcl"


@dataclass(frozen=True)
class Terraform:
    """Terraform in `tree`, a copy of the project's `terraform/`; what it downloads lies in `data`."""

    tree: Path
    data: Path

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command in a folder of the tree (`.` is the root)."""
        environment = {name: value for name, value in os.environ.items() if name != "TF_CLI_CONFIG_FILE"}
        environment |= {
            "TF_DATA_DIR": str(self.data / module.replace("/", "-")),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
        }
        return subprocess.run(
            ["terraform", *arguments],
            check=False,
            cwd=self.tree / module,
            env=environment,
            capture_output=True,
            text=True,
            timeout=280,
        )

    def init(self, module: str) -> None:
        """Prepares a folder; the providers' checksums are worked out once for all folders."""
        lock = self.data / LOCK
        if lock.exists():
            shutil.copy(lock, self.tree / module / LOCK)
        mirror = os.environ.get("TF_PLUGIN_DIR")
        done = self.run(
            module,
            "init",
            "-backend=false",
            "-input=false",
            "-no-color",
            *([f"-plugin-dir={mirror}"] if mirror else []),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copy(self.tree / module / LOCK, lock)

    def messages(self, module: str, *arguments: str) -> list[dict[str, Any]]:
        """What `terraform test -json` said, line by line."""
        done = self.run(module, "test", "-json", *arguments)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def errors(self, variables: Mapping[str, str]) -> list[str]:
        """The texts of the errors that a plan of the root meets with these variables."""
        lines = self.messages(".", "-filter=tests/environment.tftest.hcl", *_assigned(variables))
        return [
            line["diagnostic"]["detail"]
            for line in lines
            if line["type"] == "diagnostic" and line["diagnostic"]["severity"] == "error"
        ]

    def planned(self, variables: Mapping[str, str]) -> dict[str, Any]:
        """The planned resources of the root by address, each with its known values."""
        lines = self.messages(".", "-verbose", "-filter=tests/environment.tftest.hcl", *_assigned(variables))
        plans = [line["test_plan"] for line in lines if line["type"] == "test_plan"]
        assert len(plans) == 1, lines
        return {
            change["address"]: change["change"]["after"]
            for change in plans[0]["resource_changes"]
            if change["mode"] == "managed"
        }


def _assigned(variables: Mapping[str, str]) -> list[str]:
    return [f"-var={name}={value}" for name, value in variables.items()]
