// The passing of time as something to subscribe to: one timer for all that run at the same pace, so that what ticks
// together is drawn together.

export class Ticker {
  readonly #now: () => number;
  readonly #everyMs: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | null = null;
  #time: number;

  constructor(now: () => number, everyMs: number) {
    this.#now = now;
    this.#everyMs = everyMs;
    this.#time = now();
  }

  /** The time of the last tick. */
  get time(): number {
    return this.#time;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), this.#everyMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  };

  #tick(): void {
    this.#time = this.#now();
    for (const listener of this.#listeners) listener();
  }
}
