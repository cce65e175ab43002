import { appendFileSync, mkdirSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ApiServer } from "./api-server.ts";
import { batch, post } from "./webhook.ts";

/** As often as client-go asks in all. */
const TRIES = 5;
const MOST_ITEMS = 50;

/**
 * What of an API server a webhook and a log file see: every event is in the log first; batches go out several at a time and in any
 * order, single events while their request waits; whatever fails is sent again, byte for byte, at growing intervals.
 */
export class PostingApiServer implements ApiServer {
  readonly logs: string;
  private readonly url: string;
  private readonly isBlocking: boolean;
  private readonly backoffMs: number;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly sending = new Set<Promise<void>>();
  private buffer: [from: number, to: number] = [0, 0];

  constructor(folder: string, url: string, mode: "batch" | "blocking", backoffMs: number) {
    this.logs = join(folder, "logs");
    this.url = url;
    this.isBlocking = mode === "blocking";
    this.backoffMs = backoffMs;
    mkdirSync(this.logs, { recursive: true });
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async traffic(requests: number): Promise<void> {
    for (let n = 0; n < requests; n += 10) {
      const [from, to] = [this.buffer[1], this.buffer[1] + 10];
      const { items } = JSON.parse(batch(from, to)) as { items: object[] };
      const lines = items.map((item) => JSON.stringify({ kind: "Event", apiVersion: "audit.k8s.io/v1", ...item }));
      appendFileSync(join(this.logs, "audit.log"), lines.map((line) => `${line}\n`).join(""));
      this.buffer[1] = to;
      if (this.isBlocking) {
        this.buffer[0] = to;
        await Promise.all(items.map((_, at) => this.send(from + at, from + at + 1)));
      } else if (to - this.buffer[0] >= MOST_ITEMS) this.flush();
      await pause(1);
    }
  }

  async stop(): Promise<void> {
    this.flush();
    await Promise.all(this.sending);
    this.agent.destroy();
  }

  close(): void {
    this.agent.destroy();
  }

  private flush(): void {
    const [from, to] = this.buffer;
    if (from === to) return;
    this.buffer[0] = to;
    const sent = this.send(from, to);
    this.sending.add(sent);
    void sent.finally(() => this.sending.delete(sent));
  }

  private async send(from: number, to: number): Promise<void> {
    const body = batch(from, to);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await post(`${this.url}?timeout=30s`, body, {}, { agent: this.agent }).catch(() => null);
      if (answer !== null && answer.status < 300) return;
      await pause(this.backoffMs * 1.5 ** tries);
    }
    throw new Error(`events ${from} to ${to} were refused ${TRIES} times`);
  }
}
