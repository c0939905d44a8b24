// The top of the page: what it is, whether it is live, how old its newest number is, and what is not well.
import { healthProblems } from "../format/words.ts";
import type { Connection } from "../live/machine.ts";
import { usePage, useServerTime, useStore } from "./context.ts";
import { Age, Clock } from "./Ticking.tsx";

const MEANING: Readonly<Record<Connection["kind"], string>> = {
  connecting: "Opening the connection to the server.",
  live: "Each change is pushed to this page as it is computed.",
  reconnecting: "The connection was lost; numbers stand still until it is back.",
  polling: "Pushed updates are not available; numbers are fetched every 2 seconds.",
  offline: "The server cannot be reached; numbers stand still.",
};

function ConnectionState() {
  const store = useStore();
  const page = usePage();
  useServerTime(500);
  // The countdown runs between events; the kind changes only with one.
  const now = store.connection();
  const kind = page.connection.kind;
  const seconds = "seconds" in now ? now.seconds : null;
  const word = kind === "offline" ? "no connection" : kind;
  return (
    <p className="connection" data-testid="connection" data-state={kind} title={MEANING[kind]}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{word}</span>
      {seconds !== null && kind !== "polling" && (
        <span aria-hidden="true" data-role="countdown">
          {" "}
          ({seconds} s)
        </span>
      )}
    </p>
  );
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M8 21v-5M14 21v-9M20 21V9" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" />
      <circle cx="25" cy="21" r="2" fill="#7ce0b8" />
    </svg>
  );
}

export function Header() {
  const { newestAsOf, health, healthError, connection } = usePage();
  const problems = health === null ? [] : healthProblems(health);
  const degraded = healthError === null && health !== null && (health.status !== "ok" || problems.length > 0);
  return (
    <header className="top">
      <div className="bar">
        <div className="brand">
          <Logo />
          <h1>Real-time analytics</h1>
        </div>
        <div className="facts">
          <ConnectionState />
          {newestAsOf !== null && (
            <p
              className="fact"
              data-testid="newest"
              title="Since the newest number on this page was computed"
            >
              <span className="fact-label">newest number</span> <Age asOf={newestAsOf} />
            </p>
          )}
          <p className="fact">
            <Clock />
          </p>
          {health?.build_id != null && (
            <p
              className="fact build"
              data-testid="build"
              title={`Build ${health.build_id}: the compiled SQL that these numbers come from`}
            >
              <span className="fact-label">build</span> <code>{health.build_id.slice(0, 7)}</code>
            </p>
          )}
        </div>
      </div>
      {(degraded || healthError !== null) && connection.kind !== "offline" && (
        <div className="banner" role="status" data-testid="health" data-status={health?.status ?? "unknown"}>
          {healthError !== null && <p>The server's health cannot be read: {healthError}</p>}
          {degraded && problems.map((problem) => <p key={problem}>{problem}</p>)}
          {degraded && problems.length === 0 && <p>The server says it is {health.status}.</p>}
        </div>
      )}
      {connection.kind === "offline" && (
        <div className="banner" role="alert" data-testid="offline">
          <p>The server cannot be reached. The numbers below are the last that came; their ages go on.</p>
        </div>
      )}
    </header>
  );
}
