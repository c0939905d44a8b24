// A facet's numbers: the headline, large, and the closed window before it.
import type { Column } from "../api/types.ts";
import { formatNumber, type NumberKind, numberParts } from "../format/numbers.ts";
import { formatLength, formatSpan, formatWindow } from "../format/time.ts";
import { seriesName, words } from "../format/words.ts";
import type { Amount } from "../select/amount.ts";
import type { Facet, Shown } from "../select/facets.ts";
import type { Plan } from "../select/plan.ts";
import { Status } from "./Status.tsx";
import { Age, Left } from "./Ticking.tsx";

const MOST_NUMBERS = 3;

/** What kind of number the plan's measure is, in this facet. */
export function kindOf(plan: Plan, currency: string | null): NumberKind {
  return { currency, jsonType: plan.measure?.json_type ?? "string" };
}

/** The facet in words: "5 minutes", "EUR", "revenue EUR"; the measure's name where there is nothing else. */
export function facetLabel(plan: Plan, facet: Facet): string {
  const span = facet.period === null ? null : formatLength(facet.branch.spec.size_ms);
  const parts = [span, facet.currency].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" · ") : words(plan.measure?.name ?? plan.metric.name);
}

interface Entry {
  readonly name: string | null;
  readonly amount: Amount;
}

// The total where there is one; else the values of the first series, each by its name.
function entries(plan: Plan, shown: Shown): readonly Entry[] {
  if (shown.total !== null) return [{ name: null, amount: shown.total }];
  return shown.series
    .flatMap(({ id, amount }) => (amount === null ? [] : [{ name: seriesName(plan, id), amount }]))
    .slice(0, MOST_NUMBERS);
}

function Value({ amount, kind }: { amount: Amount; kind: NumberKind }) {
  const { prefix, main, suffix } = numberParts(amount, kind);
  return (
    <>
      {prefix && <span className="prefix">{prefix}</span>}
      {main}
      {suffix && <span className="suffix">{suffix}</span>}
    </>
  );
}

function Others({ shown, columns }: { shown: Shown; columns: readonly Column[] }) {
  return shown.others.map(({ column, amount }) => {
    const known = columns.find((one) => one.name === column);
    const kind = { currency: null, jsonType: known?.json_type ?? "number" };
    return (
      <span
        key={column}
        className="other"
        title={known?.description}
        data-role="other-value"
        data-column={column}
      >
        {words(column)} <b>{formatNumber(amount, kind)}</b>
      </span>
    );
  });
}

// Where nothing happened for a while the number beside the headline is not of the window right before it.
function previousLabel(facet: Facet, previous: Shown): string {
  const span = formatSpan(facet.branch.spec.size_ms);
  if (facet.branch.overlapping) return `last full ${span}`;
  return previous.end === facet.headline.start
    ? `${span} before`
    : formatWindow(previous.start, previous.end);
}

export function Headline({ plan, facet }: { plan: Plan; facet: Facet }) {
  const { headline, previous } = facet;
  const kind = kindOf(plan, facet.currency);
  const numbers = entries(plan, headline);
  const many = numbers.length > 1 || numbers[0]?.name != null;
  return (
    <div
      className="headline"
      data-role="headline"
      data-facet={facet.id}
      data-status={headline.status}
      data-window-start={new Date(headline.start).toISOString()}
      data-window-end={new Date(headline.end).toISOString()}
    >
      <div className="facet-head">
        <h3 className="facet-label" title={plan.measure?.description}>
          {facetLabel(plan, facet)}
        </h3>
        <span className="window">{formatWindow(headline.start, headline.end)}</span>
        {headline.status === "provisional" && <Left end={headline.end} />}
      </div>
      <div className="values" data-many={many}>
        {numbers.map(({ name, amount }) => (
          <p key={name} className="value-line">
            <span
              className="value"
              data-role="headline-value"
              data-value={amount.text}
              title={plan.measure?.description}
            >
              <Value amount={amount} kind={kind} />
            </span>
            {name !== null && <span className="value-name">{name}</span>}
          </p>
        ))}
        {numbers.length === 0 && (
          <p className="value-line">
            <span className="value none" data-role="headline-value" data-value="">
              –
            </span>
          </p>
        )}
        {headline.others.length > 0 && (
          <p className="others">
            <Others shown={headline} columns={plan.otherMeasures} />
          </p>
        )}
      </div>
      <p className="meta">
        <Status status={headline.status} />
        {headline.asOf !== null && <Age asOf={headline.asOf} />}
      </p>
      {previous !== null && (
        <p className="previous" data-role="previous" data-status={previous.status}>
          <span className="previous-label">{previousLabel(facet, previous)}</span>
          {entries(plan, previous).map(({ name, amount }) => (
            <span key={name} className="previous-value" data-role="previous-value" data-value={amount.text}>
              {name !== null && <span className="value-name">{name} </span>}
              {formatNumber(amount, kind)}
            </span>
          ))}
          <Status status={previous.status} />
          {previous.asOf !== null && <Age asOf={previous.asOf} />}
        </p>
      )}
    </div>
  );
}

/** A facet without a chart: its number in one line. */
export function SmallHeadline({ plan, facet }: { plan: Plan; facet: Facet }) {
  const { headline } = facet;
  const label = facetLabel(plan, facet);
  const numbers = entries(plan, headline).map(({ name, amount }) => {
    const text = formatNumber(amount, kindOf(plan, facet.currency));
    return { exact: amount.text, text: name === null ? text : `${name} ${text}` };
  });
  // Many a currency's sign is its code: it need not be said twice.
  const named = numbers.some(({ text }) => text.includes(label));
  return (
    <li data-role="small-headline" data-facet={facet.id} data-status={headline.status}>
      {!named && <span className="facet-label">{label}</span>}
      {numbers.map(({ exact, text }) => (
        <b key={text} data-role="small-value" data-value={exact}>
          {text}
        </b>
      ))}
      {numbers.length === 0 && <b>–</b>}
      <Status status={headline.status} />
      {headline.asOf !== null && <Age asOf={headline.asOf} />}
    </li>
  );
}
