import { expect, it } from "vitest";
import { facetsOf } from "./facets.ts";
import { at, PAGE_VIEWS, row, viewOf } from "./fixtures.ts";
import { planOf } from "./plan.ts";
import { nearest, scalesOf } from "./scales.ts";

const plan = planOf(PAGE_VIEWS);
const box = { width: 600, height: 200 };

function facet(values: readonly number[]) {
  const rows = values.map((page_views, index) =>
    row(`12:0${index}-12:0${index + 1}`, { category: "tv", page_views }),
  );
  const [first] = facetsOf(plan, viewOf(PAGE_VIEWS, rows, null), at("12:09")).shown;
  if (first === undefined) throw new Error("no facet");
  return first;
}

it("the y axis begins at zero and counts in whole steps", () => {
  const { y, yTicks } = scalesOf(plan, facet([2, 1]), box, false);
  expect(y.domain()[0]).toBe(0);
  expect(yTicks).toEqual([0, 1, 2]);
});

it("the x axis ends with the headline's window and does not let two points fill it", () => {
  const [from, to] = scalesOf(plan, facet([2, 1]), box, false).x.domain();
  expect(to?.getTime()).toBe(at("12:02"));
  expect(from?.getTime()).toBe(at("11:50"));
});

it("the cursor picks the nearest point", () => {
  const points = facet([1, 2, 3]).series[0]?.points ?? [];
  expect(nearest(points, at("12:01:20"))).toBe(1);
  expect(nearest([], 0)).toBe(-1);
});
