// The HTTP half of the API: three reads, always on the page's own origin.
import type { Health, Metric, MetricRows } from "./types.ts";

const TIMEOUT_MS = 10_000;

/** A read that failed, said so that a person can act on it. */
export class ApiError extends Error {
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/** The message of an API error body (`{"error": {"message"}}`), or null. */
function messageOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("error" in body)) return null;
  const { error } = body;
  if (typeof error !== "object" || error === null || !("message" in error)) return null;
  return typeof error.message === "string" ? error.message : null;
}

async function read(path: string): Promise<{ status: number; body: unknown }> {
  let response: Response;
  try {
    response = await fetch(path, {
      headers: { accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    const slow = cause instanceof DOMException && cause.name === "TimeoutError";
    throw new ApiError(slow ? `${path} gave no answer within 10 s.` : `${path} cannot be reached.`, null);
  }
  const body: unknown = await response.json().catch(() => null);
  return { status: response.status, body };
}

function expectOk(path: string, { status, body }: { status: number; body: unknown }): unknown {
  if (status >= 400 || body === null) {
    throw new ApiError(messageOf(body) ?? `${path} answered ${status}.`, status);
  }
  return body;
}

/** Every metric the stack computes, in the API's order. */
export async function readCatalogue(): Promise<readonly Metric[]> {
  const body = expectOk("/v1/metrics", await read("/v1/metrics"));
  const metrics = (body as { metrics?: unknown }).metrics;
  if (!Array.isArray(metrics)) throw new ApiError("/v1/metrics answered without a list of metrics.", 200);
  return metrics as readonly Metric[];
}

/** Rows of a metric; without `from` the last hour. */
export async function readRows(metric: Metric, from?: Date): Promise<MetricRows> {
  const path = from === undefined ? metric.route : `${metric.route}?from=${from.toISOString()}`;
  return expectOk(path, await read(path)) as MetricRows;
}

/** The stack's health. A 503 is an answer too: its body names what is broken. */
export async function readHealth(): Promise<Health> {
  const { status, body } = await read("/v1/health");
  if (typeof body === "object" && body !== null && "checks" in body) return body as Health;
  throw new ApiError(messageOf(body) ?? `/v1/health answered ${status}.`, status);
}
