import type { Ask, Engine } from "../engine/contract.ts";
import type { Answers } from "../panes/contract.ts";
import type { Progress } from "../queries/contract.ts";

interface Slot {
  /** The question now wanted, as text: two equal questions are one. */
  wanted: string;
  /** The question the value answers, and what it was asked under; null before the first answer. */
  answered: string | null;
  answeredUnder: string | null;
  /** Engine revision when the latest question was sent. */
  revision: number;
  value: unknown;
  /** 0…1 while the value is of a part of the rows; null when it is whole. */
  partial: number | null;
  error: string | null;
  running: AbortController | null;
}

/** A question as text, and what it is narrowed by. */
interface Asked {
  readonly question: string;
  readonly under: string;
}

interface Level {
  readonly pane: string;
  /** What all its questions are narrowed by, as text. */
  under: string;
  readonly slots: Map<string, Slot>;
}

/** `changed`: an answer the screen waits for. `refreshed`: newer numbers for what is already shown. */
export type AnswerNews = "changed" | "refreshed";

/**
 * Questions and latest answers of every level of the stack. A new question under the same key cancels the older one; a
 * newer revision asks again only when the running question is done, so a live tail can't starve its own answers.
 */
export class AskBoard {
  private readonly engine: Engine;
  private readonly onNews: (news: AnswerNews) => void;
  private levels: Level[] = [];
  private running = 0;

  constructor(engine: Engine, onNews: (news: AnswerNews) => void) {
    this.engine = engine;
    this.onNews = onNews;
  }

  /** No question is waiting for its answer. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  /**
   * Makes `asks` the wanted questions of the level on top; levels above it are forgotten, those below keep their answers.
   * `under`: what narrows them all; an answer that was narrowed otherwise is none, unless the question is the same. True when
   * answers became stale or went away by it.
   */
  sync(depth: number, pane: string, asks: Readonly<Record<string, Ask>>, revision: number, under: string): boolean {
    let isStaler = false;
    for (const gone of this.levels.splice(depth + 1)) drop(gone);
    for (const covered of this.levels.slice(0, depth)) drop(covered);
    const present = this.levels[depth];
    if (present !== undefined && present.pane !== pane) drop(present);
    const level =
      present !== undefined && present.pane === pane ? present : { pane, under, slots: new Map<string, Slot>() };
    while (this.levels.length < depth) this.levels.push({ pane: "", under, slots: new Map() });
    this.levels[depth] = level;
    level.under = under;

    for (const [key, slot] of level.slots) {
      if (asks[key] !== undefined) continue;
      slot.running?.abort();
      level.slots.delete(key);
      isStaler = true;
    }
    for (const [key, ask] of Object.entries(asks)) {
      const wanted = JSON.stringify(ask);
      let slot = level.slots.get(key);
      if (slot === undefined) {
        slot = {
          wanted,
          answered: null,
          answeredUnder: null,
          revision: -1,
          value: undefined,
          partial: null,
          error: null,
          running: null,
        };
        level.slots.set(key, slot);
      }
      if (slot.wanted === wanted) {
        const isCurrent = slot.revision === revision && (slot.answered === wanted || slot.error !== null);
        if (slot.running !== null || isCurrent) continue;
      } else {
        slot.running?.abort();
        slot.wanted = wanted;
        isStaler = true;
      }
      this.send(slot, ask, revision, under);
    }
    return isStaler;
  }

  /** Whether every question of the level has its answer, of whatever revision. */
  knows(depth: number, pane: string, asks: Readonly<Record<string, Ask>>): boolean {
    const level = this.levels[depth];
    if (level === undefined || level.pane !== pane) return false;
    return Object.entries(asks).every(([key, ask]) => {
      const slot = level.slots.get(key);
      return slot !== undefined && slot.wanted === JSON.stringify(ask) && slot.error === null;
    });
  }

  /** `stale` marks answers to an earlier question, not older numbers for the same one. */
  answers(depth: number): Answers {
    const answers: Record<string, Answers[string]> = {};
    const level = this.levels[depth];
    for (const [key, slot] of level?.slots ?? []) {
      if (slot.error === null && !isShowable(slot, level)) continue;
      answers[key] = {
        value: slot.value,
        stale: slot.answered !== slot.wanted && slot.error === null,
        error: slot.error,
        ...(slot.partial === null ? {} : { partial: slot.partial }),
      };
    }
    return answers;
  }

  /** Questions of this level lack an answer; without `evenStale` answers to earlier questions don't count. */
  isWaiting(depth: number, evenStale: boolean): boolean {
    const level = this.levels[depth];
    for (const slot of level?.slots.values() ?? []) {
      const isAnswered = slot.error !== null || (evenStale ? isShowable(slot, level) : slot.answered === slot.wanted);
      if (!isAnswered) return true;
    }
    return false;
  }

  close(): void {
    for (const level of this.levels.splice(0)) drop(level);
  }

  private send(slot: Slot, ask: Ask, revision: number, under: string): void {
    const controller = new AbortController();
    const question = slot.wanted;
    slot.running = controller;
    slot.revision = revision;
    this.running += 1;
    const { kind, ...body } = ask;
    this.engine
      .ask(kind, body as never, controller.signal, (value) => this.show(slot, controller, { question, under }, value))
      .then(
        (value: unknown) => this.settle(slot, controller, { question, under }, value, null),
        (error: unknown) =>
          this.settle(
            slot,
            controller,
            { question, under },
            undefined,
            error instanceof Error ? error.message : String(error),
          ),
      )
      .catch((error: unknown) => {
        // A listener failed: that is a defect of the screen, not an answer.
        queueMicrotask(() => {
          throw error;
        });
      });
  }

  /** A first answer may be of a part of the rows; one that is whole stands until the next is. */
  private show(slot: Slot, controller: AbortController, { question, under }: Asked, value: unknown): void {
    if (slot.running !== controller || controller.signal.aborted) return;
    if (slot.answered === question && slot.partial === null) return;
    slot.value = value;
    slot.answered = question;
    slot.answeredUnder = under;
    slot.error = null;
    slot.partial = sharePartial(value);
    this.onNews("changed");
  }

  private settle(
    slot: Slot,
    controller: AbortController,
    { question, under }: Asked,
    value: unknown,
    error: string | null,
  ): void {
    this.running -= 1;
    if (slot.running !== controller) return;
    slot.running = null;
    if (controller.signal.aborted) return;
    const isNew = slot.answered !== question || slot.partial !== null || slot.error !== error;
    slot.error = error;
    if (error === null) {
      slot.value = value;
      slot.answered = question;
      slot.answeredUnder = under;
    } else if (slot.partial !== null) {
      slot.answered = null;
    }
    slot.partial = null;
    this.onNews(isNew ? "changed" : "refreshed");
  }
}

/** Numbers of other filters must not be taken for those of the filters on screen. */
function isShowable(slot: Slot, level: Level | undefined): boolean {
  return slot.answered !== null && (slot.answered === slot.wanted || slot.answeredUnder === level?.under);
}

/** Stops what is running; answers stay for when the level comes back. */
function drop(level: Level): void {
  for (const slot of level.slots.values()) {
    slot.running?.abort();
    slot.running = null;
    if (slot.partial === null) continue;
    // Nobody completes it any more.
    slot.partial = null;
    slot.answered = null;
  }
}

function sharePartial(value: unknown): number | null {
  const { partial } = value as { readonly partial?: Progress };
  return partial === undefined ? null : partial.done / Math.max(1, partial.of);
}
