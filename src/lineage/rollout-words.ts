import type { Life } from "./lives.ts";
import type { Revision } from "./revisions.ts";
import { changeWords, isChange, learn, nothingKnown, stepsOf, type Known } from "./steps.ts";
import type { Touch } from "./touch.ts";

/** What each roll-out of a workload brought, against the one before it; asked in order. */
export class RolloutWords {
  private readonly life: Life;
  private readonly steps: ReadonlyMap<Touch, string>;
  /** As of the roll-out before; only the replicas go with the time. */
  private before: Known = nothingKnown();
  private readonly now: Known = nothingKnown();
  private at = 0;

  constructor(life: Life) {
    this.life = life;
    this.steps = new Map(stepsOf(life).map((step) => [step.touch, step.what]));
  }

  of(touch: Touch, revision: Revision | null): string {
    const again = revision?.isReturn === true ? " (undo)" : "";
    if (revision !== null && revision.cause === null) return `new pod template, its change is not in the log${again}`;
    const { replicas } = this.learnUntil(touch);
    const said =
      touch === this.life.create
        ? (this.steps.get(touch) ?? "created")
        : changeWords(touch, { ...this.before, replicas });
    this.before = { ...this.now };
    const open = isChange(touch) ? "" : `, answered ${String(touch.code ?? "nothing")} and yet stored`;
    return `${said}${open}${again}`;
  }

  /** What was known right before the change. */
  private learnUntil(touch: Touch): Known {
    const { touches } = this.life;
    let known = { ...this.now };
    for (; this.at < touches.length; this.at += 1) {
      const next = touches[this.at] as Touch;
      if (next.timeUs > touch.timeUs) break;
      known = { ...this.now };
      if (isChange(next)) learn(this.now, next.facts);
      if (next === touch) {
        this.at += 1;
        break;
      }
    }
    return known;
  }
}
