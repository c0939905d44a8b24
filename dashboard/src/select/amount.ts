// A number on the page: its exact text, and its value for drawing.
import type { Cell, Column } from "../api/types.ts";
import type { Row } from "../store/rows.ts";
import { isDecimal, sumDecimals } from "./decimal.ts";

export interface Amount {
  /** Exact: what the API said, or the exact sum of it. */
  readonly text: string;
  readonly value: number;
}

function amountOf(cell: Cell): Amount | null {
  if (cell === null || typeof cell === "boolean") return null;
  const value = Number(cell);
  return cell === "" || Number.isNaN(value) ? null : { text: String(cell), value };
}

/** The measure over rows of one window: a lone row's value, the sum where sums make sense, else null. */
export function measure(rows: readonly Row[], column: Column): Amount | null {
  const amounts = rows.flatMap((row) => amountOf(row.cells[column.name] ?? null) ?? []);
  const [first] = amounts;
  if (first === undefined) return null;
  if (amounts.length === 1 && rows.length === 1) return first;
  if (column.additive !== true) return null;
  const texts = amounts.map((amount) => amount.text);
  if (!texts.every(isDecimal)) {
    const value = amounts.reduce((sum, amount) => sum + amount.value, 0);
    return { text: String(value), value };
  }
  const text = sumDecimals(texts);
  return { text, value: Number(text) };
}
