/**
 * What goes to stderr: notes, refusals and progress. Texts may come from strangers, so control bytes are shown, not sent, and
 * secrets are masked.
 */
import type { InputReport } from "../ingest/contract.ts";
import { maskText } from "../masking/mask.ts";
import { count as countText } from "../models/numbers.ts";
import { escapeLine } from "./writers/control-text.ts";

/** One note is one line, whatever its text holds; `below` stands indented under it. */
export function note(text: string, below: readonly string[] = []): void {
  process.stderr.write(
    `ktrail: ${[text, ...below.map((line) => `  ${line}`)].map((line) => escapeLine(maskText(line))).join("\n")}\n`,
  );
}

/** One sentence per kind of record that was skipped, with the place of the first. */
export function skippedNotes(inputs: readonly InputReport[]): readonly string[] {
  const [empty, ...others] = inputs.filter(isEmpty).map(({ path }) => path);
  const notes =
    empty === undefined
      ? []
      : [`${empty} is empty${others.length === 0 ? "" : `, and so are ${countText(others.length)} more`}`];
  const wording = {
    bad: ["bad line", "bad lines"],
    truncated: ["line cut short", "lines cut short"],
    fragment: ["line whose beginning is missing", "lines whose beginning is missing"],
    foreign: ["record of another kind", "records of another kind"],
  } as const;
  for (const kind of ["bad", "truncated", "fragment", "foreign"] as const) {
    const count = inputs.reduce((sum, input) => sum + input.skipped[kind], 0);
    if (count === 0) continue;
    const [one, many] = wording[kind];
    const first = firstSample(inputs, kind);
    notes.push(`${countText(count)} ${count === 1 ? one : many} skipped${first === null ? "" : `, first at ${first}`}`);
  }
  return notes;
}

/** `overflowed`: requests of which not every name is kept. */
export function overflowNote(overflowed: number, requests: number): string {
  return `names of ${countText(overflowed)} of ${countText(requests)} requests did not fit in memory: they are counted as (other); --memory bounds it`;
}

function isEmpty({ error, passedOver, events, format, state, skipped }: InputReport): boolean {
  const nothing =
    events === 0 && format === "" && skipped.bad + skipped.truncated + skipped.fragment + skipped.foreign === 0;
  return nothing && error === null && passedOver === null && state === "done";
}

function firstSample(inputs: readonly InputReport[], kind: string): string | null {
  for (const input of inputs) {
    const sample = input.samples.find((candidate) => candidate.kind === kind);
    if (sample) return `${input.path}:${sample.offset} (${sample.reason})`;
  }
  return null;
}
