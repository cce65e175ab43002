import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SHIM = join(import.meta.dirname, "shim.cjs");

/** What the shim in the program under test does to it; shares are of all calls. */
export interface Faults {
  /** Reads that end in EIO. */
  readonly read: number;
  /** Opens that end in EMFILE. */
  readonly open: number;
  readonly clockMs: number;
  /** Ends the engine's thread. */
  readonly endWorker: boolean;
}

export const NO_FAULTS: Faults = { read: 0, open: 0, clockMs: 0, endWorker: false };

/** Tells one program which faults to have. */
export class FaultControl {
  private readonly path: string;
  private readonly folder: string;
  faults: Faults = NO_FAULTS;

  /** `folder`: where files fail; `path`: a file outside of it. */
  constructor(path: string, folder: string) {
    this.path = path;
    this.folder = folder;
    this.set({});
  }

  get environment(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--require=${SHIM}`, KTRAIL_CHAOS: this.path };
  }

  set(changed: Partial<Faults>): void {
    this.faults = { ...this.faults, ...changed };
    // Whole or not at all: it is read at any time.
    writeFileSync(`${this.path}.new`, JSON.stringify({ ...this.faults, folder: this.folder }));
    renameSync(`${this.path}.new`, this.path);
  }
}
