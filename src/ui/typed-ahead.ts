import type { KeyPress } from "./terminal/key-names.ts";

const MOST = 256;

export interface TypedAheadHooks {
  /** Whether the key acts on rows that the engine has not delivered yet. */
  readonly mustWait: (press: KeyPress) => boolean;
  readonly run: (press: KeyPress) => void;
  /** After each key with others behind it: what they wait for must have been asked. */
  readonly between: () => void;
  readonly done: () => void;
}

/** Keys pressed before the engine has answered, in order. */
export class TypedAhead {
  private readonly hooks: TypedAheadHooks;
  private readonly waiting: KeyPress[] = [];

  constructor(hooks: TypedAheadHooks) {
    this.hooks = hooks;
  }

  press(presses: readonly KeyPress[]): void {
    for (const press of presses) {
      // Giving up must not wait for what it gives up on.
      if (press.name === "ctrl-c" || press.name === "esc") this.runNow(press);
      else if (this.waiting.length < MOST) this.waiting.push(press);
    }
    this.run();
  }

  /** Runs waiting keys up to one that has to go on waiting. */
  run(): void {
    const { hooks, waiting } = this;
    if (waiting.length === 0) return;
    for (let press = waiting[0]; press !== undefined && !hooks.mustWait(press); press = waiting[0]) {
      waiting.shift();
      hooks.run(press);
      if (waiting.length > 0) hooks.between();
    }
    hooks.done();
  }

  /** What can run still does, in order; the rest is forgotten for this key. */
  private runNow(press: KeyPress): void {
    this.run();
    this.waiting.splice(0, Infinity, press);
    this.run();
  }
}
