// The live connection as a pure state machine: events in, effects out; no sockets, no timers, no clock.
//
// What it promises: rows of a topic are handed on in the order of their sequence; a gap is repaired by a new
// subscription (with `resume`), and by a snapshot where that does not help; a lost connection is taken up again
// with growing, jittered pauses; after some seconds without one the page polls over HTTP until it is back.
import type { ClientMessage, Delta, ServerMessage, Snapshot, WireRow } from "../api/types.ts";

/** Times in milliseconds. */
export const LIMITS = {
  backoffFirst: 500,
  backoffMost: 30_000,
  /** A connection that lived this long was a good one: the next pause starts small again. */
  stable: 10_000,
  /** Without a live connection for this long, poll. */
  fallback: 5_000,
  pollEvery: 2_000,
  watchEvery: 5_000,
  /** API Gateway closes a connection that is idle for 10 minutes, and any after 2 hours. */
  pingAfter: 15_000,
  silentAfter: 30_000,
  rotateAfter: 6_600_000,
  rotateJitter: 600_000,
  answerWithin: 5_000,
  answerWithinMost: 60_000,
  /** Deltas held back at most while a gap is repaired. */
  ahead: 500,
  /** A subscription younger than this may not have reached the server's list yet. */
  settle: 10_000,
  topicsPerMessage: 50,
} as const;

export type Phase = "idle" | "connecting" | "open" | "waiting" | "stopped";
export type TimerName = "retry" | "fallback" | "poll" | "watch";

interface PartialSnapshot {
  readonly seq: number;
  readonly parts: number;
  readonly received: ReadonlyMap<number, Snapshot>;
}

export interface TopicState {
  /** The last sequence number handed on; null before the first snapshot. */
  readonly seq: number | null;
  readonly partial: PartialSnapshot | null;
  /** Deltas that came before the ones they follow, by sequence number. */
  readonly ahead: ReadonlyMap<number, Delta>;
  /** The server's newest sequence number, where the last pong was ahead of us. */
  readonly behind: number | null;
  readonly subscribedAt: number;
  /** When an answer to a subscription was asked for; null when none is owed. */
  readonly askedAt: number | null;
  readonly asked: number;
}

export interface LiveState {
  readonly phase: Phase;
  readonly topics: ReadonlyMap<string, TopicState>;
  /** Grows with each connection; what belongs to an older one is ignored. */
  readonly connection: number;
  readonly attempt: number;
  readonly retryAt: number | null;
  readonly openedAt: number;
  readonly heardAt: number;
  readonly pingedAt: number;
  readonly rotateAt: number;
  /** Whether the open connection has said anything yet. */
  readonly heard: boolean;
  /** Whether the connection is being replaced on purpose. */
  readonly rotating: boolean;
  readonly polling: boolean;
  readonly pollFailed: boolean;
  readonly lastError: string | null;
}

export type LiveEvent =
  | { readonly type: "start"; readonly now: number; readonly topics: readonly string[] }
  | {
      readonly type: "topics";
      readonly now: number;
      readonly topics: readonly string[];
      /** Those of them whose rows the page has dropped: they begin again with a snapshot. */
      readonly anew: readonly string[];
    }
  | { readonly type: "opened"; readonly now: number; readonly connection: number; readonly random: number }
  | {
      readonly type: "message";
      readonly now: number;
      readonly connection: number;
      readonly message: ServerMessage;
    }
  | { readonly type: "closed"; readonly now: number; readonly connection: number; readonly random: number }
  | { readonly type: "timer"; readonly now: number; readonly name: TimerName; readonly random: number }
  | { readonly type: "polled"; readonly now: number; readonly ok: boolean }
  | { readonly type: "wake"; readonly now: number }
  | { readonly type: "stop" };

export type Effect =
  | { readonly type: "connect"; readonly connection: number }
  | { readonly type: "disconnect"; readonly connection: number }
  | { readonly type: "send"; readonly message: ClientMessage }
  | { readonly type: "timer"; readonly name: TimerName; readonly after: number }
  | { readonly type: "cancel"; readonly name: TimerName }
  | { readonly type: "poll" }
  | { readonly type: "clock"; readonly serverTime: string; readonly receivedAt: number }
  | {
      readonly type: "rows";
      readonly topic: string;
      readonly rows: readonly WireRow[];
      readonly watermark: string | null;
      /** For a snapshot the server's time: the rows are all there are of the hour before it. */
      readonly snapshotAt: string | null;
    };

type Step = readonly [LiveState, readonly Effect[]];

const NEW_TOPIC: TopicState = {
  seq: null,
  partial: null,
  ahead: new Map(),
  behind: null,
  subscribedAt: 0,
  askedAt: null,
  asked: 0,
};

export const INITIAL: LiveState = {
  phase: "idle",
  topics: new Map(),
  connection: 0,
  attempt: 0,
  retryAt: null,
  openedAt: 0,
  heardAt: 0,
  pingedAt: 0,
  rotateAt: 0,
  heard: false,
  rotating: false,
  polling: false,
  pollFailed: false,
  lastError: null,
};

/** The pause before reconnect number `attempt` (from 0): doubled each time, cut at 30 s, at least half of it. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(LIMITS.backoffMost, LIMITS.backoffFirst * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random / 2));
}

/** One event's consequence: the state after it, and what is to be done, in order. */
export function step(state: LiveState, event: LiveEvent): Step {
  switch (event.type) {
    case "start": {
      if (state.phase !== "idle") return [state, []];
      const [next, effects] = connect({ ...state, topics: topicsOf(event.topics, state.topics) }, false);
      return [next, [...effects, { type: "timer", name: "fallback", after: LIMITS.fallback }]];
    }
    case "topics":
      return changeTopics(state, event.topics, event.anew, event.now);
    case "opened":
      return event.connection === state.connection ? opened(state, event.now, event.random) : [state, []];
    case "message":
      return event.connection === state.connection && state.phase === "open"
        ? message(state, event.message, event.now)
        : [state, []];
    case "closed":
      return event.connection === state.connection ? closed(state, event.now, event.random) : [state, []];
    case "timer":
      return timer(state, event.name, event.now, event.random);
    case "polled": {
      if (!state.polling) return [state, []];
      return [
        { ...state, pollFailed: !event.ok },
        [{ type: "timer", name: "poll", after: LIMITS.pollEvery }],
      ];
    }
    case "wake":
      if (state.phase === "waiting") {
        const [next, effects] = connect(state, false);
        return [next, [{ type: "cancel", name: "retry" }, ...effects]];
      }
      if (state.phase === "open") return ping(state, event.now);
      return [state, []];
    case "stop":
      return [
        { ...state, phase: "stopped", polling: false },
        [
          { type: "disconnect", connection: state.connection },
          ...(["retry", "fallback", "poll", "watch"] as const).map((name): Effect => ({
            type: "cancel",
            name,
          })),
        ],
      ];
  }
}

function topicsOf(names: readonly string[], known: ReadonlyMap<string, TopicState>) {
  return new Map(names.map((name) => [name, known.get(name) ?? NEW_TOPIC]));
}

function connect(state: LiveState, rotating: boolean): Step {
  const connection = state.connection + 1;
  return [
    { ...state, phase: "connecting", connection, heard: false, retryAt: null, rotating },
    [{ type: "connect", connection }],
  ];
}

/** Asks for topics: those with a known sequence resume after it, unless `anew`. */
function subscribe(state: LiveState, names: readonly string[], now: number, anew: boolean): Step {
  if (names.length === 0) return [state, []];
  const topics = new Map(state.topics);
  const resume: Record<string, number> = {};
  for (const name of names) {
    const topic = topics.get(name) ?? NEW_TOPIC;
    const resumes = topic.seq !== null && !anew;
    if (topic.seq !== null && !anew) resume[name] = topic.seq;
    topics.set(name, {
      ...topic,
      partial: null,
      behind: null,
      subscribedAt: now,
      // A resumed topic owes an answer only where something is known to be missing: silence means "up to date".
      askedAt: resumes && topic.ahead.size === 0 ? null : now,
      asked: topic.asked + 1,
    });
  }
  const sends: Effect[] = [];
  for (let from = 0; from < names.length; from += LIMITS.topicsPerMessage) {
    const some = names.slice(from, from + LIMITS.topicsPerMessage);
    const known = some.flatMap((name) => {
      const seq = resume[name];
      return seq === undefined ? [] : [[name, seq] as const];
    });
    const ask: ClientMessage = { action: "subscribe", topics: some };
    const message = known.length > 0 ? { ...ask, resume: Object.fromEntries(known) } : ask;
    sends.push({ type: "send", message });
  }
  return [{ ...state, topics }, sends];
}

function opened(state: LiveState, now: number, random: number): Step {
  // Deltas held back belong to the old connection; the new one sends them again.
  const topics = new Map(
    [...state.topics].map(([name, topic]) => [name, { ...topic, ahead: new Map(), asked: 0 }]),
  );
  const rotateAt = now + LIMITS.rotateAfter - random * LIMITS.rotateJitter;
  const open: LiveState = {
    ...state,
    topics,
    phase: "open",
    openedAt: now,
    heardAt: now,
    pingedAt: now,
    rotateAt,
  };
  const [next, effects] = subscribe(open, [...topics.keys()], now, false);
  // The ping makes the server speak even when every topic is up to date: that is how we know the line is live.
  return [
    next,
    [
      ...effects,
      { type: "send", message: { action: "ping" } },
      { type: "timer", name: "watch", after: LIMITS.watchEvery },
    ],
  ];
}

function changeTopics(
  state: LiveState,
  names: readonly string[],
  anew: readonly string[],
  now: number,
): Step {
  const known = new Map([...state.topics].filter(([name]) => !anew.includes(name)));
  const added = names.filter((name) => !known.has(name));
  const removed = [...state.topics.keys()].filter((name) => !names.includes(name));
  if (added.length === 0 && removed.length === 0) return [state, []];
  const next = { ...state, topics: topicsOf(names, known) };
  if (state.phase !== "open") return [next, []];
  const [subscribed, effects] = subscribe(next, added, now, false);
  const leave: Effect[] =
    removed.length > 0 ? [{ type: "send", message: { action: "unsubscribe", topics: removed } }] : [];
  return [subscribed, [...leave, ...effects]];
}

function closed(state: LiveState, now: number, random: number): Step {
  if (state.phase === "stopped" || state.phase === "waiting") return [state, []];
  const good = state.phase === "open" && state.heard && now - state.openedAt >= LIMITS.stable;
  const attempt = good ? 0 : state.attempt;
  const after = backoff(attempt, random);
  const effects: Effect[] = [
    { type: "cancel", name: "watch" },
    { type: "timer", name: "retry", after },
  ];
  if (!state.polling && state.heard) {
    effects.push({ type: "timer", name: "fallback", after: LIMITS.fallback });
  }
  return [
    {
      ...state,
      phase: "waiting",
      attempt: attempt + 1,
      retryAt: now + after,
      heard: false,
      rotating: false,
    },
    effects,
  ];
}

function ping(state: LiveState, now: number): Step {
  return [{ ...state, pingedAt: now }, [{ type: "send", message: { action: "ping" } }]];
}

function timer(state: LiveState, name: TimerName, now: number, random: number): Step {
  switch (name) {
    case "retry":
      return state.phase === "waiting" ? connect(state, false) : [state, []];
    case "fallback":
      return state.polling || state.heard || state.phase === "stopped"
        ? [state, []]
        : [{ ...state, polling: true, pollFailed: false }, [{ type: "poll" }]];
    case "poll":
      return state.polling ? [state, [{ type: "poll" }]] : [state, []];
    case "watch":
      return state.phase === "open" ? watch(state, now, random) : [state, []];
  }
}

/** Looks after an open connection: dead, too old, silent, or owing an answer. */
function watch(state: LiveState, now: number, random: number): Step {
  if (now - state.heardAt > LIMITS.silentAfter) {
    const [next, effects] = closed(state, now, random);
    return [next, [{ type: "disconnect", connection: state.connection }, ...effects]];
  }
  if (now >= state.rotateAt) {
    const [next, effects] = connect({ ...state, attempt: 0 }, true);
    const fallback: Effect = { type: "timer", name: "fallback", after: LIMITS.fallback };
    return [next, [{ type: "disconnect", connection: state.connection }, ...effects, fallback]];
  }
  const behind = [...state.topics.values()].some((topic) => topic.behind !== null);
  const due = behind || now - state.pingedAt >= LIMITS.pingAfter;
  const [pinged, pings] = due ? ping(state, now) : ([state, []] as const);
  const late = [...pinged.topics]
    .filter(([, topic]) => topic.askedAt !== null && now - topic.askedAt >= patience(topic))
    .map(([name]) => name);
  const [next, asks] = subscribe(pinged, late, now, true);
  return [next, [...pings, ...asks, { type: "timer", name: "watch", after: LIMITS.watchEvery }]];
}

function patience(topic: TopicState): number {
  return Math.min(LIMITS.answerWithinMost, LIMITS.answerWithin * 2 ** Math.max(0, topic.asked - 1));
}

function message(before: LiveState, received: ServerMessage, now: number): Step {
  const effects: Effect[] = [];
  let state: LiveState = { ...before, heardAt: now };
  if (!state.heard) {
    state = { ...state, heard: true, rotating: false, polling: false, pollFailed: false };
    effects.push({ type: "cancel", name: "fallback" }, { type: "cancel", name: "poll" });
  }
  if (received.type === "error") {
    return [{ ...state, lastError: received.message }, effects];
  }
  effects.push({ type: "clock", serverTime: received.server_time, receivedAt: now });
  if (received.type === "pong") {
    const [next, more] = compare(state, received.topics ?? {}, now);
    return [next, [...effects, ...more]];
  }
  state = { ...state, lastError: null };
  const topic = state.topics.get(received.topic);
  if (topic === undefined) return [state, effects];
  const [next, more] =
    received.type === "snapshot" ? snapshot(state, topic, received, now) : delta(state, topic, received, now);
  return [next, [...effects, ...more]];
}

/**
 * Holds our topics against those the server says it sends us.
 *
 * A delta may be on its way while the pong passes it, so being behind counts only where it outlasts a pong.
 */
function compare(before: LiveState, server: Readonly<Record<string, number>>, now: number): Step {
  const topics = new Map(before.topics);
  const lost: string[] = [];
  for (const [name, topic] of before.topics) {
    if (topic.seq === null || now - topic.subscribedAt < LIMITS.settle) continue;
    const newest = server[name];
    if (newest === undefined || (topic.behind !== null && topic.seq < topic.behind)) lost.push(name);
    else topics.set(name, { ...topic, behind: newest > topic.seq ? newest : null });
  }
  return subscribe({ ...before, topics }, lost, now, false);
}

function withTopic(state: LiveState, name: string, topic: TopicState): LiveState {
  return { ...state, topics: new Map(state.topics).set(name, topic) };
}

function snapshot(state: LiveState, topic: TopicState, part: Snapshot, now: number): Step {
  const begun = topic.partial;
  const continues = begun !== null && begun.seq === part.seq && begun.parts === part.parts;
  const received = new Map(continues ? begun.received : []).set(part.part, part);
  if (received.size < part.parts) {
    const partial = { seq: part.seq, parts: part.parts, received };
    return [withTopic(state, part.topic, { ...topic, partial, askedAt: now }), []];
  }
  const parts = [...received.values()].sort((a, b) => a.part - b.part);
  const rows: Effect = {
    type: "rows",
    topic: part.topic,
    rows: parts.flatMap((one) => one.rows),
    watermark: part.watermark,
    snapshotAt: part.server_time,
  };
  const whole: TopicState = {
    ...NEW_TOPIC,
    seq: part.seq,
    subscribedAt: topic.subscribedAt,
    ahead: topic.ahead,
  };
  const [next, effects] = drain(state, part.topic, whole, now);
  return [next, [rows, ...effects]];
}

function delta(state: LiveState, topic: TopicState, received: Delta, now: number): Step {
  if (topic.seq !== null && received.seq <= topic.seq) {
    return [state, []]; // Delivered twice: it says nothing new.
  }
  const ahead = new Map(topic.ahead).set(received.seq, received);
  if (ahead.size > LIMITS.ahead) {
    const emptied = withTopic(state, received.topic, { ...topic, ahead: new Map() });
    return subscribe(emptied, [received.topic], now, true);
  }
  return drain(state, received.topic, { ...topic, ahead }, now);
}

/** Hands on the deltas that are next in sequence; asks again where one is missing. */
function drain(state: LiveState, name: string, topic: TopicState, now: number): Step {
  if (topic.seq === null) {
    const asked = topic.askedAt === null ? { ...topic, askedAt: now } : topic;
    return [withTopic(state, name, asked), []];
  }
  const effects: Effect[] = [];
  const ahead = new Map(topic.ahead);
  let seq = topic.seq;
  for (let next = ahead.get(seq + 1); next !== undefined; next = ahead.get(seq + 1)) {
    seq = next.seq;
    effects.push({
      type: "rows",
      topic: name,
      rows: next.rows,
      watermark: next.watermark,
      snapshotAt: null,
    });
  }
  for (const one of ahead.keys()) if (one <= seq) ahead.delete(one);
  const whole = ahead.size === 0;
  const settled: TopicState = {
    ...topic,
    seq,
    ahead,
    askedAt: whole && topic.partial === null ? null : topic.askedAt,
    asked: whole ? 0 : topic.asked,
  };
  const next = withTopic(state, name, settled);
  if (whole || settled.askedAt !== null) return [next, effects];
  const [asked, asks] = subscribe(next, [name], now, false);
  return [asked, [...effects, ...asks]];
}

export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "reconnecting"; readonly seconds: number | null }
  | { readonly kind: "polling"; readonly seconds: number | null }
  | { readonly kind: "offline"; readonly seconds: number | null };

/** The connection in one word, and the seconds to the next try where there is one. */
export function describe(state: LiveState, now: number): Connection {
  if (state.phase === "open" && state.heard) return { kind: "live" };
  if (state.rotating) return { kind: "live" };
  const seconds = state.retryAt === null ? null : Math.max(0, Math.ceil((state.retryAt - now) / 1000));
  if (state.polling) return { kind: state.pollFailed ? "offline" : "polling", seconds };
  if (state.attempt === 0 && state.phase !== "waiting") return { kind: "connecting" };
  return { kind: "reconnecting", seconds };
}
