// Times, spans and ages as people read them. All times are UTC.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const TIME = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const DATE = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });

/** "18:03" */
export function formatTime(time: number): string {
  return TIME.format(time);
}

/** "18:03:21" */
export function formatClock(time: number): string {
  return CLOCK.format(time);
}

/** A window: "18:03–18:04", with dates where a time of day would not say enough. */
export function formatWindow(start: number, end: number): string {
  const size = end - start;
  if (size < MINUTE_MS) return `${formatClock(start)}–${formatClock(end)}`;
  if (size < DAY_MS) return `${formatTime(start)}–${formatTime(end)}`;
  if (size === DAY_MS && start % DAY_MS === 0) return DATE.format(start);
  return `${DATE.format(start)} ${formatTime(start)} – ${DATE.format(end)} ${formatTime(end)}`;
}

/** An age: "0.3 s ago", "12 s ago", "3 min ago". An age below zero is a clock's error and shown as now. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 9_950) return `${(age / SECOND_MS).toFixed(1)} s ago`;
  if (age < MINUTE_MS) return `${Math.floor(age / SECOND_MS)} s ago`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  if (age < 2 * DAY_MS) return `${Math.floor(age / HOUR_MS)} h ago`;
  return `${Math.floor(age / DAY_MS)} days ago`;
}

/** What is left of a window: "19 s left", "4 min left"; null once it is over by the clock. */
export function formatLeft(ms: number): string | null {
  if (ms <= 0) return null;
  if (ms <= MINUTE_MS) return `${Math.ceil(ms / SECOND_MS)} s left`;
  if (ms < 2 * HOUR_MS) return `${Math.ceil(ms / MINUTE_MS)} min left`;
  return `${Math.ceil(ms / HOUR_MS)} h left`;
}

/** A length of time in words: "minute", "5 minutes", "hour". */
export function formatSpan(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [DAY_MS, "day"],
    [HOUR_MS, "hour"],
    [MINUTE_MS, "minute"],
    [SECOND_MS, "second"],
  ];
  for (const [size, unit] of units) {
    if (ms >= size && ms % size === 0) return ms === size ? unit : `${ms / size} ${unit}s`;
  }
  return `${ms / SECOND_MS} seconds`;
}

/** A length of time with its number: "1 minute", "5 minutes". */
export function formatLength(ms: number): string {
  const span = formatSpan(ms);
  return /^\d/.test(span) ? span : `1 ${span}`;
}
