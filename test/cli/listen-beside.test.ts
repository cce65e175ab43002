import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type ApiServer, freePort, loggedIn, NO_API_SERVER, RealApiServer, START_MS } from "../support/api-server.ts";
import { answered } from "../support/headless.ts";
import { endProcess, listenProcess, type ListenProcess } from "../support/listen-load.ts";
import { PostingApiServer } from "../support/posting-api-server.ts";
import { ensureBuilt } from "../support/program.ts";

/**
 * `ktrail listen` as the audit webhook of an API server that writes a log too, both restarted while it works. With a real one:
 * `KTRAIL_APISERVER=/path/to/kube-apiserver npx vitest run test/cli/listen-beside.test.ts`.
 */
const root = mkdtempSync(join(tmpdir(), "ktrail-beside-"));
beforeAll(ensureBuilt);
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(async () => {
  if (listening !== null) await endProcess(listening, "SIGKILL");
});
let listening: ListenProcess | null = null;

type Mode = "batch" | "blocking";

const eventsOf = (folder: string): string[] =>
  loggedIn(folder)
    .map(({ auditID, stage }) => `${auditID} ${stage}`)
    .sort();

/** What was spooled is what was logged, each event once, however often either side was started again. */
async function compare(made: (url: string, folder: string) => ApiServer, mode: Mode, requests: number): Promise<void> {
  const folder = join(root, `${mode}-${readdirSync(root).length}`);
  const spool = join(folder, "spool");
  mkdirSync(folder);
  const address = `127.0.0.1:${await freePort()}`;
  const listen = async (): Promise<void> => {
    listening = await listenProcess(["--spool", spool], address);
  };
  await listen();
  const server = made(`http://${address}/audit/cp-1`, folder);
  try {
    await server.start();
    await server.traffic(requests);
    const traffic = server.traffic(requests);
    await endProcess(listening as unknown as ListenProcess, "SIGTERM");
    await listen();
    await traffic;
    await server.stop();
    await server.start();
    await server.traffic(requests);
    await server.stop();
    const logged = eventsOf(server.logs);
    expect(logged.length).toBeGreaterThanOrEqual(3 * requests);
    await vi.waitFor(() => expect(eventsOf(join(spool, "cp-1"))).toHaveLength(logged.length), { timeout: 10_000 });
    await endProcess(listening as unknown as ListenProcess, "SIGINT");
    expect(eventsOf(join(spool, "cp-1"))).toEqual(logged);
    const counts = async (path: string): Promise<unknown> => {
      const { stdout } = await answered([
        "top",
        "--by",
        "user,verb,code,resource",
        "--limit",
        "all",
        "-o",
        "json",
        path,
      ]);
      return JSON.parse(stdout);
    };
    expect(await counts(spool)).toEqual(await counts(server.logs));
  } finally {
    server.close();
  }
}

describe.each<Mode>(["batch", "blocking"])("beside what posts as an API server does, mode %s", (mode) => {
  test("each event of the log is there once", () =>
    compare((url, folder) => new PostingApiServer(folder, url, mode, 400), mode, 300));
});

const skipped = NO_API_SERVER === null ? "" : ` (skipped: ${NO_API_SERVER})`;

// Its own watches end after its buffer is closed: no webhook ever hears of that.
const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: None, verbs: [watch]}
- level: RequestResponse
`;

describe.skipIf(NO_API_SERVER !== null).each<Mode>(["batch", "blocking"])(`a real one, mode %s${skipped}`, (mode) => {
  test(
    "each event of its log is there once",
    () =>
      compare(
        (url, folder) => {
          const config = join(folder, "webhook.yaml");
          writeFileSync(
            config,
            JSON.stringify({
              apiVersion: "v1",
              kind: "Config",
              clusters: [{ name: "ktrail", cluster: { server: url } }],
              users: [{ name: "apiserver", user: {} }],
              contexts: [{ name: "ktrail", context: { cluster: "ktrail", user: "apiserver" } }],
              "current-context": "ktrail",
            }),
          );
          return new RealApiServer(folder, POLICY, [
            `--audit-webhook-config-file=${config}`,
            `--audit-webhook-mode=${mode}`,
            "--audit-webhook-initial-backoff=1s",
            ...(mode === "batch" ? ["--audit-webhook-batch-max-wait=1s"] : []),
          ]);
        },
        mode,
        1_000,
      ),
    6 * START_MS,
  );
});
