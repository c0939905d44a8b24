// What the API says, in its own words: the shapes of docs/contracts.md (HTTP and WebSocket).

export type JsonType = "timestamp" | "decimal" | "integer" | "number" | "string" | "boolean";
export type Role = "time" | "dimension" | "measure";
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly sql_type: string;
  readonly json_type: JsonType;
  readonly nullable: boolean;
  readonly role: Role;
  /** Meaning and unit, written by the analyst. */
  readonly description: string;
  /** Whether the values of different dimensions may be added up (SUM, COUNT; not COUNT DISTINCT, AVG, MAX). */
  readonly additive?: boolean;
}

export interface WindowSpec {
  readonly kind: "tumble" | "hop" | "cumulate" | "session" | "row";
  readonly size_ms: number;
  readonly slide_ms: number;
  readonly gap_ms: number;
  /** Column values of the rows that belong to this window, such as `{"period": "5m"}`; empty: all rows. */
  readonly discriminator: Readonly<Record<string, string>>;
}

export interface ChartSpec {
  readonly type: string;
  readonly x: string;
  readonly y: string;
  readonly series?: string | null;
}

export interface Metric {
  readonly name: string;
  readonly question: string;
  readonly owner: string | null;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly time_column: string;
  readonly windows: readonly WindowSpec[];
  readonly chart: ChartSpec | null;
  readonly topic: string;
  readonly route: string;
}

/** One result row: the output columns, and what every row says about itself. */
export interface WireRow {
  readonly [column: string]: Cell | undefined;
  readonly window_start: string;
  readonly window_end: string;
  readonly status: string;
  readonly as_of: string;
}

export interface MetricRows {
  readonly metric: string;
  readonly watermark: string | null;
  readonly as_of: string | null;
  readonly age_ms: number | null;
  readonly rows: readonly WireRow[];
}

export interface HealthCheck {
  readonly ok: boolean;
  readonly latency_ms?: number;
  readonly error?: string;
}

export interface Health {
  readonly status: string;
  readonly build_id: string | null;
  readonly time: string;
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

export interface Snapshot {
  readonly type: "snapshot";
  readonly topic: string;
  readonly seq: number;
  readonly part: number;
  readonly parts: number;
  readonly watermark: string | null;
  readonly server_time: string;
  readonly rows: readonly WireRow[];
}

export interface Delta {
  readonly type: "delta";
  readonly topic: string;
  readonly seq: number;
  readonly watermark: string | null;
  readonly server_time: string;
  readonly rows: readonly WireRow[];
}

export interface Pong {
  readonly type: "pong";
  readonly server_time: string;
  /** The newest sequence number of each topic that this connection is subscribed to. */
  readonly topics?: Readonly<Record<string, number>>;
}

export interface ServerError {
  readonly type: "error";
  readonly code: string;
  readonly message: string;
}

export type ServerMessage = Snapshot | Delta | Pong | ServerError;

export type ClientMessage =
  | {
      readonly action: "subscribe";
      readonly topics: readonly string[];
      readonly resume?: Readonly<Record<string, number>>;
    }
  | { readonly action: "unsubscribe"; readonly topics: readonly string[] }
  | { readonly action: "ping" };
