import { expect, it } from "vitest";
import { ServerClock } from "./clock.ts";

it("a browser ten minutes behind still knows the server's time", () => {
  const clock = new ServerClock(() => 1_000_000);
  clock.learn(new Date(1_600_000).toISOString(), 1_000_000);
  expect(clock.now()).toBe(1_600_000);
});

it("a message that was long on its way does not set the clock back", () => {
  const clock = new ServerClock(() => 1_000_000);
  clock.learn(new Date(999_980).toISOString(), 1_000_000);
  clock.learn(new Date(997_000).toISOString(), 1_000_000);
  expect(clock.now()).toBe(999_980);
});

it("a time that is none is left out", () => {
  const clock = new ServerClock(() => 1_000_000);
  clock.learn("soon", 1_000_000);
  expect(clock.now()).toBe(1_000_000);
});
