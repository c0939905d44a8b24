import { expect, describe as group, it } from "vitest";
import type { Delta, ServerMessage, Snapshot, WireRow } from "../api/types.ts";
import {
  backoff,
  describe,
  type Effect,
  INITIAL,
  LIMITS,
  type LiveEvent,
  type LiveState,
  step,
} from "./machine.ts";

const TOPIC = "metrics/revenue_per_minute";
const OTHER = "metrics/active_users";
const AT = "2026-01-15T12:00:00.000Z";

function row(name: string): WireRow {
  return {
    name,
    window_start: AT,
    window_end: "2026-01-15T12:01:00.000Z",
    status: "provisional",
    as_of: AT,
  };
}

function snapshot(seq: number, names: readonly string[], part = 1, parts = 1, topic = TOPIC): Snapshot {
  return { type: "snapshot", topic, seq, part, parts, watermark: AT, server_time: AT, rows: names.map(row) };
}

function delta(seq: number, topic = TOPIC): Delta {
  return { type: "delta", topic, seq, watermark: AT, server_time: AT, rows: [row(`d${seq}`)] };
}

/** A machine with its history: what it was told, and what it asked for since last read. */
class Session {
  state: LiveState = INITIAL;
  now = 1_000_000;
  effects: Effect[] = [];

  send(event: LiveEvent): this {
    const [state, effects] = step(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  start(...topics: string[]): this {
    return this.send({ type: "start", now: this.now, topics: topics.length > 0 ? topics : [TOPIC] });
  }

  open(): this {
    return this.send({ type: "opened", now: this.now, connection: this.state.connection, random: 0 });
  }

  close(): this {
    return this.send({ type: "closed", now: this.now, connection: this.state.connection, random: 1 });
  }

  hear(message: ServerMessage): this {
    return this.send({ type: "message", now: this.now, connection: this.state.connection, message });
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  timer(name: "retry" | "fallback" | "poll" | "watch"): this {
    return this.send({ type: "timer", name, now: this.now, random: 0 });
  }

  /** What was asked for since the last call. */
  take(): Effect[] {
    const taken = this.effects;
    this.effects = [];
    return taken;
  }

  /** Names of the rows handed on since the last call. */
  rows(): unknown[] {
    return this.take().flatMap((effect) =>
      effect.type === "rows" ? effect.rows.map((one) => one["name"]) : [],
    );
  }

  subscribes(): unknown[] {
    return this.take().flatMap((effect) =>
      effect.type === "send" && effect.message.action === "subscribe" ? [effect.message] : [],
    );
  }

  live(seq = 10): this {
    this.start()
      .open()
      .hear(snapshot(seq, ["s"]));
    this.effects = [];
    return this;
  }
}

group("subscribing", () => {
  it("asks for every topic when the connection opens", () => {
    const session = new Session().start(TOPIC, OTHER).open();
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC, OTHER] }]);
  });

  it("asks for more than fifty topics in messages of at most fifty", () => {
    const names = Array.from({ length: 51 }, (_, index) => `metrics/m${index}`);
    const asked = new Session()
      .start(...names)
      .open()
      .subscribes() as { topics: string[] }[];
    expect(asked.map((one) => one.topics.length)).toEqual([50, 1]);
  });

  it("asks for a metric that a new build brings, and leaves one that it took away", () => {
    const session = new Session().live();
    session.send({ type: "topics", now: session.now, topics: [OTHER], anew: [] });
    expect(session.take()).toEqual([
      { type: "send", message: { action: "unsubscribe", topics: [TOPIC] } },
      { type: "send", message: { action: "subscribe", topics: [OTHER] } },
    ]);
  });

  it("asks for a snapshot of a metric that a new build changed, and leaves the others alone", () => {
    const session = new Session()
      .start(TOPIC, OTHER)
      .open()
      .hear(snapshot(10, ["s"]));
    session.hear(snapshot(20, ["o"], 1, 1, OTHER)).take();
    session.send({ type: "topics", now: session.now, topics: [TOPIC, OTHER], anew: [TOPIC] });
    expect(session.take()).toEqual([{ type: "send", message: { action: "subscribe", topics: [TOPIC] } }]);
  });

  it("asks for that snapshot when the connection is back, where it was away just then", () => {
    const session = new Session().live().close();
    session.send({ type: "topics", now: session.now, topics: [TOPIC], anew: [TOPIC] });
    session.timer("retry").open();
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC] }]);
  });

  it("asks again, for a snapshot, when the server owes an answer for five seconds", () => {
    const session = new Session().start().open();
    session.take();
    session.after(LIMITS.answerWithin).timer("watch");
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC] }]);
  });
});

group("a snapshot", () => {
  it("is handed on when its last part is there, in the order of its parts", () => {
    const session = new Session().start().open();
    session.take();
    session.hear(snapshot(5, ["c"], 3, 3)).hear(snapshot(5, ["a"], 1, 3));
    expect(session.rows()).toEqual([]);
    session.hear(snapshot(5, ["b"], 2, 3));
    expect(session.rows()).toEqual(["a", "b", "c"]);
  });

  it("that comes while another is in parts replaces it", () => {
    const session = new Session().start().open();
    session.take();
    session
      .hear(snapshot(5, ["old"], 1, 2))
      .hear(snapshot(7, ["new1"], 1, 2))
      .hear(snapshot(7, ["new2"], 2, 2));
    expect(session.rows()).toEqual(["new1", "new2"]);
  });

  it("is followed by the deltas that came between its parts, and by none that it holds already", () => {
    const session = new Session().start().open();
    session.take();
    session
      .hear(snapshot(5, ["a"], 1, 2))
      .hear(delta(5))
      .hear(delta(6))
      .hear(snapshot(5, ["b"], 2, 2));
    expect(session.rows()).toEqual(["a", "b", "d6"]);
  });

  it("says as of when it is, so that rows the server no longer has can go", () => {
    const session = new Session().start().open();
    session.take();
    session.hear(snapshot(5, []));
    expect(session.take()).toContainEqual({
      type: "rows",
      topic: TOPIC,
      rows: [],
      watermark: AT,
      snapshotAt: AT,
    });
  });
});

group("deltas", () => {
  it("are handed on in sequence", () => {
    expect(new Session().live(10).hear(delta(11)).hear(delta(12)).rows()).toEqual(["d11", "d12"]);
  });

  it("that come twice are handed on once", () => {
    const session = new Session().live(10).hear(delta(11)).hear(delta(11)).hear(delta(10)).hear(delta(12));
    expect(session.rows()).toEqual(["d11", "d12"]);
  });

  it("after a gap wait for the missing ones, which are asked for once", () => {
    const session = new Session().live(10).hear(delta(12)).hear(delta(13));
    expect(session.effects.filter((effect) => effect.type === "rows")).toEqual([]);
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC], resume: { [TOPIC]: 10 } }]);
    session.hear(delta(11)).hear(delta(12)).hear(delta(13)).hear(delta(14));
    expect(session.rows()).toEqual(["d11", "d12", "d13", "d14"]);
  });

  it("out of order are handed on in order without waiting for the server", () => {
    const session = new Session().live(10).hear(delta(12)).hear(delta(11));
    expect(session.rows()).toEqual(["d11", "d12"]);
    session.after(LIMITS.answerWithin).timer("watch");
    expect(session.subscribes()).toEqual([]);
  });

  it("after a gap that cannot be filled go on from a snapshot", () => {
    const session = new Session()
      .live(10)
      .hear(delta(12))
      .hear(snapshot(12, ["whole"]))
      .hear(delta(13));
    expect(session.rows()).toEqual(["whole", "d13"]);
  });

  it("after a gap without any answer are given up for a snapshot", () => {
    const session = new Session().live(10).hear(delta(12));
    session.take();
    session.after(LIMITS.answerWithin).timer("watch");
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC] }]);
  });

  it("of one topic say nothing about another", () => {
    const session = new Session()
      .start(TOPIC, OTHER)
      .open()
      .hear(snapshot(3, []))
      .hear(snapshot(90, [], 1, 1, OTHER));
    session.take();
    expect(session.hear(delta(91, OTHER)).hear(delta(4)).rows()).toEqual(["d91", "d4"]);
  });
});

group("a pong", () => {
  const pong = (topics: Record<string, number>): ServerMessage => ({ type: "pong", server_time: AT, topics });

  it("that lacks a topic has it subscribed again, from where it stood", () => {
    const session = new Session().live(10).after(LIMITS.settle).hear(pong({}));
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC], resume: { [TOPIC]: 10 } }]);
  });

  it("that lacks a topic just subscribed says nothing yet", () => {
    expect(new Session().live(10).hear(pong({})).subscribes()).toEqual([]);
  });

  it("ahead of us twice in a row means a lost delta", () => {
    const session = new Session()
      .live(10)
      .after(LIMITS.settle)
      .hear(pong({ [TOPIC]: 11 }));
    expect(session.subscribes()).toEqual([]);
    session.hear(pong({ [TOPIC]: 11 }));
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC], resume: { [TOPIC]: 10 } }]);
  });

  it("ahead of a delta on its way means nothing", () => {
    const session = new Session()
      .live(10)
      .after(LIMITS.settle)
      .hear(pong({ [TOPIC]: 11 }))
      .hear(delta(11));
    session.hear(pong({ [TOPIC]: 11 }));
    expect(session.subscribes()).toEqual([]);
  });
});

group("a lost connection", () => {
  it("is taken up again with a resume point for each topic", () => {
    const session = new Session().live(10).hear(delta(11)).close().timer("retry").open();
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC], resume: { [TOPIC]: 11 } }]);
  });

  it("is waited for longer each time, at most thirty seconds, never the same", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backoff(40, 1)).toBe(30_000);
    expect([backoff(2, 0), backoff(2, 0.5)]).toEqual([1000, 1500]);
  });

  it("that had lived for long starts with the short pause again", () => {
    const session = new Session().live();
    session.after(LIMITS.stable).close();
    session.timer("retry").close().timer("retry").close();
    expect(session.state.attempt).toBe(3);
    session.timer("retry").open().hear(snapshot(11, [])).after(LIMITS.stable).close();
    expect(session.state.attempt).toBe(1);
  });

  it("says how many seconds are left", () => {
    const session = new Session().live().close();
    expect(describe(session.state, session.now)).toEqual({ kind: "reconnecting", seconds: 1 });
  });

  it("ends in polling after five seconds, and polling ends with the first word of the server", () => {
    const session = new Session().live().close();
    expect(session.take()).toContainEqual({ type: "timer", name: "fallback", after: LIMITS.fallback });
    session.after(LIMITS.fallback).timer("fallback");
    expect(session.take()).toContainEqual({ type: "poll" });
    expect(describe(session.state, session.now).kind).toBe("polling");
    session.timer("retry").open();
    expect(describe(session.state, session.now).kind).toBe("polling");
    session.hear(snapshot(12, []));
    expect(describe(session.state, session.now).kind).toBe("live");
    expect(session.take()).toContainEqual({ type: "cancel", name: "poll" });
  });

  it("that cannot be polled either is no connection", () => {
    const session = new Session().start().close().after(LIMITS.fallback).timer("fallback");
    session.send({ type: "polled", now: session.now, ok: false });
    expect(describe(session.state, session.now).kind).toBe("offline");
    expect(session.take()).toContainEqual({ type: "timer", name: "poll", after: LIMITS.pollEvery });
  });

  it("is tried at once when the machine wakes up", () => {
    const session = new Session().live().close();
    session.take();
    session.send({ type: "wake", now: session.now });
    expect(session.take()).toContainEqual({ type: "connect", connection: 2 });
  });

  it("is known by its silence", () => {
    const session = new Session().live().after(LIMITS.pingAfter).timer("watch");
    expect(session.take()).toContainEqual({ type: "send", message: { action: "ping" } });
    session.after(LIMITS.silentAfter).timer("watch");
    expect(session.take()).toContainEqual({ type: "disconnect", connection: 1 });
    expect(session.state.phase).toBe("waiting");
  });

  it("says nothing any more through its old socket", () => {
    const session = new Session().live().close().timer("retry").open();
    session.take();
    session.send({ type: "message", now: session.now, connection: 1, message: delta(11) });
    session.send({ type: "closed", now: session.now, connection: 1, random: 0 });
    expect(session.take()).toEqual([]);
    expect(session.state.phase).toBe("open");
  });
});

group("a connection near its two hours", () => {
  it("is replaced before the server ends it, and goes on being live", () => {
    const session = new Session().live(10);
    session
      .after(LIMITS.rotateAfter - 1)
      .hear(delta(11))
      .after(1)
      .timer("watch");
    expect(session.take()).toContainEqual({ type: "connect", connection: 2 });
    expect(describe(session.state, session.now).kind).toBe("live");
    session.open();
    expect(session.subscribes()).toEqual([{ action: "subscribe", topics: [TOPIC], resume: { [TOPIC]: 11 } }]);
    expect(LIMITS.rotateAfter).toBeLessThan(2 * 3_600_000);
  });
});
