// A facet's chart: lines or stacked bars over time, with a cursor for pointer and keyboard.
import { area, curveMonotoneX, line } from "d3-shape";
import { type PointerEvent, useState } from "react";
import { formatNumber, formatTick } from "../format/numbers.ts";
import { formatTime, formatWindow } from "../format/time.ts";
import { seriesName } from "../format/words.ts";
import type { Facet, Point, Series } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { MARGIN, nearest, type Scales, scalesOf } from "../select/scales.ts";
import { facetLabel, kindOf } from "./Headline.tsx";
import { Status } from "./Status.tsx";
import { useSize } from "./useSize.ts";

interface Props {
  readonly plan: Plan;
  readonly facet: Facet;
  readonly colours: ReadonlyMap<string, string>;
  /** The least height, in pixels; it grows with its card. */
  readonly minHeight: number;
}

/** Pixels between two windows from which on each point is marked. */
const ROOM_FOR_DOTS = 16;

type Defined = Point & { readonly amount: NonNullable<Point["amount"]> };

function isDefined(point: Point): point is Defined {
  return point.amount !== null;
}

/** A line in two parts: closed windows whole, and the way to the open ones, which are not full yet, dashed. */
function LinePath({
  one,
  scales,
  colour,
  filled,
}: {
  one: Series;
  scales: Scales;
  colour: string;
  filled: boolean;
}) {
  const { x, y } = scales;
  const shape = line<Point>(
    (point) => x(point.x),
    (point) => y(point.amount?.value ?? 0),
  )
    .defined(isDefined)
    .curve(curveMonotoneX);
  const under = area<Point>()
    .x((point) => x(point.x))
    .y0(y(0))
    .y1((point) => y(point.amount?.value ?? 0))
    .defined(isDefined)
    .curve(curveMonotoneX);
  const firstOpen = one.points.findIndex((point) => point.open);
  const cut = firstOpen === -1 ? one.points.length : firstOpen;
  const closed = one.points.slice(0, cut);
  const open = one.points.slice(Math.max(0, cut - 1));
  // A point without neighbours has no line; it is drawn as a dot. So is every point where there is room.
  const dotted = scales.slot >= ROOM_FOR_DOTS;
  const dots = one.points.filter(
    (point, index) =>
      isDefined(point) &&
      !point.open &&
      (dotted || (one.points[index - 1]?.amount == null && one.points[index + 1]?.amount == null)),
  );
  const tips = open.filter((point) => point.open && isDefined(point));
  return (
    <g stroke={colour} fill="none" strokeLinecap="round" strokeLinejoin="round">
      {filled && <path className="area" d={under(closed) ?? ""} fill={colour} stroke="none" />}
      <path className="line" d={shape(closed) ?? ""} />
      {firstOpen !== -1 && <path className="line open" d={shape(open) ?? ""} />}
      {dots.map((point) => (
        <circle
          key={point.x}
          cx={x(point.x)}
          cy={y(point.amount?.value ?? 0)}
          r={2.5}
          fill={colour}
          stroke="none"
        />
      ))}
      {tips.map((point) => (
        <circle
          key={point.x}
          className="tip"
          cx={x(point.x)}
          cy={y(point.amount?.value ?? 0)}
          r={3.5}
          strokeWidth={2}
        />
      ))}
    </g>
  );
}

function Bars({
  facet,
  scales,
  colours,
}: {
  facet: Facet;
  scales: Scales;
  colours: ReadonlyMap<string, string>;
}) {
  const { x, y, slot } = scales;
  const width = Math.max(1, slot * 0.72);
  const points = facet.series[0]?.points ?? [];
  return points.map((point, index) => {
    const middle = facet.branch.overlapping ? x(point.x) - slot / 2 : x(point.x) + slot / 2;
    let base = 0;
    return (
      <g key={point.x} className={point.open ? "bar open" : "bar"}>
        {facet.series.map((one) => {
          const value = one.points[index]?.amount?.value;
          if (value === undefined || value === 0) return null;
          const from = base;
          base += value;
          const [upper, lower] = [Math.max(from, base), Math.min(from, base)];
          return (
            <rect
              key={one.id}
              x={middle - width / 2}
              y={y(upper)}
              width={width}
              height={Math.max(0.5, y(lower) - y(upper))}
              fill={colours.get(one.id)}
              rx={Math.min(1.5, width / 4)}
            />
          );
        })}
      </g>
    );
  });
}

function Axes({ scales, width, height }: { scales: Scales; width: number; height: number }) {
  const { x, y, xTicks, yTicks } = scales;
  return (
    <g className="axes">
      {yTicks.map((tick) => (
        <g key={tick}>
          <line
            className={tick === 0 ? "grid zero" : "grid"}
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
            {formatTick(tick)}
          </text>
        </g>
      ))}
      {xTicks.map((tick) => (
        <text
          key={tick.getTime()}
          x={Math.min(width - MARGIN.right - 14, Math.max(MARGIN.left + 10, x(tick)))}
          y={height - 4}
          textAnchor="middle"
        >
          {formatTime(tick.getTime())}
        </text>
      ))}
    </g>
  );
}

function Tooltip({
  plan,
  facet,
  colours,
  index,
  left,
  width,
}: {
  plan: Plan;
  facet: Facet;
  colours: ReadonlyMap<string, string>;
  index: number;
  left: number;
  width: number;
}) {
  const point = facet.series[0]?.points[index];
  if (point === undefined) return null;
  const kind = kindOf(plan, facet.currency);
  const values = facet.series
    .map((one) => ({ id: one.id, amount: one.points[index]?.amount ?? null }))
    .filter(({ amount }) => amount !== null);
  const side = left > width / 2 ? { right: width - left + 10 } : { left: left + 10 };
  return (
    <div className="tooltip" style={side} data-testid="tooltip">
      <p className="tooltip-time">
        {formatWindow(point.start, point.end)}
        {point.status !== null && <Status status={point.status} />}
      </p>
      {values.length === 0 && <p className="muted">no data</p>}
      {values.map(({ id, amount }) => (
        <p key={id} className="tooltip-row">
          <span className="swatch" style={{ background: colours.get(id) }} />
          <span>{seriesName(plan, id) || facetLabel(plan, facet)}</span>
          <b>{amount === null ? "" : formatNumber(amount, kind)}</b>
        </p>
      ))}
    </div>
  );
}

function describePoint(plan: Plan, facet: Facet, index: number): string {
  const point = facet.series[0]?.points[index];
  if (point === undefined) return "no data";
  const kind = kindOf(plan, facet.currency);
  const values = facet.series.flatMap((one) => {
    const amount = one.points[index]?.amount ?? null;
    return amount === null ? [] : [`${seriesName(plan, one.id)} ${formatNumber(amount, kind)}`.trim()];
  });
  return `${formatWindow(point.start, point.end)}: ${values.join(", ") || "no data"}`;
}

export function Chart({ plan, facet, colours, minHeight }: Props) {
  const [ref, { width, height }] = useSize<HTMLElement>();
  // Kept as a time, not as an index: while the cursor rests, new windows come in at the right.
  const [cursor, setCursor] = useState<number | null>(null);
  const points = facet.series[0]?.points ?? [];
  const bars = plan.chart === "bar" && (plan.additive || facet.series.length === 1);
  const scales = width > 0 && height > 0 ? scalesOf(plan, facet, { width, height }, bars) : null;
  const index = cursor === null ? -1 : nearest(points, cursor);
  const at = points[index];
  const shift = bars ? (facet.branch.overlapping ? -0.5 : 0.5) : 0;
  const left = at === undefined || scales === null ? 0 : scales.x(at.x) + shift * scales.slot;

  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (scales === null) return;
    const offset = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setCursor(scales.x.invert(offset - shift * scales.slot).getTime());
  };
  const pick = (to: number) => setCursor(points[to]?.x ?? null);
  const last = points.length - 1;

  const { headline } = facet;
  const firstOpen = points.find((point) => point.open)?.start;
  const openFrom = firstOpen ?? (headline.status === "provisional" ? headline.start : null);
  return (
    <figure className="chart" ref={ref} style={{ minHeight }}>
      {scales !== null && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={`${facetLabel(plan, facet)}: chart of ${points.length} windows`}
          onPointerMove={move}
          onPointerLeave={() => setCursor(null)}
        >
          <Axes scales={scales} width={width} height={height} />
          {openFrom !== null && !facet.branch.overlapping && (
            <rect
              className="open-window"
              x={scales.x(openFrom)}
              width={Math.max(0, scales.x(headline.end) - scales.x(openFrom))}
              y={MARGIN.top}
              height={height - MARGIN.top - MARGIN.bottom}
            />
          )}
          {bars ? (
            <Bars facet={facet} scales={scales} colours={colours} />
          ) : (
            facet.series.map((one) => (
              <LinePath
                key={one.id}
                one={one}
                scales={scales}
                colour={colours.get(one.id) ?? "currentColor"}
                filled={facet.series.length === 1}
              />
            ))
          )}
          {at !== undefined && (
            <g className="cursor">
              <line x1={left} x2={left} y1={MARGIN.top} y2={height - MARGIN.bottom} />
              {!bars &&
                facet.series.map((one) => {
                  const amount = one.points[index]?.amount;
                  return amount == null ? null : (
                    <circle
                      key={one.id}
                      cx={left}
                      cy={scales.y(amount.value)}
                      r={4}
                      fill={colours.get(one.id)}
                    />
                  );
                })}
            </g>
          )}
        </svg>
      )}
      {/* The cursor for the keyboard and for screen readers: a slider over the windows. */}
      <input
        type="range"
        className="chart-slider"
        min={0}
        max={Math.max(0, last)}
        value={index === -1 ? Math.max(0, last) : index}
        aria-label={`${facetLabel(plan, facet)}: window`}
        aria-valuetext={describePoint(plan, facet, index === -1 ? last : index)}
        onFocus={() => pick(last)}
        onBlur={() => setCursor(null)}
        onChange={(event) => pick(event.currentTarget.valueAsNumber)}
      />
      {at !== undefined && (
        <Tooltip plan={plan} facet={facet} colours={colours} index={index} left={left} width={width} />
      )}
    </figure>
  );
}
