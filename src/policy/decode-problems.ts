import type { Place } from "../yaml/located.ts";
import type { LoadProblem } from "./contract.ts";

/** Collects what is wrong with a policy while it is read. */
export class DecodeProblems {
  readonly found: LoadProblem[] = [];
  /** The rule that is being read. */
  rule: number | null = null;

  refused(place: Place | null, message: string, instead: string): void {
    this.found.push({ kind: "refused", rule: this.rule, place, message, instead });
  }

  ignored(place: Place | null, message: string, instead: string): void {
    this.found.push({ kind: "ignored", rule: this.rule, place, message, instead });
  }

  get isRefused(): boolean {
    return this.found.some(({ kind }) => kind === "refused");
  }
}
