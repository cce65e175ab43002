import type { Info } from "../../engine/contract.ts";
import { counted, duration } from "../../models/numbers.ts";
import type { Tone } from "../../models/view.ts";
import type { Gap, Restart } from "../../queries/continuity/contract.ts";
import type { Coverage, KindCoverage } from "../../queries/coverage.ts";
import { type AnswerTable, countCell, textCell, timeCell } from "../answer-table.ts";
import { type CoverageAnswer, levelsText } from "./answers.ts";

/** Coverage as tables: what `info` prints, and of the questions the screen too. */

const MARKS: Readonly<Record<CoverageAnswer["answer"], readonly [unicode: string, ascii: string, tone: Tone]>> = {
  yes: ["✔", "+", "good"],
  partly: ["◐", "~", "warn"],
  no: ["✖", "-", "danger"],
};

export const QUESTION_TABLE: AnswerTable<CoverageAnswer> = {
  title: "What this log can answer",
  empty: "nothing: there is no request in it",
  columns: [
    {
      id: "answer",
      title: "",
      cell({ answer }, { unicode, isPrinted }) {
        const [mark, plain, tone] = MARKS[answer];
        return { text: isPrinted ? answer : `${unicode ? mark : plain} ${answer}`, tone };
      },
    },
    { id: "question", title: "question", cell: ({ question }, look) => textCell(question, look) },
    {
      id: "because",
      title: "because",
      grow: 1,
      wrap: true,
      cell: ({ because }, look) => textCell(because, look, look.isPrinted || look.width < 60 ? "normal" : "muted"),
    },
  ],
};

export const LEVEL_TABLE: AnswerTable<Pick<KindCoverage, "resource" | "reads" | "writes">> = {
  title: "Levels by resource (requests)",
  empty: "no requests",
  columns: [
    {
      id: "resource",
      title: "resource",
      cell: ({ resource }, look) => textCell(resource === "" ? "(paths)" : resource, look),
    },
    { id: "reads", title: "get, list, watch", cell: ({ reads }, look) => textCell(levelsText(reads), look) },
    { id: "writes", title: "all else", cell: ({ writes }, look) => textCell(levelsText(writes), look) },
  ],
};

/** Those that are named, and how many more there are. */
export function levelRows({ kinds, otherKinds }: Coverage) {
  if (otherKinds === 0) return kinds;
  return [...kinds, { resource: `(${counted(otherKinds, "request")} for others)`, reads: {}, writes: {} }];
}

interface Part extends Pick<
  Coverage["servers"][number],
  "requests" | "from" | "to" | "levels" | "stages" | "cutBodies"
> {
  readonly part: string;
  readonly starts: number;
  readonly gaps: number;
}

/** What each API server and each input has of the time and of the requests. */
export function partRows({ servers, inputs, restarts, gaps }: Coverage): readonly Part[] {
  const ofServers = servers.map(({ apiserver, ...part }) => ({
    part: apiserver === "" ? "all inputs that name no API server" : `API server ${apiserver}`,
    starts: restarts.filter((restart) => restart.apiserver === apiserver).length,
    gaps: gaps.filter((gap) => gap.apiserver === apiserver).length,
    ...part,
  }));
  const ofInputs = inputs
    .filter(({ requests }) => requests > 0)
    .map(({ path, servers: named, ...part }) => {
      const isWithin = (time: string, apiserver: string): boolean =>
        named.includes(apiserver) && time >= part.from && time <= part.to;
      return {
        part: path,
        starts: restarts.filter((restart) => isWithin(restart.to, restart.apiserver)).length,
        gaps: gaps.filter((gap) => isWithin(gap.from, gap.apiserver)).length,
        ...part,
      };
    });
  return [...ofServers, ...(ofInputs.length > 1 ? ofInputs : [])];
}

export const PART_TABLE: AnswerTable<Part> = {
  title: "Spans by API server and input (requests)",
  empty: "no requests",
  columns: [
    { id: "part", title: "of", grow: 1, keep: "tail", cell: ({ part }, look) => textCell(part, look) },
    { id: "from", title: "from", isTime: true, cell: ({ from }, look) => timeCell(from, look) },
    { id: "to", title: "to", isTime: true, cell: ({ to }, look) => timeCell(to, look) },
    { id: "requests", title: "requests", align: "right", cell: ({ requests }) => countCell(requests) },
    { id: "starts", title: "starts", align: "right", cell: ({ starts }) => countCell(starts) },
    { id: "gaps", title: "silences", align: "right", cell: ({ gaps }) => countCell(gaps, "warn") },
    { id: "levels", title: "levels", drop: 1, cell: ({ levels }, look) => textCell(levelsText(levels), look) },
    { id: "stages", title: "latest stage", drop: 2, cell: ({ stages }, look) => textCell(levelsText(stages), look) },
    {
      id: "cutBodies",
      title: "cut bodies",
      align: "right",
      drop: 3,
      cell: ({ cutBodies }) => countCell(cutBodies, "warn"),
    },
  ],
};

/** One row a restart and kind of evidence: what speaks for it stands below it. */
interface Evidence {
  readonly restart: Restart;
  readonly requests: number;
  readonly what: string;
  readonly isFirst: boolean;
}

export function evidenceRows(restarts: readonly Restart[]): readonly Evidence[] {
  return restarts.flatMap((restart) =>
    restart.evidence.map(({ requests, what }, at) => ({ restart, requests, what, isFirst: at === 0 })),
  );
}

const NOTHING = { text: "" };

export function restartTable(restarts: readonly Restart[]): AnswerTable<Evidence> {
  const withServer = restarts.some(({ apiserver }) => apiserver !== "");
  const all: AnswerTable<Evidence>["columns"] = [
    {
      id: "apiserver",
      title: "API server",
      cell: ({ restart, isFirst }, look) => (isFirst ? textCell(restart.apiserver, look) : NOTHING),
    },
    {
      id: "from",
      title: "last before",
      isTime: true,
      cell: ({ restart, isFirst }, look) => (isFirst ? timeCell(restart.from, look) : NOTHING),
    },
    {
      id: "to",
      title: "first after",
      isTime: true,
      cell: ({ restart, isFirst }, look) => (isFirst ? timeCell(restart.to, look) : NOTHING),
    },
    {
      id: "seconds",
      title: "silent",
      align: "right",
      cell: ({ restart: { seconds }, isFirst }) =>
        isFirst && seconds !== null ? { text: duration(seconds * 1_000) } : NOTHING,
    },
    {
      id: "requests",
      title: "requests",
      align: "right",
      cell: ({ requests }) => (requests === 0 ? NOTHING : countCell(requests)),
    },
    {
      id: "evidence",
      title: "evidence",
      grow: 1,
      keep: "head",
      cell: ({ restart, isFirst, what }, look) =>
        textCell(isFirst && restart.confidence === "likely" ? `${what} (likely a restart)` : what, look),
    },
  ];
  return { title: "Starts of API servers", columns: all.filter(({ id }) => withServer || id !== "apiserver") };
}

export function gapTable(gaps: readonly Gap[]): AnswerTable<Gap> {
  const withServer = gaps.some(({ apiserver }) => apiserver !== "");
  const all: AnswerTable<Gap>["columns"] = [
    { id: "apiserver", title: "API server", cell: ({ apiserver }, look) => textCell(apiserver, look) },
    { id: "from", title: "from", isTime: true, cell: ({ from }, look) => timeCell(from, look) },
    { id: "to", title: "to", isTime: true, cell: ({ to }, look) => timeCell(to, look) },
    { id: "seconds", title: "for", align: "right", cell: ({ seconds }) => ({ text: duration(seconds * 1_000) }) },
  ];
  return { title: "Gaps (nothing received)", columns: all.filter(({ id }) => withServer || id !== "apiserver") };
}

export const CLOCK_TABLE: AnswerTable<Info["clocks"][number]> = {
  title: "Clocks (against that of the API server most is heard from; trails are corrected)",
  columns: [
    { id: "apiserver", title: "API server", cell: ({ apiserver }, look) => textCell(apiserver, look) },
    {
      id: "aheadMs",
      title: "ahead",
      align: "right",
      cell: ({ aheadMs }) => ({ text: duration(aheadMs), tone: "warn" }),
    },
    {
      id: "plusMinusMs",
      title: "give or take",
      align: "right",
      cell: ({ plusMinusMs }) => ({ text: duration(plusMinusMs) }),
    },
    { id: "of", title: "against", cell: ({ of }, look) => textCell(of, look) },
  ],
};
