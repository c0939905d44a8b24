"""Reference pages of the metrics, in Markdown, written from their SQL."""

from __future__ import annotations

from pipeline import names
from pipeline.emit.flink import name_of
from pipeline.model.models import Classified, Window

_FOLDER = "docs/reference/metrics"
_NOTE = "<!-- Generated from sql/metrics by `pipeline build`: edit the model, not this page. -->"
_UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"))


def emit_metric_reference(models: tuple[Classified, ...]) -> dict[str, str]:
    """`{docs/reference/metrics/<metric>.md and index.md: text}` under build/."""
    pages = {f"{_FOLDER}/{name_of(model)}.md": _page(model) for model in models}
    rows = [
        f"| [{name_of(model)}]({name_of(model)}.md) | {_cell(model.resolved.question)} | {model.form} "
        f"| {', '.join(model.sources)} |"
        for model in sorted(models, key=name_of)
    ]
    head = ["| metric | question | form | sources |", "|---|---|---|---|"]
    pages[f"{_FOLDER}/index.md"] = "\n".join([_NOTE, "", "# Metrics", "", *head, *rows, ""])
    return pages


def duration(milliseconds: int) -> str:
    """The time in the largest unit that divides it: `5 minutes`."""
    for size, unit in _UNITS:
        if milliseconds % size == 0:
            count = milliseconds // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{milliseconds} ms"


def window_text(window: Window) -> str:
    """The window in words: `HOP of 5 minutes every 1 minute (period = 5m)`."""
    text = {
        "tumble": f"TUMBLE of {duration(window.size_ms)}",
        "hop": f"HOP of {duration(window.size_ms)} every {duration(window.slide_ms)}",
        "cumulate": f"CUMULATE up to {duration(window.size_ms)} by {duration(window.slide_ms)}",
        "session": f"SESSION with a gap of {duration(window.gap_ms)}",
        "row": "none: each row has a time of its own",
    }[window.kind]
    values = ", ".join(f"{name} = {value}" for name, value in window.discriminator)
    return f"{text} ({values})" if values else text


def _page(model: Classified) -> str:
    source = model.resolved.parsed.rendered.source
    roles = dict(model.roles)
    promises = [
        ("owner", source.promises.owner or "none"),
        ("windows", "; ".join(window_text(window) for window in model.windows)),
        ("form", f"{model.form}: {model.form_reason}"),
        ("late events", f"count for {duration(source.promises.late_hours * 3_600_000)} in their own window")
        if model.form == "live"
        else ("late events", "are dropped once the watermark has closed their window"),
        ("kept", duration(source.promises.keep_hours * 3_600_000)),
        ("sources", ", ".join(model.sources)),
        ("table", f"`{names.table_name(source.name)}`"),
        ("route", f"`GET {names.route(source.kind, source.name)}`"),
        ("topic", f"`{names.topic(source.kind, source.name)}`"),
    ]
    lines = [
        _NOTE,
        "",
        f"# {source.name}",
        "",
        model.resolved.question,
        "",
        "| promise | value |",
        "|---|---|",
    ]
    lines += [f"| {name} | {_cell(value)} |" for name, value in promises]
    lines += ["", "| column | type | role | meaning |", "|---|---|---|---|"]
    lines += [
        f"| {column.name} | {column.sql_type}{'' if column.nullable else ' NOT NULL'} | {roles[column.name]} "
        f"| {_cell(column.description)} |"
        for column in model.resolved.columns
    ]
    return "\n".join([*lines, "", "```sql", source.template.rstrip(), "```", ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
