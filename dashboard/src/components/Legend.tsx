// The series of a chart by name, each with its number in the headline's window.
import { formatNumber } from "../format/numbers.ts";
import { seriesName } from "../format/words.ts";
import type { Facet } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { kindOf } from "./Headline.tsx";

export function Legend({
  plan,
  facet,
  colours,
}: {
  plan: Plan;
  facet: Facet;
  colours: ReadonlyMap<string, string>;
}) {
  if (facet.headline.series.length < 2) return null;
  const kind = kindOf(plan, facet.currency);
  return (
    <ul className="legend" aria-label="Series, with their numbers in the newest window">
      {facet.headline.series.map(({ id, amount }) => (
        <li key={id} data-series={seriesName(plan, id)}>
          <span className="swatch" style={{ background: colours.get(id) }} />
          <span className="legend-name">{seriesName(plan, id)}</span>
          <b>{amount === null ? "–" : formatNumber(amount, kind)}</b>
        </li>
      ))}
      {facet.hidden > 0 && (
        <li className="legend-name">
          {facet.hidden} smaller {facet.hidden === 1 ? "one" : "ones"} not drawn
        </li>
      )}
    </ul>
  );
}
