import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { ensureBuilt, PROGRAM } from "../support/program.ts";

/**
 * Beside a real API server: `KTRAIL_APISERVER=/path/to/kube-apiserver npx vitest run test/cli/api-server.test.ts`. It needs an
 * etcd: `KTRAIL_ETCD=/path`, or the one on the PATH.
 */
const API_SERVER = process.env["KTRAIL_APISERVER"] ?? "";
const ETCD = process.env["KTRAIL_ETCD"] ?? "etcd";
const missing = API_SERVER === "" ? "KTRAIL_APISERVER does not name a kube-apiserver" : null;
const START_MS = 120_000;
const REQUESTS = 4_000;
const TOKEN = "ktrail-test";

const folder = mkdtempSync(join(tmpdir(), "ktrail-apiserver-"));
const logs = join(folder, "logs");
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: "ignore" });
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once("close", resolve))
    : Promise.resolve();
}

/** Status code, 0 when there is no answer. */
function call(port: number, method: string, path: string, body = ""): Promise<number> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return new Promise((resolve) => {
    const sent = request({ port, method, path, headers, rejectUnauthorized: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
      response.on("error", () => resolve(0));
    });
    sent.on("error", () => resolve(0));
    sent.end(body);
  });
}

describe.skipIf(missing !== null)(`a real API server${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let etcdPort = 0;
  let port = 0;

  beforeAll(async () => {
    ensureBuilt();
    [etcdPort, port] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${etcdPort}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
    start(ETCD, [
      "--data-dir",
      join(folder, "etcd"),
      "--listen-client-urls",
      url,
      "--advertise-client-urls",
      url,
      "--listen-peer-urls",
      peer,
      "--initial-advertise-peer-urls",
      peer,
      "--initial-cluster",
      `default=${peer}`,
    ]);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    writeFileSync(join(folder, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
    writeFileSync(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(folder, "tokens.csv"), `${TOKEN},tester,tester,system:masters\n`);
    // All stages: what is cut off by a kill is there as a receipt.
    const policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: RequestResponse\n";
    writeFileSync(join(folder, "policy.yaml"), policy);
  });

  async function apiServer(): Promise<ChildProcess> {
    const child = start(API_SERVER, [
      "--etcd-servers",
      `http://127.0.0.1:${etcdPort}`,
      "--secure-port",
      String(port),
      "--cert-dir",
      folder,
      "--service-account-issuer",
      "https://test",
      "--service-account-key-file",
      join(folder, "sa.pub"),
      "--service-account-signing-key-file",
      join(folder, "sa.key"),
      "--service-cluster-ip-range",
      "10.0.0.0/24",
      "--token-auth-file",
      join(folder, "tokens.csv"),
      "--authorization-mode",
      "RBAC",
      "--audit-policy-file",
      join(folder, "policy.yaml"),
      "--audit-log-path",
      join(logs, "audit.log"),
      "--audit-log-maxsize",
      "1",
      "--audit-log-compress",
    ]);
    const until = Date.now() + START_MS;
    while ((await call(port, "GET", "/readyz")) !== 200) {
      if (Date.now() > until || child.exitCode !== null) throw new Error("the API server does not become ready");
      await pause(200);
    }
    return child;
  }

  async function traffic(requests: number): Promise<void> {
    for (let n = 0; n < requests; n += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, k) => {
          const name = `c-${process.pid}-${n + k}`;
          const body = JSON.stringify({ metadata: { name }, data: { text: "x".repeat(500) } });
          return k % 2 === 0
            ? call(port, "POST", "/api/v1/namespaces/default/configmaps", body)
            : call(port, "GET", `/api/v1/namespaces/default/configmaps/${name}`);
        }),
      );
    }
  }

  test(
    "is followed through rotations, a watch that never ends and a kill: nothing lost, nothing twice",
    async () => {
      const first = await apiServer();
      const child = spawn(process.execPath, [PROGRAM, "events", "-f", join(logs, "audit.log"), "-o", "jsonl"]);
      children.add(child);
      const engine = createEngine({ inputs: [join(logs, "audit.log")], follow: true, capacity: 1_000_000 });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      void call(port, "GET", "/api/v1/configmaps?watch=1&timeoutSeconds=3600");
      await traffic(REQUESTS);
      expect(readdirSync(logs).length).toBeGreaterThan(1);
      first.kill("SIGKILL");
      await ended(first);
      const second = await apiServer();
      await traffic(REQUESTS / 4);
      second.kill("SIGTERM");
      await ended(second);

      const written = new Set<string>();
      const answered = new Set<string>();
      for (const name of readdirSync(logs)) {
        const bytes = readFileSync(join(logs, name));
        const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
        for (const line of text.split("\n").filter((one) => one.endsWith("}"))) {
          const event = JSON.parse(line) as { auditID: string; stage: string };
          written.add(event.auditID);
          if (event.stage !== "RequestReceived") answered.add(event.auditID);
        }
      }
      const until = Date.now() + START_MS;
      while (stdout.split("\n").length <= answered.size || engine.status.requestsSeen < written.size) {
        if (Date.now() > until) break;
        await pause(100);
      }
      child.kill("SIGINT");
      await ended(child);
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
