/** Detectors that sort requests by what they are about, by what their bodies say, and tell of each when there are enough. */
import type { RequestFacts } from "../events/request.ts";
import type { Draft, SeenRequest, SequenceDetector, Sighting, Subject } from "./contract.ts";
import { markOf } from "./incidents.ts";

/** What one request adds. */
export interface Addition {
  /** Requests with the same key are told of together. */
  readonly key: string;
  /** What it says, if that matters: counted apart. */
  readonly note?: string;
}

export interface Tally {
  readonly key: string;
  /** Of the first. */
  readonly facts: RequestFacts;
  /** At most `MOST_MARKS` are counted. */
  readonly requests: number;
  readonly seconds: number;
  /** How often each was said; the first ones. */
  readonly notes: ReadonlyMap<string, number>;
}

export interface TallyRule extends Omit<SequenceDetector, "kind" | "start"> {
  readonly least: number;
  /** A new one for every pass; null: nothing of the kind. */
  adding(): (sighting: Sighting) => Addition | null;
  tell(
    tally: Tally,
  ):
    | (Pick<Draft, "title" | "detail"> &
        Partial<Pick<Draft, "severity" | "why">> & { readonly subject: Subject; readonly terms: string })
    | null;
}

const MOST_MARKS = 200;
const MOST_KEYS = 2_000;
const MOST_NOTES = 20;

interface Growing {
  readonly facts: RequestFacts;
  readonly marks: SeenRequest[];
  readonly notes: Map<string, number>;
  lastUs: number;
}

export function tallies({ least, adding, tell, ...rule }: TallyRule): SequenceDetector {
  return {
    ...rule,
    kind: "sequence",
    start() {
      const found = new Map<string, Growing>();
      const add = adding();
      return {
        see(sighting) {
          const addition = add(sighting);
          if (addition === null) return;
          let tally = found.get(addition.key);
          if (tally === undefined) {
            if (found.size >= MOST_KEYS) return;
            tally = { facts: sighting.facts, marks: [], notes: new Map(), lastUs: sighting.facts.receivedUs };
            found.set(addition.key, tally);
          }
          const { note = "" } = addition;
          if (note !== "" && (tally.notes.has(note) || tally.notes.size < MOST_NOTES))
            tally.notes.set(note, (tally.notes.get(note) ?? 0) + 1);
          if (tally.marks.length >= MOST_MARKS) return;
          tally.marks.push(markOf(sighting));
          tally.lastUs = Math.max(tally.lastUs, sighting.facts.receivedUs);
        },
        found: () =>
          [...found].flatMap(([key, { facts, marks, notes, lastUs }]): Draft[] => {
            if (marks.length < least) return [];
            const told = tell({
              key,
              facts,
              requests: marks.length,
              seconds: (lastUs - facts.receivedUs) / 1e6,
              notes,
            });
            if (told === null) return [];
            const { terms, ...draft } = told;
            return [{ severity: rule.severity, ...draft, evidence: { terms, marks, requests: marks.length } }];
          }),
      };
    },
  };
}
