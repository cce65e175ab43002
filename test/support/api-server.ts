import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

/** A kube-apiserver and its etcd; nothing here runs without `KTRAIL_APISERVER`. */
const API_SERVER = process.env["KTRAIL_APISERVER"] ?? "";
const ETCD = process.env["KTRAIL_ETCD"] ?? "etcd";
/** Why there is none; null where there is one. */
export const NO_API_SERVER = API_SERVER === "" ? "KTRAIL_APISERVER does not name a kube-apiserver" : null;
export const START_MS = 120_000;
const TOKEN = "ktrail-test";

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The events of a folder of log files, rotated and packed ones too, as far as they are whole. */
export function loggedIn(folder: string): { auditID: string; stage: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
    return lines
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as { auditID: string; stage: string });
  });
}

/** What a test asks of an API server: a real one, or what writes its log and posts to its webhook as one does. */
export interface ApiServer {
  /** Where its log is. */
  readonly logs: string;
  /** Also after stop(), as a new process on the same log. Resolves when it answers. */
  start(): Promise<void>;
  /** So many requests that change and read objects. */
  traffic(requests: number): Promise<void>;
  /** SIGTERM: what it still has for a webhook is sent first. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Ends everything, however it stands. */
  close(): void;
}

export class RealApiServer implements ApiServer {
  readonly logs: string;
  private readonly folder: string;
  private readonly args: readonly string[];
  private readonly children = new Set<ChildProcess>();
  private etcdPort = 0;
  private port = 0;
  private child: ChildProcess | null = null;
  private requests = 0;

  /** `policy`: an audit policy as YAML. `args`: besides those that any API server needs. */
  constructor(folder: string, policy: string, args: readonly string[] = []) {
    this.folder = folder;
    this.args = args;
    this.logs = join(folder, "logs");
    mkdirSync(this.logs, { recursive: true });
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    writeFileSync(join(folder, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
    writeFileSync(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(folder, "tokens.csv"), `${TOKEN},tester,tester,system:masters\n`);
    writeFileSync(join(folder, "policy.yaml"), policy);
  }

  async start(): Promise<void> {
    if (this.etcdPort === 0) await this.startEtcd();
    const file = (name: string): string => join(this.folder, name);
    const options: Readonly<Record<string, string>> = {
      "etcd-servers": `http://127.0.0.1:${this.etcdPort}`,
      "secure-port": String(this.port),
      "cert-dir": this.folder,
      "service-account-issuer": "https://test",
      "service-account-key-file": file("sa.pub"),
      "service-account-signing-key-file": file("sa.key"),
      "service-cluster-ip-range": "10.0.0.0/24",
      "token-auth-file": file("tokens.csv"),
      "authorization-mode": "RBAC",
      "audit-policy-file": file("policy.yaml"),
      "audit-log-path": join(this.logs, "audit.log"),
      "audit-log-maxsize": "1",
    };
    const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const child = this.spawned(API_SERVER, [...words, "--audit-log-compress", ...this.args]);
    this.child = child;
    const until = Date.now() + START_MS;
    while ((await this.call("GET", "/readyz")) !== 200) {
      if (Date.now() > until || child.exitCode !== null) throw new Error("the API server does not become ready");
      await pause(200);
    }
  }

  /** Status code, 0 when there is no answer. */
  call(method: string, path: string, body = ""): Promise<number> {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    return new Promise((resolve) => {
      const sent = request({ port: this.port, method, path, headers, rejectUnauthorized: false }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", () => resolve(0));
      });
      sent.on("error", () => resolve(0));
      sent.end(body);
    });
  }

  async traffic(requests: number): Promise<void> {
    for (let n = 0; n < requests; n += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, k) => {
          const name = `c-${process.pid}-${(this.requests += 1)}`;
          const body = JSON.stringify({ metadata: { name }, data: { text: "x".repeat(500) } });
          return k % 2 === 0
            ? this.call("POST", "/api/v1/namespaces/default/configmaps", body)
            : this.call("GET", `/api/v1/namespaces/default/configmaps/${name}`);
        }),
      );
    }
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await closed;
  }

  close(): void {
    for (const child of this.children) child.kill("SIGKILL");
  }

  private async startEtcd(): Promise<void> {
    [this.etcdPort, this.port] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${this.etcdPort}`;
    const peer = `http://127.0.0.1:${await freePort()}`;
    this.spawned(ETCD, [
      `--data-dir=${join(this.folder, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ]);
  }

  private spawned(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { stdio: "ignore" });
    this.children.add(child);
    child.on("close", () => this.children.delete(child));
    return child;
  }
}
