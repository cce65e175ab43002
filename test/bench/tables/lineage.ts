/** What lineage costs where it runs, and that it stays within bounds for a week. */
import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { ensureBuilt, PROGRAM } from "../../support/program.ts";
import { churnStream, REQUESTS_A_POD } from "../churn.ts";
import { measure, type Measured, missingTime } from "../child.ts";
import { recordedSet } from "../data.ts";
import type { Churned } from "../ours/churn.ts";
import { figure, type Table, times } from "../report.ts";
import type { Settings } from "../settings.ts";
import { median } from "../statistics.ts";

/** A Deployment of each recorded set, and what costs more: one that is first named late, and something of no namespace. */
const SETS = [
  ["R", "deploy/nginx", "demo", [["ns/demo", "of everything"]]],
  [
    "V",
    "deploy/svc-5-18",
    "team-11",
    [
      ["deploy/svc-14-304", "first named after 91 % of it"],
      ["ns/team-11", "of everything"],
    ],
  ],
] as const;
const DAYS = 7;
const PODS = 60_000;
const RING = 20_000;
const SAMPLES = 6;
/** Lives ago: its rows are kept; are gone; are gone for long. */
const ASKED = [103, 5_002, 15_001];

export async function lineageTables(settings: Settings): Promise<readonly Table[]> {
  ensureBuilt();
  return [await cost(settings), ...(await bounds())];
}

async function cost({ runs }: Settings): Promise<Table> {
  const rows: string[][] = [];
  const missing = missingTime();
  const notes = missing === null ? [] : [missing];
  for (const [set, object, namespace, costly] of SETS) {
    const path = recordedSet(set);
    if (!existsSync(path)) {
      notes.push(`the recorded set ${set} is not beside the repository`);
      continue;
    }
    const commands = [
      [`${set}: ktrail events --limit 1, no lineage`, ["events", path, "--limit", "1"]],
      [`${set}: ktrail trail ${object} -n ${namespace}`, ["trail", object, "-n", namespace, path]],
      [`${set}: ktrail why ${object} -n ${namespace}`, ["why", object, "-n", namespace, path]],
      [`${set}: ktrail trail ${object}`, ["trail", object, path]],
      [`${set}: ktrail why ${object}`, ["why", object, path]],
      ...costly.map(([other, why]) => [`${set}: ktrail trail ${other} (${why})`, ["trail", other, path]] as const),
    ] as const;
    const measured = commands.map((): Measured[] => []);
    for (let round = 0; round < runs; round += 1) {
      for (const [at, [name, words]] of commands.entries()) {
        process.stderr.write(`lineage: round ${String(round + 1)}, ${name}\n`);
        measured[at]?.push(await measure([process.execPath, PROGRAM, ...words, "-o", "json"]));
      }
    }
    const [base = []] = measured;
    for (const [at, [name]] of commands.entries()) {
      const own = measured[at] ?? [];
      const ratios = own.map(({ cpuSeconds }, round) => cpuSeconds / (base[round]?.cpuSeconds ?? Number.NaN));
      rows.push([
        name,
        figure(median(own.map(({ cpuSeconds }) => cpuSeconds))),
        at === 0 ? "1" : times(median(ratios)),
        figure(median(own.map(({ peakMiB }) => peakMiB))),
      ]);
    }
  }
  return {
    id: "lineage-cost",
    title: "Lineage beside reading alone: whole processes, start included",
    columns: ["", "CPU s", "CPU", "peak MiB"],
    rows,
    notes: [
      ...notes,
      "events reads all and keeps all texts, as trail and why must; top --by user leaves out those it does not look at",
      "×: median of paired rounds",
    ],
  };
}

async function bounds(): Promise<readonly Table[]> {
  const program = await bundle("test/bench/ours/churn.ts");
  const requests = PODS * REQUESTS_A_POD;
  try {
    process.stderr.write(`lineage: ${String(requests)} requests of pods that come and go\n`);
    const every = Math.floor(requests / SAMPLES);
    const { stdout } = await measure(
      [process.execPath, "--expose-gc", program, ...[RING, every, PODS, ...ASKED].map(String)],
      churnStream(PODS, DAYS),
    );
    const { samples, bytesPerTouch, answers } = JSON.parse(stdout) as Churned;
    const whole = (value: number): string => value.toLocaleString("en-US");
    return [
      {
        id: "lineage-bounds",
        title: `${whole(PODS)} pods created and deleted one after the other in ${String(DAYS)} days, a ring of ${whole(RING)} requests`,
        columns: ["requests seen", "rows kept", "requests remembered", "of objects", "MiB resident"],
        rows: samples.map((sample) => [
          whole(sample.seen),
          whole(sample.requestsKept),
          whole(sample.touches),
          whole(sample.objects),
          figure(sample.residentMiB),
        ]),
        notes: [`heap behind a remembered request, after a collection: ${figure(bytesPerTouch)} B`],
      },
      {
        id: "lineage-memory",
        title: "What is known then",
        columns: ["asked why", "answer", "begun by", "its row is kept"],
        rows: answers.map(({ object, verdict, by, hasRow }) => [object, verdict, by, hasRow ? "yes" : "no"]),
        notes: [
          `the pods were deleted ${ASKED.map(whole).join(", ")} lives before the end`,
          "objects that are there are never given up for removed ones; of these the longest gone go first",
        ],
      },
    ];
  } finally {
    rmSync(dirname(program), { recursive: true, force: true });
  }
}
