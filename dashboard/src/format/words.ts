// What the page says in words: statuses, series, the stack's health.
import type { Health } from "../api/types.ts";
import { seriesCells } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";

const STATUS: Readonly<Record<string, string>> = {
  provisional: "The window is still open: this number grows as events come in.",
  fresh: "The window has closed. Late events may still be counted in.",
  final: "Confirmed by the batch run over the stored events.",
  corrected: "Changed by the batch run over the stored events.",
  recomputing: "Being computed anew after a change; it may be incomplete.",
};

/** What a status means, as a sentence. */
export function statusMeaning(status: string): string {
  return STATUS[status] ?? `The API calls this number "${status}".`;
}

/** A column's name as words: `page_views` is "page views". */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** The name of a series: its dimension values; where a value is NULL, "no category". */
export function seriesName(plan: Plan, id: string): string {
  const cells = seriesCells(id);
  if (cells === null) return "other";
  return cells
    .map((cell, index) => {
      const missing = cell === null || cell === "";
      return missing ? `no ${words(plan.series[index] ?? "value")}` : String(cell);
    })
    .join(" · ");
}

const BROKEN: Readonly<Record<string, string>> = {
  valkey:
    "The cache (Valkey) is not answering: changes are not pushed, and numbers are read from the database, more slowly.",
  dynamodb: "The database (DynamoDB) is not answering: only what the cache still holds can be shown.",
};

/** One sentence for each part of the stack that is not well; at least one when it says it is degraded. */
export function healthProblems(health: Health): readonly string[] {
  const broken = Object.entries(health.checks)
    .filter(([, check]) => !check.ok)
    .map(([name]) => BROKEN[name] ?? `${words(name)} is not answering.`);
  if (broken.length > 0 || health.status === "ok") return broken;
  return ["Some metrics cannot be read right now; what is shown may be incomplete."];
}
