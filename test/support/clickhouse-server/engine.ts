import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ServeOptions } from "./clickhouse-server.ts";

/** What of chDB's sessions is used; its package is there only after npm run test:store. */
interface Session {
  queryAsync(sql: string, options?: { readonly format?: string }): Promise<{ text(): string }>;
  queryStream(sql: string, options: { readonly format: string }): AsyncIterable<{ raw(): Uint8Array }>;
  close(): void;
}

export interface Asked {
  readonly id: string;
  readonly statement: string;
  /** Of the URL: settings, parameters, and what only an HTTP server knows. */
  readonly asked: URLSearchParams;
  readonly readonly: 0 | 1 | 2;
}

export class QueryFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }

  /** As the server's HTTPHandler answers it. */
  get status(): number {
    if (this.code === 516) return 403;
    if ([60, 81, 47, 10].includes(this.code)) return 404;
    return [62, 36, 115, 6, 27, 41, 53, 69, 117].includes(this.code) ? 400 : 500;
  }
}

/** Not settings of a query but of the server that answers it. */
const HTTP_ONLY =
  /^(?:query|query_id|default_format|database|session_id|session_timeout|user|password|role|wait_end_of_query|buffer_size|compress|decompress|enable_http_compression|send_progress_in_http_headers|http_\w+|cancel_http_readonly_queries_on_client_close)$/;
const KILL = /^\s*KILL\s+QUERY\s+WHERE\s+query_id\s*=\s*'([^']+)'/i;
/** What chDB can answer piece by piece. */
const READS = /^\s*(?:SELECT|WITH)\b/i;
const PROGRESS_EVERY_MS = 100;

/** One data directory, a session of its own for every request, as a server has. */
export class Engine {
  readonly version: string;
  readonly #open: () => Session;
  readonly #running = new Map<string, { readonly mark: string; isKilled: boolean }>();

  constructor({ directory, clusters = {} }: Pick<ServeOptions, "directory" | "clusters">) {
    const { Session: Sessions, version } = createRequire(import.meta.url)("chdb") as {
      readonly Session: new (directory: string, options: { readonly connectionArgs: readonly string[] }) => Session;
      version(): { readonly libchdb: string };
    };
    this.version = version().libchdb;
    const connectionArgs =
      Object.keys(clusters).length === 0 ? [] : [`--config-file=${configFile(directory, clusters)}`];
    this.#open = () => new Sessions(directory, { connectionArgs });
    // Held for the life of the process: the engine stops when the last session is closed.
    this.#open();
  }

  /** Chunks of the answer; at least one, so that what fails at once fails before anything is answered. */
  async *run({ id, statement, asked, readonly }: Asked): AsyncGenerator<Uint8Array> {
    const killed = KILL.exec(statement)?.[1];
    if (killed !== undefined) return yield* this.#answerKill(killed);
    if (this.#running.has(id))
      throw new QueryFailure(
        216,
        failureText(216, `Query with id = ${id} is already running`, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING"),
      );
    const session = this.#open();
    const mark = `/* ${crypto.randomUUID()} */`;
    this.#running.set(id, { mark, isKilled: false });
    try {
      // A user with readonly=1 may set nothing.
      if (readonly === 1 && asked.has("enable_http_compression"))
        throw new QueryFailure(
          164,
          failureText(164, "Cannot modify 'enable_http_compression' setting in readonly mode", "READONLY"),
        );
      if (readonly === 1) await session.queryAsync("SET readonly = 1");
      for (const [name, value] of asked) {
        if (HTTP_ONLY.test(name)) continue;
        if (!/^\w+$/.test(name))
          throw new QueryFailure(115, failureText(115, `Unknown setting '${name}'`, "UNKNOWN_SETTING"));
        await session.queryAsync(`SET ${name} = ${quoted(value)}`);
      }
      if (readonly === 2) await session.queryAsync("SET readonly = 2");
      const database = asked.get("database");
      if (database !== null && database !== "default")
        await session.queryAsync(`USE \`${database.replaceAll("`", "\\`")}\``);
      const format = asked.get("default_format") ?? "TabSeparated";
      if (!READS.test(statement)) {
        yield Buffer.from((await session.queryAsync(`${mark} ${statement}`, { format })).text());
        return;
      }
      yield* this.#read(
        session,
        `${mark} ${statement}`,
        mark,
        /\bFORMAT\s+(\w+)\s*;?\s*$/i.exec(statement)?.[1] ?? format,
      );
    } catch (error) {
      throw failureOf(error);
    } finally {
      this.#running.delete(id);
      session.close();
    }
  }

  kill(id: string): boolean {
    const query = this.#running.get(id);
    if (query === undefined) return false;
    const session = this.#open();
    void session
      .queryAsync(`KILL QUERY WHERE startsWith(query, ${quoted(query.mark)}) ASYNC`)
      .catch(() => undefined)
      .finally(() => session.close());
    return true;
  }

  *#answerKill(id: string): Generator<Uint8Array> {
    yield Buffer.from(this.kill(id) ? `waiting\t${id}\tdefault\t\n` : "");
  }

  /** In the format with progress the engine tells it at the end only: what it has read so far is asked beside it. */
  async *#read(session: Session, sql: string, mark: string, format: string): AsyncGenerator<Uint8Array> {
    const chunks = session.queryStream(sql, { format })[Symbol.asyncIterator]();
    let hasAny = false;
    for (;;) {
      const next = chunks.next();
      if (format === "JSONEachRowWithProgress" && !hasAny) yield* this.#progressUntil(next, mark);
      const chunk = await next;
      if (chunk.done === true) break;
      hasAny = true;
      yield chunk.value.raw();
    }
    if (!hasAny) yield Buffer.alloc(0);
  }

  async *#progressUntil(done: Promise<unknown>, mark: string): AsyncGenerator<Uint8Array> {
    const ended = done.then(
      () => true,
      () => true,
    );
    const session = this.#open();
    try {
      for (;;) {
        const isDone = await Promise.race([ended, new Promise((later) => setTimeout(later, PROGRESS_EVERY_MS))]);
        if (isDone === true) return;
        const sql = `SELECT toString(read_rows) AS read_rows, toString(read_bytes) AS read_bytes,
          toString(total_rows_approx) AS total_rows_to_read, toString(toUInt64(elapsed * 1e9)) AS elapsed_ns
          FROM system.processes WHERE startsWith(query, ${quoted(mark)})`;
        const progress = (await session.queryAsync(sql, { format: "JSONEachRow" })).text().trim();
        if (progress !== "") yield Buffer.from(`{"progress":${progress}}\n`);
      }
    } finally {
      session.close();
    }
  }
}

const OWN_PORT = 9_000;

/** Writes what a server is configured with beside its data. A shard whose port is the server's own is asked without a connection. */
function configFile(directory: string, clusters: Readonly<Record<string, number>>): string {
  const shard = `<shard><replica><host>127.0.0.1</host><port>${OWN_PORT}</port></replica></shard>`;
  const all = Object.entries(clusters).map(([name, shards]) => `<${name}>${shard.repeat(shards)}</${name}>`);
  const path = `${directory.replace(/\/+$/, "")}.xml`;
  writeFileSync(
    path,
    `<clickhouse><tcp_port>${OWN_PORT}</tcp_port><remote_servers>${all.join("")}</remote_servers></clickhouse>`,
  );
  return path;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function failureText(code: number, text: string, name: string): string {
  return `Code: ${code}. DB::Exception: ${text}. (${name})`;
}

function failureOf(error: unknown): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new QueryFailure(Number(/Code: (\d+)/.exec(text)?.[1] ?? 1002), text);
}
