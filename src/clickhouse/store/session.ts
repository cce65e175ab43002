import {
  type ClickHouseClient,
  ClickHouseError,
  isException,
  isProgressRow,
  isRow,
  parseError,
} from "@clickhouse/client";
import { randomUUID } from "node:crypto";
import { KtrailError } from "../../errors.ts";
import type { FigureRow } from "../sql/figures.ts";
import type { SqlParams } from "../sql/params.ts";

/** Rows that a running query has read, of about so many. */
interface Running {
  readonly readRows: number;
  readonly totalRows: number;
  readonly startedMs: number;
}

/** Shorter ones are not told of. */
const LONG_MS = 500;

/** What the server refused to let be set. */
const READONLY = "164";
/** Stopped, by whoever; by its own limit of time. */
const CANCELLED = "394";
/** Names of queries of this program in the server's lists and logs. */
const COMMENT = "ktrail";

/** Set on every query where the server lets it: nothing is written, and no question holds the server for ever. */
const LIMITS = {
  readonly: "2",
  log_comment: COMMENT,
  output_format_json_quote_64bit_integers: 1,
  max_execution_time: 300,
  max_result_rows: "5000000",
  max_rows_to_group_by: "20000000",
  cancel_http_readonly_queries_on_client_close: 1,
} as const;

/** Asks a server, one query at a time or several. What is given up is stopped there, too. */
export class Session {
  /** The server could not be reached by the last question: why, a clause; null when it could. */
  lost: string | null = null;
  private readonly client: ClickHouseClient;
  /** A user with readonly=1 may set nothing. */
  private maySet = true;
  private readonly running = new Map<string, Running>();
  private readonly onChange: () => void;

  /** `onChange`: what is running, or whether the server is there, is another. */
  constructor(client: ClickHouseClient, onChange: () => void = () => undefined) {
    this.client = client;
    this.onChange = onChange;
  }

  /** 0…1 of what the queries that take long have to read; null when none does. */
  get progress(): number | null {
    const since = performance.now() - LONG_MS;
    let [read, total] = [0, 0];
    let isLong = false;
    for (const { readRows, totalRows, startedMs } of this.running.values()) {
      if (startedMs > since) continue;
      isLong = true;
      read += readRows;
      total += totalRows;
    }
    if (!isLong) return null;
    return total === 0 ? 0 : Math.min(1, read / total);
  }

  /** One question of many short queries is a long one. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const id = randomUUID();
    this.running.set(id, { readRows: 0, totalRows: 0, startedMs: performance.now() });
    try {
      return await work();
    } finally {
      this.running.delete(id);
      this.onChange();
    }
  }

  async rows(sql: string, params: SqlParams, signal: AbortSignal): Promise<readonly FigureRow[]> {
    const rows: FigureRow[] = [];
    for await (const batch of this.batches(sql, params, signal)) for (const row of batch) rows.push(row);
    return rows;
  }

  /** Rows as they come. */
  async *batches(sql: string, params: SqlParams, signal: AbortSignal): AsyncGenerator<readonly FigureRow[]> {
    signal.throwIfAborted();
    const id = `ktrail-${randomUUID()}`;
    const kill = (): void => void this.kill(id);
    signal.addEventListener("abort", kill, { once: true });
    this.running.set(id, { readRows: 0, totalRows: 0, startedMs: performance.now() });
    try {
      const answer = await this.ask(sql, params, id, signal);
      this.heard();
      for await (const batch of answer.stream<FigureRow>()) {
        const rows: FigureRow[] = [];
        for (const each of batch) {
          const row = each.json<unknown>();
          if (isProgressRow(row)) this.progressed(id, row.progress);
          else if (isRow<FigureRow>(row)) rows.push(row.row);
          else if (isException(row)) throw parseError(row.exception);
        }
        if (rows.length > 0) yield rows;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.told(error);
    } finally {
      signal.removeEventListener("abort", kill);
      this.running.delete(id);
      this.onChange();
    }
  }

  private async ask(sql: string, params: SqlParams, id: string, signal: AbortSignal): ReturnType<Session["send"]> {
    try {
      return await this.send(sql, params, id, signal);
    } catch (error) {
      if (!(error instanceof ClickHouseError) || error.code !== READONLY || !this.maySet) throw error;
      this.maySet = false;
      return this.send(sql, params, id, signal);
    }
  }

  private send(sql: string, params: SqlParams, id: string, signal: AbortSignal) {
    return this.client.query({
      query: sql,
      query_params: params.values,
      use_multipart_params_auto: true,
      query_id: id,
      abort_signal: signal,
      format: "JSONEachRowWithProgress",
      ...(this.maySet ? { clickhouse_settings: LIMITS } : {}),
    });
  }

  /** Closing the connection is not enough everywhere. */
  private async kill(id: string): Promise<void> {
    await this.client
      .command({ query: "KILL QUERY WHERE query_id = {id:String} ASYNC", query_params: { id } })
      .catch(() => undefined);
  }

  private progressed(id: string, progress: { readonly read_rows: string; readonly total_rows_to_read?: string }): void {
    const { startedMs = performance.now() } = this.running.get(id) ?? {};
    const totalRows = Number(progress.total_rows_to_read ?? 0);
    this.running.set(id, { readRows: Number(progress.read_rows), totalRows, startedMs });
    this.onChange();
  }

  private heard(): void {
    if (this.lost === null) return;
    this.lost = null;
    this.onChange();
  }

  /** In words of ours; nothing of what the server repeats of a query or of who asked is shown. */
  private told(error: unknown): Error {
    if (error instanceof ClickHouseError) {
      this.heard();
      if (error.code === CANCELLED) return new DOMException("the query was stopped", "AbortError");
      return new KtrailError("KT203", `the store refused a question: ${clauseOf(error)}`);
    }
    this.lost = reasonOf(error);
    this.onChange();
    return new KtrailError("KT203", `the store does not answer: ${this.lost}`);
  }
}

/** `… (SOME_ERROR)`, without the query that the server repeats. */
function clauseOf({ message, code, type }: ClickHouseError): string {
  const first = message.split(/: In scope | \(version /, 1)[0] ?? "";
  return `${first.slice(0, 300)} (${type ?? "error"} ${code})`;
}

function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  return message === "" ? String(code ?? "the connection was lost") : message.slice(0, 200);
}
