// How a metric is shown, worked out from its entry in the catalogue alone.
import type { Column, Metric, WindowSpec } from "../api/types.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const POINTS = 60;

/** One kind of window of a metric, with the rows that belong to it. */
export interface Branch {
  readonly spec: WindowSpec;
  /** Windows overlap: at any time several are open, of which only the earliest to end is nearly whole. */
  readonly overlapping: boolean;
}

export interface Plan {
  readonly metric: Metric;
  readonly branches: readonly Branch[];
  /** The measure that is drawn; null for a metric without one. */
  readonly measure: Column | null;
  readonly otherMeasures: readonly Column[];
  /** The column that holds the measure's currency; null where the measure is not money. */
  readonly currency: string | null;
  /** Columns that tell windows apart (`period`). */
  readonly discriminators: readonly string[];
  /** Dimensions whose values are series of one chart. */
  readonly series: readonly string[];
  /** Whether the series add up to a total. */
  readonly additive: boolean;
  readonly chart: "line" | "bar";
  /** How far back the chart reaches. */
  readonly rangeMs: number;
  /** How long after their window's end rows are kept. */
  readonly keepMs: number;
  /** About the pipeline, not about the shop: drawn small, and last. */
  readonly operational: boolean;
}

/** The plan of a metric. Without an entry for its window it is taken for one of a minute. */
export function planOf(metric: Metric): Plan {
  const specs: readonly WindowSpec[] =
    metric.windows.length > 0
      ? metric.windows
      : [{ kind: "tumble", size_ms: MINUTE_MS, slide_ms: MINUTE_MS, gap_ms: 0, discriminator: {} }];
  const measures = metric.columns.filter((column) => column.role === "measure");
  const measure = measures.find((column) => column.name === metric.chart?.y) ?? measures[0] ?? null;
  const dimensions = metric.columns
    .filter((column) => column.role === "dimension")
    .map((column) => column.name);
  const discriminators = dimensions.filter((name) => specs.some((spec) => name in spec.discriminator));
  const currency = measure !== null && isMoney(measure, dimensions) ? "currency" : null;
  const rest = dimensions.filter((name) => name !== currency && !discriminators.includes(name));
  const additive = measure?.additive === true;
  const slide = Math.min(...specs.map((spec) => spec.slide_ms || spec.size_ms || MINUTE_MS));
  const rangeMs = Math.min(DAY_MS, Math.max(HOUR_MS, POINTS * slide));
  const drawn = metric.chart?.series ?? null;
  const first = drawn !== null && rest.includes(drawn) ? drawn : rest[0];
  return {
    metric,
    branches: specs
      .map((spec) => ({ spec, overlapping: spec.kind === "hop" && spec.slide_ms < spec.size_ms }))
      .sort((a, b) => a.spec.size_ms - b.spec.size_ms),
    measure,
    otherMeasures: measures.filter((column) => column !== measure),
    currency,
    discriminators,
    // What adds up is drawn by one dimension, summed over the others; what does not keeps each combination apart.
    series: additive && first !== undefined ? [first] : rest,
    additive,
    chart: metric.chart?.type === "bar" ? "bar" : "line",
    rangeMs,
    keepMs: rangeMs + Math.max(...specs.map((spec) => spec.size_ms)) + HOUR_MS,
    operational: metric.name.startsWith("rejected_"),
  };
}

// An analyst writes a measure's unit into its comment; for money that is "in `currency`".
function isMoney(measure: Column, dimensions: readonly string[]): boolean {
  return (
    measure.json_type === "decimal" &&
    dimensions.includes("currency") &&
    /\bcurrency\b/.test(measure.description)
  );
}

/** Money first, then the API's order, then what is about the pipeline itself. */
export function inReadingOrder(plans: readonly Plan[]): readonly Plan[] {
  const rank = (plan: Plan) => (plan.operational ? 2 : plan.currency !== null ? 0 : 1);
  return [...plans].sort((a, b) => rank(a) - rank(b));
}
