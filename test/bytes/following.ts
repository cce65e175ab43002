import type { FollowEvent, FollowSource } from "../../src/bytes/contract.ts";

/** Runs a follow source and lets a test wait for what it delivered. */
export class Following {
  readonly log: string[] = [];
  text = "";
  /** Text of each generation, in the order they were opened. */
  readonly generations: string[] = [];
  private readonly abort = new AbortController();
  private readonly done: Promise<void>;
  private readonly checks = new Set<() => void>();
  private failure: unknown = null;

  constructor(source: FollowSource) {
    this.done = this.run(source).catch((error: unknown) => {
      this.failure = error;
      for (const check of this.checks) check();
    });
  }

  /** Resolves as soon as the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.failure !== null) reject(this.failure);
        else if (condition()) {
          this.checks.delete(check);
          resolve();
        }
      };
      this.checks.add(check);
      check();
    });
  }

  untilText(end: string): Promise<void> {
    return this.until(() => this.text.endsWith(end) && this.log.at(-1) === "caughtUp");
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
    if (this.failure !== null) throw this.failure;
  }

  private async run(source: FollowSource): Promise<void> {
    for await (const event of source.events(this.abort.signal)) {
      this.take(event);
      for (const check of this.checks) check();
    }
  }

  private take(event: FollowEvent): void {
    switch (event.kind) {
      case "chunk": {
        const text = Buffer.from(event.bytes).toString("latin1");
        this.text += text;
        this.generations[this.generations.length - 1] += text;
        break;
      }
      case "opened":
        this.generations.push("");
        this.log.push(`opened@${event.offset}`);
        break;
      case "complete":
        this.log.push(`complete:${event.end}`);
        break;
      case "lost":
        this.log.push(`lost: ${event.sentence}`);
        break;
      case "waiting":
        this.log.push("waiting");
        break;
      case "caughtUp":
        this.log.push("caughtUp");
        break;
      default:
        event satisfies never;
    }
  }
}

/** A line with the shape and uniqueness of an audit event's beginning. */
export function line(number: number): string {
  const id = String(number).padStart(12, "0");
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"6e0c1b6e-0000-4000-8000-${id}","stage":"ResponseComplete"}\n`;
}

export function lines(from: number, to: number): string {
  let text = "";
  for (let number = from; number < to; number += 1) text += line(number);
  return text;
}
