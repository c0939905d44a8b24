import { expect, it } from "vitest";
import { isDecimal, sumDecimals } from "./decimal.ts";

it.each([
  [["0.10", "0.20"], "0.30"],
  [["99999999999999.99", "0.01"], "100000000000000.00"],
  [["5.00", "-7.50"], "-2.50"],
  [["1", "2.5"], "3.5"],
  [["1E+2", "0.5"], "100.5"],
  [["-0.05", "0.03"], "-0.02"],
  [[], "0"],
])("the sum of %j is %s, to the last digit", (values, sum) => {
  expect(sumDecimals(values)).toBe(sum);
});

it("a text that is no decimal is refused by name", () => {
  expect(isDecimal("NaN")).toBe(false);
  expect(() => sumDecimals(["ten"])).toThrow("not a decimal: ten");
});
