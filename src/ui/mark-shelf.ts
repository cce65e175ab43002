import type { MarkStore } from "../config/mark-store.ts";
import type { Engine, EngineStatus } from "../engine/contract.ts";
import { counted } from "../models/numbers.ts";
import { safeText } from "../models/text-safety.ts";
import type { Action } from "../state/actions.ts";
import type { Mark } from "../state/app-state.ts";
import { isFound } from "../state/marks.ts";

/** Rows of restored marks are looked for this often while the log is read. */
const LOOK_EVERY_MS = 1_000;

interface Kept {
  readonly log: string;
  readonly note: string;
}

/** Marks on their way between the files of their logs and the screen's state. */
export class MarkShelf {
  private readonly engine: Engine;
  /** Null: nothing is kept (--no-state). */
  private readonly store: MarkStore | null;
  private readonly dispatch: (actions: readonly Action[]) => void;
  /** Those on screen. */
  private readonly current: () => readonly Mark[];
  private synced: readonly Mark[] = [];
  /** What the files hold of the marks on screen, by id. */
  private readonly kept = new Map<string, Kept>();
  private readonly restored = new Set<string>();
  private hasTold = false;
  private problem: string | null = null;
  private asked = "";
  private lookedMs = -Infinity;
  private isLooking = false;
  private unsubscribe: () => void = () => {};

  constructor(
    engine: Engine,
    store: MarkStore | null,
    current: () => readonly Mark[],
    dispatch: (actions: readonly Action[]) => void,
  ) {
    this.engine = engine;
    this.store = store;
    this.current = current;
    this.dispatch = dispatch;
  }

  /** Restores the marks of logs as they are opened. */
  start(): void {
    const { store } = this;
    const known = store?.logs() ?? [];
    if (store === null || known.length === 0) return;
    const look = (status: EngineStatus): void => {
      this.restore(store, known, status).catch(this.tell);
      this.find(status).catch(this.tell);
    };
    this.unsubscribe = this.engine.subscribe(look);
    look(this.engine.status);
  }

  stop(): void {
    this.unsubscribe();
  }

  /** What was marked, noted or taken away since goes into the files. */
  sync(): void {
    const marks = this.current();
    if (marks === this.synced) return;
    const isMore = marks.length > this.synced.length;
    this.synced = marks;
    const changes = this.changes(marks);
    if (this.store === null) {
      if (isMore) this.once("marked, for this session only (--no-state)");
      return;
    }
    for (const [log, edits] of changes) this.write(this.store, log, edits);
    const isLost = marks.some((mark) => mark.log === null);
    if (this.problem !== null) this.once(`marked, for this session only: ${this.problem}`);
    else if (isMore && isLost)
      this.once("marked, for this session only: too little of the log is there to know it again");
    else if (isMore && changes.size > 0) this.once(`marked, and kept in ${this.store.folder ?? ""}; :marks lists them`);
  }

  /** For the last line in the terminal; null when nothing is marked. */
  farewell(): string | null {
    const marks = this.current();
    if (marks.length === 0) return null;
    const kept = marks.filter(({ id }) => this.kept.has(id)).length;
    const lost = marks.length - kept;
    const parts = [
      ...(kept === 0 ? [] : [`${counted(kept, "mark")} kept in ${this.store?.folder ?? ""}`]),
      ...(lost === 0 ? [] : [`${counted(lost, "mark")} not kept${this.store === null ? " (--no-state)" : ""}`]),
    ];
    return safeText(parts.join(", "));
  }

  /** By log, by id: the mark as it is to be, null where it is to go. */
  private changes(marks: readonly Mark[]): ReadonlyMap<string, ReadonlyMap<string, Mark | null>> {
    const changes = new Map<string, Map<string, Mark | null>>();
    const change = (log: string, id: string, mark: Mark | null): void => {
      const edits = changes.get(log) ?? new Map<string, Mark | null>();
      changes.set(log, edits.set(id, mark));
    };
    const present = new Set(marks.map(({ id }) => id));
    for (const [id, { log }] of this.kept) if (!present.has(id)) change(log, id, null);
    for (const mark of marks) {
      if (mark.log !== null && this.kept.get(mark.id)?.note !== mark.note) change(mark.log, mark.id, mark);
    }
    return changes;
  }

  private write(store: MarkStore, log: string, edits: ReadonlyMap<string, Mark | null>): void {
    try {
      store.change(log, (marks) => {
        for (const [id, mark] of edits) {
          if (mark === null) marks.delete(id);
          else marks.set(id, mark);
        }
      });
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return;
    }
    for (const [id, mark] of edits) {
      if (mark === null) this.kept.delete(id);
      else this.kept.set(id, { log, note: mark.note });
    }
  }

  private async restore(store: MarkStore, known: readonly string[], { inputs, phase }: EngineStatus): Promise<void> {
    const question = `${inputs.length} ${phase}`;
    if (question === this.asked) return;
    this.asked = question;
    const logs = await this.engine.ask("logs", { known: known.filter((log) => !this.restored.has(log)) });
    for (const log of logs) {
      if (this.restored.has(log)) continue;
      this.restored.add(log);
      const { marks, problem } = store.read(log);
      if (problem !== null) this.dispatch([{ type: "message", text: safeText(problem), tone: "warn" }]);
      for (const { id, note } of marks) this.kept.set(id, { log, note });
      if (marks.length === 0) continue;
      const text = `${counted(marks.length, "mark")} of this log restored; :marks lists them`;
      this.dispatch([
        { type: "marks-restored", marks },
        { type: "message", text, tone: "info" },
      ]);
      this.lookedMs = -Infinity;
      await this.find(this.engine.status);
    }
  }

  private async find({ phase, backfilling }: EngineStatus): Promise<void> {
    const lost = this.current().filter((mark) => !isFound(mark));
    const isReading = phase === "loading" || backfilling;
    if (lost.length === 0 || this.isLooking || this.lookedMs === Number.POSITIVE_INFINITY) return;
    if (isReading && performance.now() < this.lookedMs + LOOK_EVERY_MS) return;
    this.isLooking = true;
    try {
      const seqs = await this.engine.ask("locate", {
        requests: lost.map(({ facts: { auditID, receivedUs } }) => ({ auditID, receivedUs })),
      });
      const rows = lost.flatMap(({ id }, at) => {
        const seq = seqs[at] ?? null;
        return seq === null ? [] : [{ id, seq }];
      });
      if (rows.length > 0) this.dispatch([{ type: "marks-found", rows }]);
    } finally {
      this.isLooking = false;
      // What is not there once all is read does not come any more.
      this.lookedMs = isReading ? performance.now() : Number.POSITIVE_INFINITY;
    }
  }

  private once(text: string): void {
    if (this.hasTold) return;
    this.hasTold = true;
    queueMicrotask(() => this.dispatch([{ type: "message", text: safeText(text), tone: "info" }]));
  }

  private readonly tell = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    this.dispatch([{ type: "message", text: safeText(text), tone: "warn" }]);
  };
}
