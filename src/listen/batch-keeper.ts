import { join } from "node:path";
import { KtrailError } from "../errors.ts";
import type { ListenCounts, ListenHooks, SpoolSettings } from "./contract.ts";
import { BadBody, eventLines, keysOf } from "./event-lines.ts";
import { RecentEvents } from "./recent-events.ts";
import { Refusal } from "./refusal.ts";
import { Spool } from "./spool.ts";

/** Lines of a spool that are looked at again after a start. */
const RESUMED_BYTES = 128 * 1024 * 1024;

/** Keeps what is new in each batch: on the disk, with a spool, and handed on. */
export class BatchKeeper {
  readonly counts: { -readonly [K in keyof Omit<ListenCounts, "refused" | "deferred">]: number } = {
    batches: 0,
    events: 0,
    duplicates: 0,
  };
  private readonly settings: SpoolSettings | null;
  private readonly hooks: ListenHooks;
  private readonly recent = new RecentEvents();
  private readonly spools = new Map<string, Promise<Spool>>();
  /** Events on their way to the disk: sent again meanwhile, they wait for the same. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(settings: SpoolSettings | null, hooks: ListenHooks) {
    this.settings = settings;
    this.hooks = hooks;
  }

  /** Throws KtrailError KT202 when the spool cannot be used. */
  async begin(): Promise<void> {
    if (this.settings !== null) await this.spoolOf("", this.settings);
  }

  async close(): Promise<void> {
    for (const spool of this.spools.values()) await (await spool).close();
  }

  /** Resolves when a batch may be acknowledged: with a spool before it is `taken`. */
  async keep(
    body: Buffer,
    sender: string,
  ): Promise<{ readonly events: number; readonly duplicates: number; readonly taken: Promise<void> }> {
    let items: ReturnType<typeof eventLines>;
    try {
      items = eventLines(body);
    } catch (error) {
      throw error instanceof BadBody ? new Refusal(400, `the body is not taken: ${error.message}`) : error;
    }
    // Opened first: what lies in it counts as known.
    const spool = this.settings === null ? null : await this.spoolOf(sender, this.settings);
    const others: Promise<void>[] = [];
    const lines: Buffer[] = [];
    const keys: string[] = [];
    const done = Promise.withResolvers<void>();
    done.promise.catch(() => undefined);
    for (const { line, key } of items) {
      const own = `${sender}\n${key}`;
      const sameUnderWay = this.underWay.get(own);
      if (sameUnderWay !== undefined) others.push(sameUnderWay);
      else if (!this.recent.has(sender, key)) {
        this.underWay.set(own, done.promise);
        lines.push(line);
        keys.push(key);
      }
    }
    let taken = Promise.resolve();
    try {
      const all = Buffer.concat(lines);
      if (lines.length > 0) await spool?.append(all);
      // What is on the disk must not go there twice, whatever becomes of it here.
      if (spool !== null) this.remember(sender, keys);
      if (lines.length > 0) taken = this.hooks.take({ sender, lines: all });
      // Whoever waits for it hears of it.
      taken.catch(() => undefined);
      if (spool === null) {
        await taken;
        this.remember(sender, keys);
      }
      done.resolve();
      await Promise.all(others);
    } catch (error) {
      done.reject(error);
      throw error;
    } finally {
      for (const key of keys) this.underWay.delete(`${sender}\n${key}`);
    }
    const duplicates = items.length - lines.length;
    this.counts.batches += 1;
    this.counts.events += lines.length;
    this.counts.duplicates += duplicates;
    return { events: lines.length, duplicates, taken };
  }

  private remember(sender: string, keys: readonly string[]): void {
    for (const key of keys) this.recent.add(sender, key);
  }

  private spoolOf(sender: string, settings: SpoolSettings): Promise<Spool> {
    const known = this.spools.get(sender);
    if (known !== undefined) return known;
    const opening = this.openSpool(sender, settings);
    this.spools.set(sender, opening);
    // Another try may have more luck.
    opening.catch(() => this.spools.delete(sender));
    return opening;
  }

  private async openSpool(sender: string, settings: SpoolSettings): Promise<Spool> {
    const directory = sender === "" ? settings.directory : join(settings.directory, sender);
    const opened = new Spool({ ...settings, directory }, this.hooks.note);
    try {
      await opened.resume((lines) => {
        for (const key of keysOf(lines)) this.recent.add(sender, key);
      }, RESUMED_BYTES);
    } catch (error) {
      throw new KtrailError("KT202", `cannot spool to ${directory}: ${(error as Error).message}`);
    }
    return opened;
  }
}
