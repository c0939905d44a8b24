import { expect, it } from "vitest";
import { OTHER } from "../select/facets.ts";
import { Colours } from "./colours.ts";

it("a series keeps its colour when ranks change, and a new one takes the colour that is free", () => {
  const colours = new Colours();
  colours.assign(["a", "b", "c", OTHER]);
  const after = colours.assign(["c", "d", "a", OTHER]);
  expect(Object.fromEntries(after)).toEqual({
    a: "var(--series-0)",
    c: "var(--series-2)",
    d: "var(--series-1)",
    [OTHER]: "var(--series-other)",
  });
});
