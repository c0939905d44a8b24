"""The lineage page: events' fields on the left, models' columns on the right, a line for each dependency."""

from __future__ import annotations

from html import escape

from pipeline.lineage import Lineage, Origin

FILE = "docs/reference/lineage.html"
_ROW, _GAP, _TOP = 22, 18, 56
_LEFT, _RIGHT, _BOX = 40, 560, 300
_TITLE = ""
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --dim: #667085; --line: #98a2b3; --box: #f5f7fa }
:root { --mark: #0b6bcb; --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ef; --dim: #98a2b3; --line: #475467; --box: #1d2430; --mark: #66b2ff; --page: #12161d }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 14px system-ui, sans-serif }
h1 { font-size: 20px; margin: 20px 40px 0 } p { margin: 4px 40px; color: var(--dim) }
text { fill: var(--ink) } .title { font-weight: 600 } .box { fill: var(--box) }
path { fill: none; stroke: var(--line); stroke-width: 1.2 }
.row { stroke-dasharray: 3 4; opacity: .55 }
svg.chosen path { opacity: .12 }
path.on { stroke: var(--mark); stroke-width: 2; opacity: 1 !important }
.field { cursor: pointer } .field:focus { outline: none }
.field.on text { fill: var(--mark); font-weight: 600 }
"""
_SCRIPT = """
const svg = document.querySelector("svg");
const fields = [...svg.querySelectorAll(".field")], lines = [...svg.querySelectorAll("path")];
function show(id) {
  svg.classList.toggle("chosen", Boolean(id));
  const near = new Set([id]);
  for (const line of lines) {
    const on = id && (line.dataset.from === id || line.dataset.to === id);
    line.classList.toggle("on", Boolean(on));
    if (on) near.add(line.dataset.from).add(line.dataset.to);
  }
  for (const field of fields) field.classList.toggle("on", Boolean(id) && near.has(field.id));
}
for (const field of fields) {
  field.addEventListener("mouseenter", () => show(field.id));
  field.addEventListener("focus", () => show(field.id));
  field.addEventListener("mouseleave", () => show(null));
  field.addEventListener("blur", () => show(null));
}
"""


def lineage_page(lineages: dict[str, Lineage]) -> str:
    """The page as HTML that needs nothing else; a dashed line is a field that only decides about rows."""
    origins: dict[str, set[str]] = {}
    for lineage in lineages.values():
        for event, field in {
            *lineage.rows,
            *(origin for column in lineage.columns for origin in column.origins),
        }:
            origins.setdefault(event, set()).add(field)
    left = {event: sorted(fields) for event, fields in sorted(origins.items())}
    right = {name: [column.name for column in lineages[name].columns] for name in sorted(lineages)}
    places, boxes, bottom = {}, [], 0
    for side, groups, x in (("e", left, _LEFT), ("m", right, _RIGHT)):
        y = _TOP
        for group, fields in groups.items():
            height = _ROW * (len(fields) + 1) + 8
            boxes.append(_box(x, y, height, group))
            places[side, group, _TITLE] = (x, y + 13)
            for index, field in enumerate(fields):
                middle = y + _ROW * (index + 1) + 15
                places[side, group, field] = (x, middle)
                boxes.append(_field(f"{side}.{group}.{field}", x, middle, field))
            y += height + _GAP
        bottom = max(bottom, y)
    lines = [line for name, lineage in lineages.items() for line in _lines(name, lineage, places)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Lineage</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>Where each number comes from</h1>\n"
        "<p>Point at a field or a column. A dashed line is a field that decides which rows there are.</p>\n"
        f'<svg width="{_RIGHT + _BOX + _LEFT}" height="{bottom}" role="img" aria-label="Column lineage">\n'
        + "\n".join([*lines, *boxes])
        + f"\n</svg>\n<script>{_SCRIPT}</script>\n</body></html>\n"
    )


def emit_lineage_page(lineages: dict[str, Lineage]) -> dict[str, str]:
    """`{docs/reference/lineage.html: text}` under build/."""
    return {FILE: lineage_page(lineages)}


def _box(x: int, y: int, height: int, title: str) -> str:
    return (
        f'<rect class="box" x="{x}" y="{y}" width="{_BOX}" height="{height}" rx="6"/>'
        f'<text class="title" x="{x + 12}" y="{y + 18}">{escape(title)}</text>'
    )


def _field(identity: str, x: int, middle: int, name: str) -> str:
    return (
        f'<g class="field" id="{escape(identity)}" tabindex="0">'
        f'<rect x="{x}" y="{middle - 13}" width="{_BOX}" height="{_ROW}" fill="transparent"/>'
        f'<text x="{x + 24}" y="{middle + 3}">{escape(name)}</text></g>'
    )


def _lines(name: str, lineage: Lineage, places: dict[tuple[str, str, str], tuple[int, int]]) -> list[str]:
    drawn = []
    valued: set[Origin] = set()
    for column in lineage.columns:
        valued.update(column.origins)
        drawn += [_line(origin, name, column.name, places, "") for origin in column.origins]
    # A field that only filters touches every column: one line to the model's name says so.
    rows = [origin for origin in lineage.rows if origin not in valued]
    return drawn + [_line(origin, name, _TITLE, places, "row") for origin in rows]


def _line(
    origin: Origin, model: str, column: str, places: dict[tuple[str, str, str], tuple[int, int]], kind: str
) -> str:
    (x1, y1), (x2, y2) = places["e", *origin], places["m", model, column]
    x1 += _BOX
    bend = (x2 - x1) // 2
    source, target = escape(f"e.{origin[0]}.{origin[1]}"), escape(f"m.{model}.{column}")
    return (
        f'<path class="{kind}" data-from="{source}" data-to="{target}" '
        f'd="M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    )
