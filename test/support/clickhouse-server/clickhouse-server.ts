import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the process of the server is told. */
export interface ServeOptions {
  readonly directory: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** Default: `default` without password. `readonly` is the setting: 1 may not set any, 2 may. */
  readonly users?: readonly { readonly name: string; readonly password: string; readonly readonly?: 1 | 2 }[];
  /** Names of clusters, each with how many shards it has: all of them are this server, see cluster.test.ts. */
  readonly clusters?: Readonly<Record<string, number>>;
  /** PEM; `clientCa`: clients need a certificate of this authority. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly clientCa?: string };
}

export interface ClickHouseServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  /** SIGKILL, as if the machine took it; its directory stays. */
  kill(): Promise<void>;
  /** Ends it and removes the directory it made. */
  stop(): Promise<void>;
}

const here = import.meta.dirname;

/** A real server's URL, given to run the tests of the store against it. */
export const GIVEN_SERVER = process.env["KTRAIL_TEST_CLICKHOUSE"];
export const HAS_CHDB = existsSync(join(here, "node_modules/chdb/package.json"));

/** Installs chDB where it is missing. */
export function installServer(): void {
  if (HAS_CHDB) return;
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: here, stdio: "inherit" });
  if (npm.status !== 0) throw new Error("ClickHouse for tests could not be installed");
}

/** Starts a server of its own process over a directory: one that is given is kept, a temporary one is removed with `stop`. */
export async function startClickHouse(options: Partial<ServeOptions> = {}): Promise<ClickHouseServer> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "ktrail-clickhouse-"));
  const child = spawn(process.execPath, [join(here, "serve.ts"), JSON.stringify({ ...options, directory })], {
    // Every query that runs holds a thread of the pool.
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await firstLine(child);
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((done) => child.once("close", done));
    child.kill("SIGKILL");
    await closed;
  };
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port: Number(port),
    directory,
    kill: end,
    async stop() {
      await end();
      rmSync(`${directory}.xml`, { force: true });
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const end = text.indexOf("\n");
      if (end >= 0) done(text.slice(0, end));
    });
    child.once("error", fail);
    child.once("exit", (code, signal) => fail(new Error(`the server ended (${code ?? signal}) before it listened`)));
  });
}
