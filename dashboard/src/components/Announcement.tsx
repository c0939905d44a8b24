// What a screen reader is told by itself: a number when its window has closed, not each of its steps on the way.
import { formatNumber } from "../format/numbers.ts";
import { formatWindow } from "../format/time.ts";
import type { Facet } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { facetLabel, kindOf } from "./Headline.tsx";

export function Announcement({ plan, facets }: { plan: Plan; facets: readonly Facet[] }) {
  const sentences = facets.flatMap((facet) => {
    const total = facet.previous?.total ?? null;
    if (facet.previous === null || total === null || facet.previous.status === "provisional") return [];
    const { start, end } = facet.previous;
    const number = formatNumber(total, kindOf(plan, facet.currency));
    return [`${facetLabel(plan, facet)}, ${formatWindow(start, end)}: ${number}`];
  });
  return (
    <p className="sr-only" aria-live="polite" aria-atomic="true">
      {sentences.length > 0 && `${plan.metric.question} ${sentences.join("; ")}`}
    </p>
  );
}
