// Numbers as people read them. Decimals are formatted from their text: nothing is rounded on the way.
import type { Amount } from "../select/amount.ts";

const LOCALE = "en-US";

export interface NumberParts {
  readonly prefix: string;
  readonly main: string;
  /** Decimal places with their point, or what follows the number. */
  readonly suffix: string;
}

/** What kind of number: money of a currency, an exact decimal, a count, or a measured value. */
export interface NumberKind {
  readonly currency: string | null;
  readonly jsonType: string;
}

const formats = new Map<string, Intl.NumberFormat>();

function cached(id: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = formats.get(id);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALE, options);
  formats.set(id, made);
  return made;
}

const EXACT = { maximumFractionDigits: 20 } as const;

function formatOf({ currency, jsonType }: NumberKind): Intl.NumberFormat {
  if (currency !== null && /^[A-Z]{3}$/.test(currency)) {
    return cached(`money ${currency}`, { style: "currency", currency, ...EXACT });
  }
  if (jsonType === "number") return cached("number", { maximumFractionDigits: 2 });
  return cached("exact", EXACT);
}

/** A number in parts, so that its main digits can be set larger. */
export function numberParts(amount: Amount, kind: NumberKind): NumberParts {
  const parts = formatOf(kind).formatToParts(amount.text as `${number}`);
  const firstDigit = parts.findIndex((part) => part.type === "integer");
  const point = parts.findIndex((part) => part.type === "decimal");
  const lastInteger = parts.findLastIndex((part) => part.type === "integer");
  const cut = point === -1 ? lastInteger + 1 : point;
  const text = (from: number, to: number) =>
    parts
      .slice(from, to)
      .map((part) => part.value)
      .join("");
  return { prefix: text(0, firstDigit), main: text(firstDigit, cut), suffix: text(cut, parts.length) };
}

/** A number as one text, such as "€1,234.50". */
export function formatNumber(amount: Amount, kind: NumberKind): string {
  const { prefix, main, suffix } = numberParts(amount, kind);
  return prefix + main + suffix;
}

/** A number for an axis: short, such as "1.2K". */
export function formatTick(value: number): string {
  return cached("tick", { notation: "compact", maximumFractionDigits: 2 }).format(value);
}
