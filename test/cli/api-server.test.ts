import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { loggedIn, NO_API_SERVER, RealApiServer, START_MS } from "../support/api-server.ts";
import { ensureBuilt, PROGRAM_ARGUMENTS, PROGRAM_FILE } from "../support/program.ts";

/**
 * Beside a real API server: `KTRAIL_APISERVER=/path/to/kube-apiserver npx vitest run test/cli/api-server.test.ts`. It needs an
 * etcd: `KTRAIL_ETCD=/path`, or the one on the PATH.
 */
const REQUESTS = 4_000;
// All stages: what is cut off by a kill is there as a receipt.
const POLICY = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: RequestResponse\n";

const folder = mkdtempSync(join(tmpdir(), "ktrail-apiserver-"));
const skipped = NO_API_SERVER === null ? "" : ` (skipped: ${NO_API_SERVER})`;

describe.skipIf(NO_API_SERVER !== null)(`a real API server${skipped}`, () => {
  let server: RealApiServer;
  let child: ChildProcess | null = null;
  beforeAll(() => {
    ensureBuilt();
    server = new RealApiServer(folder, POLICY);
  });
  afterAll(() => {
    child?.kill("SIGKILL");
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "is followed through rotations, a watch that never ends and a kill: nothing lost, nothing twice",
    async () => {
      const { logs } = server;
      await server.start();
      const following = spawn(PROGRAM_FILE, [
        ...PROGRAM_ARGUMENTS,
        "events",
        "-f",
        join(logs, "audit.log"),
        "-o",
        "jsonl",
      ]);
      child = following;
      const engine = createEngine({ inputs: [join(logs, "audit.log")], follow: true, capacity: 1_000_000 });
      let [stdout, stderr] = ["", ""];
      following.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      following.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      void server.call("GET", "/api/v1/configmaps?watch=1&timeoutSeconds=3600");
      await server.traffic(REQUESTS);
      expect(readdirSync(logs).length).toBeGreaterThan(1);
      await server.stop("SIGKILL");
      await server.start();
      await server.traffic(REQUESTS / 4);
      await server.stop();

      const events = loggedIn(logs);
      const written = new Set(events.map(({ auditID }) => auditID));
      const answered = new Set(events.filter(({ stage }) => stage !== "RequestReceived").map(({ auditID }) => auditID));
      const until = Date.now() + START_MS;
      while (stdout.split("\n").length <= answered.size || engine.status.requestsSeen < written.size) {
        if (Date.now() > until) break;
        await pause(100);
      }
      const closed = new Promise((resolve) => following.once("close", resolve));
      following.kill("SIGINT");
      await closed;
      const printed = stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
      expect(printed.length).toBe(new Set(printed).size);
      expect([...written].filter((id) => !printed.includes(id))).toEqual([]);
      expect(stderr).not.toMatch(/lost|could not be read/);
      const info = await engine.ask("info", {});
      expect(info.requests).toBe(written.size);
      expect(info.cutOff).toBeGreaterThan(0);
      expect(info.restarts.map(({ ended: how }) => how)).toContain("killed");
      await engine.close();
      expect(existsSync(join(logs, "audit.log"))).toBe(true);
    },
    4 * START_MS,
  );
});
