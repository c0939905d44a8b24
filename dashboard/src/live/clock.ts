// The server's clock as seen from the browser, so that ages are right when the browser's clock is not.

const SAMPLES = 40;

/** Keeps the difference between the two clocks. */
export class ServerClock {
  readonly #now: () => number;
  readonly #differences: number[] = [];
  #offset = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Takes a time that the server put into a message, and when the message came.
   *
   * Each sample is too low by the message's way through the network, so the greatest of the last few is the
   * best estimate.
   */
  learn(serverTime: string, receivedAt: number): void {
    const sent = Date.parse(serverTime);
    if (Number.isNaN(sent)) return;
    this.#differences.push(sent - receivedAt);
    if (this.#differences.length > SAMPLES) this.#differences.shift();
    this.#offset = Math.max(...this.#differences);
  }

  /** The server's time now, in epoch milliseconds. */
  now(): number {
    return this.#now() + this.#offset;
  }
}
