// One metric: its question, its facets (number and chart), and what it is made of.
import { useId, useMemo, useState } from "react";
import { words } from "../format/words.ts";
import { facetsOf } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { Announcement } from "./Announcement.tsx";
import { Chart } from "./Chart.tsx";
import { Colours } from "./colours.ts";
import { useRows, useServerTime } from "./context.ts";
import { DataTable } from "./DataTable.tsx";
import { Headline, SmallHeadline } from "./Headline.tsx";
import { Legend } from "./Legend.tsx";

type Shape = "chart" | "table";

function About({ plan }: { plan: Plan }) {
  const { metric } = plan;
  return (
    <div className="about">
      <dl>
        {metric.columns.map((column) => (
          <div key={column.name}>
            <dt>{column.name}</dt>
            <dd>
              {column.description} <span className="muted">{column.sql_type}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        {metric.owner !== null && <>Owner: {metric.owner}. </>}
        As JSON: <a href={metric.route}>{metric.route}</a>
      </p>
    </div>
  );
}

export function MetricCard({ plan }: { plan: Plan }) {
  const { metric } = plan;
  const view = useRows(metric.name);
  const now = useServerTime(1_000);
  const [colours] = useState(() => new Colours());
  const [shape, setShape] = useState<Shape>("chart");
  const [about, setAbout] = useState(false);
  const title = useId();
  const facets = useMemo(() => facetsOf(plan, view, now), [plan, view, now]);
  const ids = [...new Set(facets.shown.flatMap((facet) => facet.series.map((one) => one.id)))];
  const colourOf = colours.assign(ids);
  const state = facets.shown.length > 0 ? "live" : view.loaded ? "empty" : "loading";
  const wide = facets.shown.length > 1 || (facets.shown.length === 0 && plan.branches.length > 1);
  const height = plan.operational ? 110 : wide ? 150 : 200;
  return (
    <article
      className="card"
      data-testid="metric-card"
      data-metric={metric.name}
      data-state={state}
      data-size={plan.operational ? "small" : wide ? "wide" : "normal"}
      aria-labelledby={title}
      aria-busy={state === "loading"}
    >
      <header className="card-head">
        <div>
          <h2 id={title}>{metric.question}</h2>
          <p className="card-name" title={plan.measure?.description}>
            {words(metric.name)}
          </p>
        </div>
        <div className="tools">
          <button
            type="button"
            aria-pressed={shape === "table"}
            onClick={() => setShape(shape === "chart" ? "table" : "chart")}
          >
            Table
          </button>
          <button type="button" aria-expanded={about} onClick={() => setAbout(!about)}>
            About
          </button>
        </div>
      </header>
      {about && <About plan={plan} />}
      {state === "loading" && <div className="skeleton" role="status" aria-label="Loading" />}
      {state === "empty" && (
        <p className="empty" role="status">
          <span className="pulse" aria-hidden="true" />
          Waiting for the first event…
        </p>
      )}
      {state === "live" && (
        <div className="facets">
          {facets.shown.map((facet) => (
            <section key={facet.id} className="facet" data-facet={facet.id}>
              <Headline plan={plan} facet={facet} />
              {shape === "chart" ? (
                <Chart plan={plan} facet={facet} colours={colourOf} minHeight={height} />
              ) : (
                <DataTable plan={plan} facet={facet} height={Math.max(height, 180)} />
              )}
              <Legend plan={plan} facet={facet} colours={colourOf} />
            </section>
          ))}
        </div>
      )}
      {facets.rest.length > 0 && (
        <ul className="rest">
          {facets.rest.map((facet) => (
            <SmallHeadline key={facet.id} plan={plan} facet={facet} />
          ))}
        </ul>
      )}
      <Announcement plan={plan} facets={facets.shown} />
    </article>
  );
}
