import type { Asks } from "../contract.ts";
import { knownFingerprints } from "../log-fingerprint.ts";
import type { Desk } from "./desk.ts";

export async function answerLogs(desk: Desk, { known }: Asks["logs"]["ask"]): Promise<Asks["logs"]["answer"]> {
  return knownFingerprints(desk.book.heads(), known);
}
