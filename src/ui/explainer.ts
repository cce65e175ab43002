import type { Engine, Explanation } from "../engine/contract.ts";
import type { Selection } from "../queries/contract.ts";

/** Asks why a screen is empty, once for each selection and each state of the log. */
export class Explainer {
  private readonly engine: Engine;
  private readonly onChange: () => void;
  private wanted = "";
  private running: AbortController | null = null;
  private answer: Explanation | null = null;

  constructor(engine: Engine, onChange: () => void) {
    this.engine = engine;
    this.onChange = onChange;
  }

  /** Null while unknown, and while the screen is not empty. */
  get explanation(): Explanation | null {
    return this.answer;
  }

  get isIdle(): boolean {
    return this.running === null;
  }

  /** `selection`: of an empty screen; null for any other. */
  want(selection: Selection | null, revision: number): void {
    const wanted = selection === null ? "" : `${revision} ${JSON.stringify(selection)}`;
    if (wanted === this.wanted) return;
    this.close();
    this.wanted = wanted;
    if (selection !== null) this.ask(selection);
  }

  close(): void {
    this.running?.abort();
    this.running = null;
    this.answer = null;
    this.wanted = "";
  }

  private ask(selection: Selection): void {
    const controller = new AbortController();
    this.running = controller;
    this.engine
      .ask("explain", { ...selection, settled: true }, controller.signal)
      .then(
        (answer) => {
          if (this.running === controller) this.answer = answer;
        },
        () => {
          // Overtaken, or the engine is gone: an empty screen says as much.
        },
      )
      .finally(() => {
        if (this.running !== controller) return;
        this.running = null;
        this.onChange();
      });
  }
}
