"""Imports a Lambda's package in a clean interpreter, as Lambda would, before it is shipped."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.errors import DeployError

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""What Lambda's own runtime brings."""


def check_imports(files: Mapping[str, Path], wheels: Path, *, module: str) -> None:
    """Lay `files` (name in the zip to file) out and import `module` with nothing else but `wheels` (installed
    for this machine) and what Lambda's runtime brings; raises DeployError where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        package, runtime = Path(folder) / "package", Path(folder) / "runtime"
        for name, file in files.items():
            target = package / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        runtime.mkdir()
        for name in RUNTIME:
            found = importlib.util.find_spec(name)
            if found is not None and found.origin is not None:
                origin = Path(found.origin)
                source = origin.parent if origin.name == "__init__.py" else origin
                (runtime / source.name).symlink_to(source)
        path = [str(package), str(wheels), str(runtime)]
        code = f"import sys; sys.path[:0] = {path!r}; import {module}"
        # -I: no environment, no user's site; -S: nothing of this interpreter's own site-packages.
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, cwd=package, check=False
        )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise DeployError(
            f"the package does not import: {last[0]}\n"
            "What it needs must be in chalice_api/requirements.txt, or come with Lambda's runtime."
        )
