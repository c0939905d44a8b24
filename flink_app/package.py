"""Writes the zip that Managed Flink runs, `build/packages/flink-<app>.zip`.

    python -m flink_app.package

Built again from the same sources it is the same bytes, so a deployment sees a change only where there is one:

    main.py               property `python` of group kinesis.analytics.flink.run.options
    modules/flink_app/    property `pyFiles`: `modules/`
    lib/flink-connector.jar   property `jarfile`
    build/flink/<app>/    the compiled job; property `build_dir` of group job: `build`
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from pathlib import Path

from flink_app.build_jar import JAR_NAME, build_jar
from flink_app.errors import FlinkAppError
from flink_app.job import load_job

HERE = Path(__file__).resolve().parent
MODULES = ("__init__.py", "errors.py", "job.py", "properties.py", "settings.py")
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644 << 16


def package_files(build_dir: Path, app: str, jar: Path) -> dict[str, Path]:
    """Name in the zip to file, in the order in which they are written.

    Raises FlinkAppError when the app is not compiled.
    """
    job = load_job(build_dir, app)
    statements = [statement.file for statement in (*job.ddl, *job.inserts)]
    return {
        "main.py": HERE / "main.py",
        **{f"modules/flink_app/{name}": HERE / name for name in MODULES},
        f"lib/{JAR_NAME}": jar,
        f"build/flink/{app}/job.json": build_dir / "flink" / app / "job.json",
        **{f"build/{file}": build_dir / file for file in sorted(statements)},
    }


def write_zip(files: dict[str, Path], target: Path) -> Path:
    """Write `files` to `target`, by rename; the same content gives the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".new")
    with zipfile.ZipFile(temporary, "w") as archive:
        for name, path in files.items():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.external_attr = FILE_MODE
            entry.create_system = 3  # Unix, wherever it is written
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".jar") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return temporary.replace(target)


def main(arguments: list[str] | None = None) -> int:
    """Print the zip's path; 1 with a message when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m flink_app.package", description=__doc__)
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="default: build")
    parser.add_argument("--app", default="main", help="which compiled application; default: main")
    options = parser.parse_args(arguments)
    try:
        files = package_files(options.build_dir, options.app, build_jar(options.build_dir))
    except FlinkAppError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    target = write_zip(files, options.build_dir / "packages" / f"flink-{options.app}.zip")
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
