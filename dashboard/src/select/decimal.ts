// Exact sums of decimals that travel as strings: no money on the page has been through floating point.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

function parse(value: string): Scaled {
  const match = DECIMAL.exec(value);
  if (match === null) throw new RangeError(`not a decimal: ${value}`);
  const [, sign = "", whole = "0", fraction = "", exponent = "0"] = match;
  const magnitude = BigInt(whole + fraction);
  const units = sign === "-" ? -magnitude : magnitude;
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** Adds decimals such as "12.30" exactly; the sum keeps the greatest number of decimal places. */
export function sumDecimals(values: readonly string[]): string {
  const parsed = values.map(parse);
  const scale = Math.max(0, ...parsed.map((one) => one.scale));
  const total = parsed.reduce((sum, one) => sum + one.units * 10n ** BigInt(scale - one.scale), 0n);
  if (scale === 0) return total.toString();
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Whether a text is a decimal that `sumDecimals` takes. */
export function isDecimal(value: string): boolean {
  return DECIMAL.test(value);
}
