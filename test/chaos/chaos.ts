import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Seeded } from "../bench/seeded.ts";
import type { Kind, Outcome } from "./contract.ts";
import { eventsKind } from "./events-kind.ts";
import { explorerKind, workerKind } from "./explorer-kind.ts";
import { filesKind, outputKind, pipeKind } from "./input-kinds.ts";

export const KINDS: readonly Kind[] = [eventsKind, explorerKind, workerKind, pipeKind, filesKind, outputKind];

export interface Round extends Outcome {
  readonly kind: string;
  readonly seed: number;
  readonly seconds: number;
}

/** One round; the same seed does the same, but for the program's own timing. */
export async function runRound(kind: Kind, seed: number): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-chaos-"));
  const started = performance.now();
  try {
    const outcome = await kind.run(new Seeded(seed * 7_919), folder);
    return { ...outcome, kind: kind.name, seed, seconds: (performance.now() - started) / 1_000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
