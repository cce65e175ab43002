import type { EngineStatus } from "../engine/contract.ts";

interface Level {
  readonly pane: string;
  readonly status: EngineStatus;
}

/**
 * What a paused screen shows: every level of the stack as of when it was asked. A question asked during the pause is answered
 * as of now, and its level says so; going back shows what was left, as it was.
 */
export class FrozenLevels {
  private levels: Level[] | null = null;

  pause(panes: readonly string[], status: EngineStatus): void {
    this.levels = panes.map((pane) => ({ pane, status }));
  }

  resume(): void {
    this.levels = null;
  }

  /** Null while nothing is paused, or the level is new. */
  at(depth: number, pane: string): EngineStatus | null {
    const level = this.levels?.[depth];
    return level?.pane === pane ? level.status : null;
  }

  /** The level on top asks something it did not ask before. */
  asked(depth: number, pane: string, status: EngineStatus): void {
    if (this.levels === null) return;
    this.levels.length = Math.min(this.levels.length, depth);
    this.levels[depth] = { pane, status };
  }

  /** Levels above are left. */
  left(depth: number): void {
    if (this.levels !== null) this.levels.length = Math.min(this.levels.length, depth + 1);
  }
}
