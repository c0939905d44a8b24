// Carries out what the state machine asks for: the WebSocket, the timers, the polls.
import type { ClientMessage, ServerMessage, WireRow } from "../api/types.ts";
import type { ServerClock } from "./clock.ts";
import {
  describe,
  type Effect,
  INITIAL,
  type LiveEvent,
  type LiveState,
  step,
  type TimerName,
} from "./machine.ts";

export interface LiveSink {
  /** Rows of a topic, in sequence; with `snapshotAt` all the rows of the hour before it. */
  rows(topic: string, rows: readonly WireRow[], watermark: string | null, snapshotAt: string | null): void;
  /** Reads every metric over HTTP; resolves to whether that worked. */
  poll(): Promise<boolean>;
  /** The connection's state changed. */
  changed(): void;
}

/** The connection to `/live`: start it once, tell it the topics, stop it at the end. */
export class LiveConnection {
  readonly #url: string;
  readonly #sink: LiveSink;
  readonly #clock: ServerClock;
  readonly #timers = new Map<TimerName, ReturnType<typeof setTimeout>>();
  readonly #queue: LiveEvent[] = [];
  #running = false;
  #state: LiveState = INITIAL;
  #socket: WebSocket | null = null;

  constructor(url: string, sink: LiveSink, clock: ServerClock) {
    this.#url = url;
    this.#sink = sink;
    this.#clock = clock;
  }

  get state(): LiveState {
    return this.#state;
  }

  describe() {
    return describe(this.#state, Date.now());
  }

  start(topics: readonly string[]): void {
    addEventListener("online", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#take({ type: "start", now: Date.now(), topics });
  }

  /** From now on these topics; those `anew` start over with a snapshot. */
  topics(topics: readonly string[], anew: readonly string[]): void {
    this.#take({ type: "topics", now: Date.now(), topics, anew });
  }

  stop(): void {
    removeEventListener("online", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#take({ type: "stop" });
  }

  readonly #wake = (): void => {
    if (document.visibilityState === "visible") this.#take({ type: "wake", now: Date.now() });
  };

  // An effect may cause an event at once; events are worked off in order, never within one another.
  #take(event: LiveEvent): void {
    this.#queue.push(event);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const [state, effects] = step(this.#state, next);
      const changed = state !== this.#state;
      this.#state = state;
      for (const effect of effects) this.#do(effect);
      if (changed) this.#sink.changed();
    }
    this.#running = false;
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        this.#connect(effect.connection);
        return;
      case "disconnect":
        this.#socket?.close(1000);
        this.#socket = null;
        return;
      case "send":
        this.#send(effect.message);
        return;
      case "timer": {
        const { name } = effect;
        clearTimeout(this.#timers.get(name));
        const fire = () => this.#take({ type: "timer", now: Date.now(), name, random: Math.random() });
        this.#timers.set(name, setTimeout(fire, effect.after));
        return;
      }
      case "cancel":
        clearTimeout(this.#timers.get(effect.name));
        this.#timers.delete(effect.name);
        return;
      case "poll":
        void this.#sink.poll().then((ok) => this.#take({ type: "polled", now: Date.now(), ok }));
        return;
      case "clock":
        this.#clock.learn(effect.serverTime, effect.receivedAt);
        return;
      case "rows":
        this.#sink.rows(effect.topic, effect.rows, effect.watermark, effect.snapshotAt);
        return;
    }
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect(connection: number): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#take({ type: "opened", now: Date.now(), connection, random: Math.random() });
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = parseMessage(data);
      if (message !== null) this.#take({ type: "message", now: Date.now(), connection, message });
    };
    socket.onclose = () => this.#take({ type: "closed", now: Date.now(), connection, random: Math.random() });
  }
}

/** A message of the server, or null where it is none that we know (a newer server may say more). */
export function parseMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    console.warn("The server sent a message that is not JSON; it was left out.");
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || !("type" in parsed)) return null;
  const { type } = parsed;
  return type === "snapshot" || type === "delta" || type === "pong" || type === "error"
    ? (parsed as ServerMessage)
    : null;
}

/** The WebSocket's address on the page's own origin. */
export function liveUrl(page: string): string {
  const url = new URL("/live", page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
