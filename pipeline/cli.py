"""The command line `pipeline <verb>`: reads the arguments and hands over to `pipeline.commands`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.commands.project import USAGE_ERROR, NoProjectError

app = typer.Typer(
    name="pipeline",
    help="Compile, test and run the metrics of sql/.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="What to write: metric.")],
    name: Annotated[str, typer.Argument(help="Its name, such as searches_per_minute.")],
    event: Annotated[
        str | None,
        typer.Option("--from", metavar="EVENT", help="The event to count; the name tells without."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the folder of a new model: a query that runs and a case that passes."""
    from pipeline.commands import new as command  # noqa: PLC0415

    raise typer.Exit(command.run(kind, name, event, as_json=as_json))


@app.command()
def check(as_json: Json = False) -> None:
    """Find every mistake in sql/; write nothing."""
    from pipeline.commands import check as command  # noqa: PLC0415 - each verb loads only what it needs

    raise typer.Exit(command.run(as_json=as_json))


@app.command()
def build(as_json: Json = False) -> None:
    """Write build/: SQL, DDL, schemas, reference and manifest."""
    from pipeline.commands import build as command  # noqa: PLC0415

    raise typer.Exit(command.run(as_json=as_json))


@app.command()
def show(
    *,
    model: Annotated[str | None, typer.Argument(help="Name of the model; without it all are listed.")] = None,
    flink: Annotated[bool, typer.Option("--flink", help="What runs on Flink.")] = False,
    duckdb: Annotated[bool, typer.Option("--duckdb", help="The batch form for DuckDB.")] = False,
    trino: Annotated[bool, typer.Option("--trino", help="The batch form for Trino, as on Athena.")] = False,
    spark: Annotated[bool, typer.Option("--spark", help="The batch form for Spark, as on Glue.")] = False,
    manifest: Annotated[bool, typer.Option("--manifest", help="Its part of the manifest.")] = False,
    columns: Annotated[bool, typer.Option("--columns", help="Its columns.")] = False,
    lineage: Annotated[bool, typer.Option("--lineage", help="What each column is reckoned from.")] = False,
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="With --lineage: all models, as a page.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what becomes of a model: its SQL, its form and why, and anything generated from it."""
    chosen = [
        name
        for name, wanted in {
            "flink": flink,
            "duckdb": duckdb,
            "trino": trino,
            "spark": spark,
            "manifest": manifest,
            "columns": columns,
            "lineage": lineage,
        }.items()
        if wanted
    ]
    if html is not None:
        if not lineage:
            raise typer.BadParameter("--html goes with --lineage", param_hint="--html")
        from pipeline.commands import show as page_command  # noqa: PLC0415

        raise typer.Exit(page_command.write_lineage_page(html))
    if chosen and model is None:
        raise typer.BadParameter(f"--{chosen[0]} needs the name of a model", param_hint="MODEL")
    from pipeline.commands import show as command  # noqa: PLC0415

    raise typer.Exit(command.run(model, chosen, as_json=as_json))


@app.command()
def test(
    names: Annotated[list[str] | None, typer.Argument(help="Models to test; all without.")] = None,
    engine: Annotated[str, typer.Option(help="duckdb, flink or both.")] = "duckdb",
    as_json: Json = False,
) -> None:
    """Run the tests beside the models."""
    if engine not in ("duckdb", "flink", "both"):
        raise typer.BadParameter(
            f'there is no engine "{engine}": choose duckdb, flink or both', param_hint="--engine"
        )
    from pipeline.commands import test as command  # noqa: PLC0415

    raise typer.Exit(command.run(names or [], json=as_json, engine=engine))


@app.command()
def accept(
    names: Annotated[list[str] | None, typer.Argument(help="Models; all without.")] = None,
    *,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where a contract is not up to date.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish the columns, types and keys of models as their contract.json."""
    from pipeline.commands import accept as command  # noqa: PLC0415

    raise typer.Exit(command.run(names or [], only_check=only_check, as_json=as_json))


@app.command()
def plan(
    *,
    against: Annotated[
        str | None,
        typer.Option(metavar="BUILD", help="A build's folder or a git revision; build/ without."),
    ] = None,
    sent: Annotated[
        float, typer.Option("--rate", min=0, help="Events a second that were sent, for the estimate.")
    ] = 556.0,
    read: Annotated[
        float, typer.Option("--replay-rate", min=1, help="Events a second that a replay reads.")
    ] = 30_000.0,
    as_json: Json = False,
) -> None:
    """Say what a deployment would do: to readers, to Flink's state, to the rows there are."""
    from pipeline.commands import plan as command  # noqa: PLC0415

    raise typer.Exit(command.run(against, sent=sent, read=read, as_json=as_json))


@app.command()
def cost(
    *,
    plan_file: Annotated[
        str | None,
        typer.Option("--plan", metavar="FILE", help="`terraform show -json` of a plan; build/ without."),
    ] = None,
    events_per_hour: Annotated[
        float, typer.Option(min=1, help="The sustained rate; the peak is a third more.")
    ] = 1_500_000.0,
    scale: Annotated[
        list[float] | None, typer.Option(min=0.001, help="Times the sustained rate; 10 and 100 without.")
    ] = None,
    budget_usd: Annotated[
        float | None, typer.Option(min=0, help="A month at peak; the plan's budget_usd or 5000 without.")
    ] = None,
    assumptions: Annotated[
        str | None, typer.Option(metavar="FILE", help="TOML of assumptions that differ.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=NUMBER", help="One assumption that differs.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a month on AWS costs, by service and by million events; exit 1 over the budget."""
    from pipeline.commands import cost as command  # noqa: PLC0415

    raise typer.Exit(
        command.run(
            plan=plan_file,
            events_per_hour=events_per_hour,
            scales=tuple(scale or (10.0, 100.0)),
            budget_usd=budget_usd,
            assumptions_file=assumptions,
            settings=settings or [],
            as_json=as_json,
        )
    )


@app.command()
def docs(
    folder: Annotated[
        str | None, typer.Option("--out", metavar="FOLDER", help="Where to; build/docs/reference without.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the reference: events, metrics, lineage, functions, rules."""
    from pipeline.commands import docs as command  # noqa: PLC0415

    raise typer.Exit(command.run(folder, as_json=as_json))


@app.command()
def parity(
    *,
    names: Annotated[list[str] | None, typer.Argument(help="Models to prove; all without.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All models, as without names.")] = False,
    engines: Annotated[
        str | None, typer.Option(help="Of flink,duckdb,spark,trino; all that are installed without.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the input.")] = 1,
    rows: Annotated[int, typer.Option(min=1, help="Events in the largest dataset, about.")] = 130,
    save: Annotated[bool, typer.Option("--save", help="Keep failing input as test cases.")] = False,
    as_json: Json = False,
) -> None:
    """Prove that models mean the same on every engine: adversarial input, real engines, row for row."""
    from pipeline.commands import parity as command  # noqa: PLC0415

    chosen = [name.strip() for name in (engines or "").split(",") if name.strip()]
    unknown = [name for name in chosen if name not in command.ENGINE_NAMES]
    if unknown:
        raise typer.BadParameter(
            f'there is no engine "{unknown[0]}": choose from {", ".join(command.ENGINE_NAMES)}',
            param_hint="--engines",
        )
    if every and names:
        raise typer.BadParameter("--all goes without names", param_hint="--all")
    raise typer.Exit(command.run(names or [], engines=chosen, seed=seed, rows=rows, save=save, json=as_json))


@app.command()
def dev(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of page and API; 0 takes a free one.")
    ] = 8080,
    seconds: Annotated[
        float | None, typer.Option("--for", min=0, metavar="SECONDS", help="Stop by itself after this time.")
    ] = None,
    simulator: Annotated[bool, typer.Option(help="Send simulated events.")] = True,
    rate: Annotated[float, typer.Option(min=0, help="Simulated events per second.")] = 100.0,
    seed: Annotated[int, typer.Option(help="Seed of the simulated traffic.")] = 1,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Run everything on this machine, with sql/ watched: a change is live in seconds."""
    from pipeline.commands import dev as command  # noqa: PLC0415

    raise typer.Exit(
        command.run(
            port=port, for_seconds=seconds, simulator=simulator, rate=rate, seed=seed, open_page=open_page
        )
    )


@app.command()
def doctor(
    target: Annotated[
        str | None, typer.Option("--for", metavar="TARGET", help="Only what this make target needs.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check what this machine needs to build and run the project."""
    from pipeline.commands import doctor as command  # noqa: PLC0415

    raise typer.Exit(command.run(as_json=as_json, for_target=target))


def main() -> None:
    """Entry point: exits 0, 1 (a mistake in the project) or 2 (usage)."""
    try:
        app()
    except NoProjectError as error:
        print(error, file=sys.stderr)
        sys.exit(USAGE_ERROR)
