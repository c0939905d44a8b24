// A chart's geometry: D3 for the mathematics, nothing of the page.
import { bisector, extent, max, min } from "d3-array";
import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from "d3-scale";
import type { Facet, Point } from "./facets.ts";
import type { Plan } from "./plan.ts";

export interface Box {
  readonly width: number;
  readonly height: number;
}

export const MARGIN = { top: 8, right: 10, bottom: 20, left: 40 } as const;
/** A chart that has just begun is drawn at least this many windows wide, so that two points do not fill it. */
const FEWEST_SLOTS = 12;

export interface Scales {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly xTicks: readonly Date[];
  readonly yTicks: readonly number[];
  /** Width of one window, in pixels. */
  readonly slot: number;
}

export function stackedTops(facet: Facet): readonly number[] {
  const [first] = facet.series;
  return (first?.points ?? []).map((_, index) =>
    facet.series.reduce((sum, one) => sum + Math.max(0, one.points[index]?.amount?.value ?? 0), 0),
  );
}

/** Scales of a facet's chart; the y axis always begins at zero. */
export function scalesOf(plan: Plan, facet: Facet, box: Box, stacked: boolean): Scales {
  const points = facet.series[0]?.points ?? [];
  const { slide_ms, size_ms } = facet.branch.spec;
  const slide = slide_ms || size_ms;
  const end = facet.headline.end;
  const first = points[0]?.x ?? end;
  const start = Math.max(end - plan.rangeMs, Math.min(first, end - FEWEST_SLOTS * slide));
  const values = facet.series.flatMap((one) => one.points.map((point) => point.amount?.value ?? 0));
  const top = (stacked ? max(stackedTops(facet)) : max(values)) ?? 0;
  const low = Math.min(0, min(values) ?? 0);
  const x = scaleUtc([start, end], [MARGIN.left, box.width - MARGIN.right]);
  const y = scaleLinear([low, top > 0 || low < 0 ? top : 1], [box.height - MARGIN.bottom, MARGIN.top]).nice(
    3,
  );
  const [left = 0, right = 0] = extent([x(0), x(slide)]);
  return {
    x,
    y,
    xTicks: x.ticks(Math.max(2, Math.floor(box.width / 90))),
    // Half a purchase is no place on an axis of counts.
    yTicks: y.ticks(3).filter((tick) => plan.measure?.json_type !== "integer" || Number.isInteger(tick)),
    slot: right - left,
  };
}

const byX = bisector<Point, number>((point) => point.x);

/** The index of the point nearest to a place on the x axis; -1 without points. */
export function nearest(points: readonly Point[], time: number): number {
  return points.length === 0 ? -1 : byX.center(points, time);
}
