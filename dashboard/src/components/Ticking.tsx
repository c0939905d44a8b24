// The small texts that run with the clock; each redraws alone.
import { formatAge, formatClock, formatLeft } from "../format/time.ts";
import { useServerTime, useStore } from "./context.ts";

/** How old a number is. */
export function Age({ asOf }: { asOf: number }) {
  const { clock } = useStore();
  useServerTime(200);
  // A new number may come between two ticks, and is then newer than the last of them.
  const age = clock.now() - asOf;
  return (
    <time
      className="age"
      data-role="age"
      data-as-of={asOf}
      dateTime={new Date(asOf).toISOString()}
      title={`Computed at ${formatClock(asOf)} UTC`}
    >
      {formatAge(age)}
    </time>
  );
}

/** What is left of an open window. */
export function Left({ end }: { end: number }) {
  const left = formatLeft(end - useServerTime(500));
  return left === null ? null : <span className="left">{left}</span>;
}

/** The server's time of day. */
export function Clock() {
  const now = useServerTime(500);
  return (
    <time className="clock" data-testid="clock" title="The server's time, in UTC">
      {formatClock(now)} <span className="unit">UTC</span>
    </time>
  );
}
