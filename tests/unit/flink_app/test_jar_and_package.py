"""When the jar is built anew, and what the zip for Managed Flink holds."""

from __future__ import annotations

import ast
import zipfile
from pathlib import Path

from flink_app import build_jar, main, package


def sources(directory: Path) -> Path:
    (directory / "src").mkdir(parents=True)
    (directory / "pom.xml").write_text("<project/>", encoding="utf-8")
    (directory / "src/A.java").write_text("class A {}", encoding="utf-8")
    return directory


def test_the_hash_follows_every_source_file_and_its_name(tmp_path: Path) -> None:
    directory = sources(tmp_path)
    before = build_jar.source_hash(directory)
    (directory / "src/A.java").rename(directory / "src/B.java")
    renamed = build_jar.source_hash(directory)
    (directory / "src/B.java").write_text("class B {}", encoding="utf-8")
    assert len({before, renamed, build_jar.source_hash(directory)}) == 3


def test_an_unchanged_jar_is_not_built_again(tmp_path: Path) -> None:
    directory, build = sources(tmp_path / "connector"), tmp_path / "build"
    (build / "connector").mkdir(parents=True)
    jar = build / "connector" / build_jar.JAR_NAME
    jar.write_bytes(b"jar")
    (build / "connector/source.sha256").write_text(build_jar.source_hash(directory), encoding="utf-8")
    assert build_jar.build_jar(build, directory) == jar.resolve()
    assert jar.read_bytes() == b"jar"


def test_the_zip_is_the_same_bytes_when_made_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    files = {"main.py": tmp_path / "a", "lib/x.jar": tmp_path / "a"}
    first = package.write_zip(files, tmp_path / "out/one.zip").read_bytes()
    (tmp_path / "a").touch()
    assert package.write_zip(files, tmp_path / "out/two.zip").read_bytes() == first
    assert zipfile.ZipFile(tmp_path / "out/two.zip").namelist() == ["main.py", "lib/x.jar"]


def test_the_zip_holds_every_module_that_main_imports() -> None:
    packed = {f"flink_app.{name.removesuffix('.py')}" for name in package.MODULES} | {"flink_app"}
    needed: set[str] = set()
    for name in ("main.py", *package.MODULES):
        for node in ast.walk(ast.parse((package.HERE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("flink_app"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                needed |= {each for each in names if (package.HERE / f"{each[10:]}.py").is_file()} or {
                    node.module
                }
    assert needed <= packed


JAVA_ERROR = """An error occurred while calling o1.executeSql.
: org.apache.flink.table.api.ValidationException: SQL validation failed. {top}
\tat org.apache.flink.Planner.validate(Planner.java:1)
Caused by: org.apache.calcite.CalciteContextException: somewhere
\tat org.apache.calcite.Validator.validate(Validator.java:2)
Caused by: org.apache.calcite.SqlValidatorException: {deepest}
\tat org.apache.calcite.Validator.validate(Validator.java:3)"""


def test_flinks_message_is_told_without_its_trace() -> None:
    error = JAVA_ERROR.format(top="Column 'x' not found", deepest="Column 'x' not found")
    assert main.reason(Exception(error)) == "SQL validation failed. Column 'x' not found"


def test_a_deeper_cause_is_told_where_it_says_more() -> None:
    error = JAVA_ERROR.format(top="At line 1", deepest="Column 'x' not found")
    assert main.reason(Exception(error)) == "SQL validation failed. At line 1: Column 'x' not found"


def test_an_error_of_another_form_is_told_as_it_is() -> None:
    assert main.reason(ValueError("plain")) == "plain"
