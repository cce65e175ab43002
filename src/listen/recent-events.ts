import { hash } from "node:crypto";

/** An API server tries a batch again for up to 97 s: at 5,000 events a second these are as many. */
const MOST = 500_000;

/**
 * Which events came lately, so that a batch that is sent again is known. Bounded: of more than a million the older half is
 * forgotten. Strangers choose auditIDs, so hashes are of a kind nobody can aim at.
 */
export class RecentEvents {
  private readonly most: number;
  private young = new Set<string>();
  private old = new Set<string>();

  constructor(most = MOST) {
    this.most = most;
  }

  has(sender: string, key: string): boolean {
    const known = hashOf(sender, key);
    return this.young.has(known) || this.old.has(known);
  }

  add(sender: string, key: string): void {
    if (this.young.size >= this.most) {
      this.old = this.young;
      this.young = new Set();
    }
    this.young.add(hashOf(sender, key));
  }
}

function hashOf(sender: string, key: string): string {
  return hash("sha256", `${sender}\n${key}`, "base64").slice(0, 16);
}
