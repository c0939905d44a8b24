// A facet's chart as a table: the newest windows first, for reading exact numbers.
import { formatNumber } from "../format/numbers.ts";
import { formatWindow } from "../format/time.ts";
import { seriesName, words } from "../format/words.ts";
import type { Facet } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { facetLabel, kindOf } from "./Headline.tsx";
import { Status } from "./Status.tsx";

const MOST_WINDOWS = 60;

export function DataTable({ plan, facet, height }: { plan: Plan; facet: Facet; height: number }) {
  const kind = kindOf(plan, facet.currency);
  const points = (facet.series[0]?.points ?? []).map((point, index) => ({ point, index })).reverse();
  return (
    <section className="table-scroll" style={{ maxHeight: height }} aria-label={facetLabel(plan, facet)}>
      <table>
        <thead>
          <tr>
            <th scope="col">window (UTC)</th>
            {facet.series.map((one) => (
              <th key={one.id} scope="col" className="number">
                {seriesName(plan, one.id) || words(plan.measure?.name ?? "value")}
              </th>
            ))}
            <th scope="col">status</th>
          </tr>
        </thead>
        <tbody>
          {points.slice(0, MOST_WINDOWS).map(({ point, index }) => (
            <tr key={point.x}>
              <th scope="row">{formatWindow(point.start, point.end)}</th>
              {facet.series.map((one) => {
                const amount = one.points[index]?.amount ?? null;
                return (
                  <td key={one.id} className="number">
                    {amount === null ? <span className="muted">–</span> : formatNumber(amount, kind)}
                  </td>
                );
              })}
              <td>{point.status === null ? "" : <Status status={point.status} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
