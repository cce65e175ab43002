import type { EngineStatus } from "../engine/contract.ts";
import type { StoreStatus } from "../engine/store-status.ts";
import { lineWidth } from "../models/line.ts";
import { count, counted, duration, percent, rate } from "../models/numbers.ts";
import { clockSeconds, dateOf, parseTime, zoneName } from "../models/times.ts";
import { safeText } from "../models/text-safety.ts";
import type { Line, Span, Tone } from "../models/view.ts";
import type { AppState } from "../state/app-state.ts";

/** One fact of the status line in its forms, longest first. Facts that make numbers doubtful are never dropped. */
interface Fact {
  readonly forms: readonly string[];
  readonly tone: Tone;
  /** The higher, the later it is shortened and dropped. */
  readonly weight: number;
}

/** What it shows of the screen's state. */
export type StatusState = Pick<AppState, "paused" | "follow" | "timeZone">;

const NEVER_DROPPED = 100;
/** A fact is dropped when others this much weightier would have to be shortened. */
const DROP_LATER = 25;
const SEPARATOR: Span = { text: " · ", tone: "muted" };

/**
 * What is loaded and how far it can be trusted: inputs, span, kept and seen, evicted, bad lines, rate, lag, progress,
 * paused or following. `frozen`: what the paused screen still shows.
 */
export function statusLine(state: StatusState, status: EngineStatus, frozen: EngineStatus | null, width: number): Line {
  const facts = [
    ...stateFacts(state, status, frozen),
    ...inputFacts(status),
    ...countFacts(status),
    spanFact(state, status),
  ];
  return fitted(
    facts.filter((fact): fact is Fact => fact !== null),
    width,
  );
}

function stateFacts(state: StatusState, status: EngineStatus, frozen: EngineStatus | null): (Fact | null)[] {
  const behind = frozen === null ? 0 : status.requestsSeen - frozen.requestsSeen;
  const progress = status.progress === null ? "" : ` ${percent(status.progress)}`;
  const isFollowing = status.phase === "following";
  return [
    status.failure === null
      ? null
      : { forms: [`FAULT: ${safeText(status.failure)}`, "FAULT"], tone: "danger", weight: NEVER_DROPPED },
    state.paused
      ? {
          forms: behind > 0 ? [`PAUSED, ${count(behind)} newer`, "PAUSED"] : ["PAUSED"],
          tone: "warn",
          weight: NEVER_DROPPED,
        }
      : null,
    status.phase === "loading"
      ? { forms: [`loading${progress}`, progress === "" ? "loading" : progress.trim()], tone: "info", weight: 95 }
      : null,
    status.filtering === null
      ? null
      : { forms: [`filtering ${Math.floor(status.filtering * 100)}%`], tone: "info", weight: NEVER_DROPPED },
    ...(status.store === null ? [] : storeFacts(status.store)),
    isFollowing && state.follow ? { forms: ["following"], tone: "good", weight: 60 } : null,
    isFollowing && !state.follow ? { forms: ["following off", "no follow"], tone: "warn", weight: 60 } : null,
    ...(isFollowing ? liveFacts(state, status) : []),
    status.backfilling ? { forms: ["filling in the past", "filling"], tone: "info", weight: 45 } : null,
    status.notes.length > 0 ? { forms: [status.notes.join(", ")], tone: "info", weight: 10 } : null,
  ];
}

/** How the log comes in: what stands still is told as silence, not as its last rate. */
function liveFacts({ timeZone }: StatusState, status: EngineStatus): (Fact | null)[] {
  const { arrivalRate, lagMs, silentSinceMs, inputs } = status;
  const since = (ms: number): string => `silent since ${clockSeconds(ms, timeZone)}`;
  if (silentSinceMs !== null) return [{ forms: [since(silentSinceMs), "silent"], tone: "warn", weight: 58 }];
  const silent = inputs.filter((input) => input.silentSinceMs !== null);
  const [first] = silent;
  const others = silent.length - 1;
  return [
    arrivalRate === null
      ? null
      : {
          forms: [rate(arrivalRate).replace("/", " requests/"), rate(arrivalRate).replace("/", " req/")],
          tone: "normal",
          weight: 55,
        },
    lagMs === null ? null : { forms: [`lag ${duration(lagMs)}`], tone: lagMs > 5_000 ? "warn" : "normal", weight: 50 },
    first === undefined
      ? null
      : {
          forms: [
            `${inputLabel([first.path])[0]} ${since(first.silentSinceMs ?? 0)}${others > 0 ? `, ${others} more` : ""}`,
            `${silent.length} of ${inputs.length} silent`,
          ],
          tone: "warn",
          weight: 57,
        },
  ];
}

function inputFacts(status: EngineStatus): (Fact | null)[] {
  const { inputs } = status;
  const used = inputs.filter((input) => input.error === null && input.passedOver === null);
  const failed = inputs.filter((input) => input.error !== null);
  const waiting = inputs.filter((input) => input.waitingFor !== null);
  const losses = inputs.reduce((sum, { lost }) => sum + lost.length, 0);
  const [label, name] = inputLabel((used.length > 0 ? used : inputs).map((input) => input.path));
  return [
    { forms: [label, name], tone: "heading", weight: 40 },
    failed.length > 0
      ? {
          forms: [`${failed.length} unreadable (:info)`, `${failed.length} unreadable`],
          tone: "danger",
          weight: NEVER_DROPPED,
        }
      : null,
    waiting.length > 0
      ? {
          forms: [
            `waiting: ${waiting.length === 1 ? safeText(waiting[0]?.waitingFor ?? "") : `${waiting.length} inputs`}`,
            `${waiting.length} missing`,
          ],
          tone: "warn",
          weight: 70,
        }
      : null,
    losses > 0
      ? {
          forms: [`${counted(losses, "loss", "losses")} (:info)`, "losses"],
          tone: "danger",
          weight: NEVER_DROPPED,
        }
      : null,
  ];
}

function countFacts(status: EngineStatus): (Fact | null)[] {
  const { requestsKept, requestsSeen, requestsEvicted } = status;
  const all = requestsKept === requestsSeen;
  const warning = (amount: number, long: string, short: string): Fact | null =>
    amount === 0
      ? null
      : { forms: [`${count(amount)} ${long}`, `${count(amount)} ${short}`], tone: "warn", weight: NEVER_DROPPED };
  return [
    {
      forms: all
        ? [counted(requestsKept, "request"), count(requestsKept)]
        : [
            `${count(requestsKept)} kept of ${counted(requestsSeen, "request")}`,
            `${count(requestsKept)}/${count(requestsSeen)}`,
          ],
      tone: "normal",
      weight: 90,
    },
    warning(requestsEvicted, "evicted", "evicted"),
    status.isOverflowing
      ? { forms: ["names do not fit in memory (--memory)", "(other)"], tone: "warn", weight: NEVER_DROPPED }
      : null,
    warning(status.bad, status.bad === 1 ? "bad line" : "bad lines", "bad"),
    warning(status.truncated, "truncated", "cut"),
    status.duplicates === 0
      ? null
      : {
          forms: [counted(status.duplicates, "duplicate"), `${count(status.duplicates)} dup`],
          tone: "muted",
          weight: 35,
        },
    clockFact(status),
    status.untold.length === 0
      ? null
      : {
          forms: [`${count(status.untold.length)} logs as of one API server (:info)`, "servers? (:info)"],
          tone: "warn",
          weight: 30,
        },
    // While loading, answers are still to come, and restarts that nothing outlived.
    status.inFlight === 0 || status.phase === "loading"
      ? null
      : { forms: [`${count(status.inFlight)} in flight`], tone: "muted", weight: 15 },
    status.cutOff === 0 ? null : { forms: [`${count(status.cutOff)} cut off`], tone: "warn", weight: 14 },
  ];
}

/** What an API server's clock is off by: times in lists are as logged, trails are corrected. */
function clockFact({ skews }: EngineStatus): Fact | null {
  const worst = skews.toSorted((left, right) => Math.abs(right.us) - Math.abs(left.us))[0];
  if (worst === undefined) return null;
  const off = `${worst.us > 0 ? "+" : ""}${duration(worst.us / 1_000)}`;
  return { forms: [`clock of ${safeText(worst.apiserver)} ${off}`, `clock ${off}`], tone: "warn", weight: 65 };
}

function spanFact(state: StatusState, status: EngineStatus): Fact | null {
  const from = parseTime(status.from);
  const to = parseTime(status.to);
  if (Number.isNaN(from) || Number.isNaN(to)) return null;
  const zone = state.timeZone;
  const day = dateOf(from, zone);
  const lastDay = dateOf(to, zone);
  const times = `${clockSeconds(from, zone)}–${clockSeconds(to, zone)}`;
  const name = zoneName(from, zone);
  if (day === lastDay) return { forms: [`${day} ${times} ${name}`, `${times} ${name}`], tone: "muted", weight: 48 };
  return {
    forms: [
      `${day} ${clockSeconds(from, zone)} – ${lastDay} ${clockSeconds(to, zone)} ${name}`,
      `${day}–${lastDay} ${name}`,
    ],
    tone: "muted",
    weight: 48,
  };
}

/** Shortens and drops the least important facts until the rest fits. */
function fitted(facts: readonly Fact[], width: number): Line {
  const shortened = new Set<Fact>();
  const dropped = new Set<Fact>();
  const built = (): Line =>
    facts
      .filter((fact) => !dropped.has(fact))
      .flatMap((fact, at): Span[] => {
        const text = (shortened.has(fact) ? fact.forms.at(-1) : fact.forms[0]) ?? "";
        return at === 0 ? [{ text, tone: fact.tone }] : [SEPARATOR, { text, tone: fact.tone }];
      });
  const steps = facts.flatMap((fact) => [
    { at: fact.weight, take: () => shortened.add(fact) },
    { at: fact.weight >= NEVER_DROPPED ? Infinity : fact.weight + DROP_LATER, take: () => dropped.add(fact) },
  ]);
  let line = built();
  for (const step of steps.filter(({ at }) => at !== Infinity).toSorted((a, b) => a.at - b.at)) {
    if (lineWidth(line) <= width) return line;
    step.take();
    line = built();
  }
  return line;
}

/** A long and a short name for what is loaded: one file, the files of one directory, or several. */
function inputLabel(paths: readonly string[]): readonly [string, string] {
  const [first] = paths;
  if (first === undefined) return ["no input", "no input"];
  const parts = first.split("/");
  const name = safeText(parts.at(-1) ?? first);
  if (paths.length === 1) return first === "-" ? ["stdin", "stdin"] : [name, cutTail(name, 16)];
  const directory = parts.slice(0, -1).join("/");
  const isOneDirectory = directory !== "" && paths.every((path) => path.slice(0, path.lastIndexOf("/")) === directory);
  const place = safeText(parts.at(-2) ?? "");
  return isOneDirectory
    ? [`${place}/ ${counted(paths.length, "file")}`, counted(paths.length, "file")]
    : [`${name} and ${count(paths.length - 1)} more`, counted(paths.length, "file")];
}

function cutTail(name: string, columns: number): string {
  return name.length <= columns ? name : `…${name.slice(name.length - columns + 1)}`;
}

function storeFacts({ asking, lost, refused, warning }: StoreStatus): readonly Fact[] {
  const facts: Fact[] = [];
  const forms = (...texts: string[]): readonly string[] => texts;
  if (lost !== null) {
    const told = forms(`the store does not answer (${safeText(lost)}), asking again`, "no answer from the store");
    facts.push({ forms: told, tone: "danger", weight: NEVER_DROPPED });
  }
  if (refused !== null) {
    facts.push({ forms: forms(safeText(refused), "refused by the store"), tone: "danger", weight: NEVER_DROPPED });
  }
  if (asking !== null) {
    const told = forms(`asking the store ${Math.floor(asking * 100)}%`, "asking");
    facts.push({ forms: told, tone: "info", weight: NEVER_DROPPED });
  }
  if (warning !== null) facts.push({ forms: forms(warning, "no time bound"), tone: "warn", weight: 50 });
  return facts;
}
