import type { Info } from "../../engine/contract.ts";
import { coverageAnswers, levelsText } from "../../panes/coverage/answers.ts";
import { HOW_TO_TELL, untoldText } from "../../panes/untold-servers.ts";
import type { Dimension } from "../../queries/contract.ts";
import type { Coverage } from "../../queries/coverage.ts";
import { column, countCell, numeric, textCell } from "../cells.ts";
import type { CliCommand } from "../contract.ts";
import { fields, type Answer, type DataSection, type OutputRow, type Section } from "../output.ts";
import { secondTime, timeTitle } from "../text.ts";
import { newestText } from "../../models/newest-only.ts";
import { byteSize, count, counted, duration } from "../../models/numbers.ts";
import type { TimeZone } from "../../models/times.ts";

/**
 * What info and the overview look at, as dimensions: they count objects, start-up and what bodies were cut is told by
 * annotations; restarts, by requests for no resource.
 */
export const LOOKED_AT: readonly Dimension[] = ["object", "annotation:authorization.k8s.io/reason"];

export const info: CliCommand = {
  name: "info",
  about: "what is in here: formats, span, counts, bad, foreign, truncated and duplicate lines, gaps",
  operands: [],
  options: ["output", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "table" },
  outputs: ["table", "json", "jsonl", "csv", "md"],
  dimensions: () => LOOKED_AT,
  examples: [
    ["ktrail info /var/log/kubernetes/audit/", "every log of the directory, rotated ones too"],
    ["ktrail info audit.log -o json | jq .span", "from when to when"],
  ],
  async answer({ engine, invocation }) {
    const result = await engine.ask("info", {});
    const coverage = await engine.ask("coverage", {});
    const { data, people = [] } = infoAnswer(result, invocation.options.tz);
    const { kinds, signs, evicted, servers } = coverage;
    const inputs = coverage.inputs.map(({ path, servers: own, requests, from, to, levels, stages, cutBodies }) => ({
      path,
      servers: own,
      requests,
      from,
      to,
      levels,
      stages,
      cutBodies,
    }));
    const answers = coverageAnswers(coverage);
    return {
      document: { ...result, coverage: { servers, inputs, kinds, signs, evicted, answers } },
      data,
      people: [...people, partsSection(coverage, invocation.options.tz), ...coverageSections(coverage, answers)],
    };
  },
};

export function infoAnswer(result: Info, zone: TimeZone): Answer {
  const inputs = inputsSection(result);
  const people: Section[] = [
    summary(result, zone),
    inputs,
    counts("Levels", "level", result.levels),
    counts("Stages", "stage", result.stages),
  ];
  const skipped = skippedSection(result);
  if (skipped !== null) people.push(skipped);
  if (result.restarts.length > 0) people.push(restartsSection(result, zone));
  if (result.clocks.length > 0) people.push(clocksSection(result));
  if (result.gaps.length > 0) people.push(gapsSection(result, zone));
  return { document: result, data: inputs, people };
}

function rows<T extends object>(items: readonly T[], cells: (item: T) => ReturnType<OutputRow["cells"]>): OutputRow[] {
  return items.map((item) => ({ record: item as Readonly<Record<string, unknown>>, cells: () => cells(item) }));
}

function summary(result: Info, zone: TimeZone): Section {
  const { span, distinct } = result;
  const facts: { what: string; value: string }[] = [
    { what: "events", value: count(result.events) },
    { what: "requests", value: count(result.requests) },
    { what: "in flight", value: count(result.inFlight) },
    ...(result.cutOff === 0 ? [] : [{ what: "cut off", value: count(result.cutOff) }]),
    { what: timeTitle("from", zone), value: secondTime(span.from, zone) },
    { what: timeTitle("to", zone), value: secondTime(span.to, zone) },
    { what: "span", value: duration(span.seconds * 1000) },
    ...(result.untold === undefined
      ? []
      : [{ what: "API servers", value: `${untoldText(result.untold)} ${HOW_TO_TELL}` }]),
    ...(result.newest === undefined ? [] : [{ what: "starts, silences", value: newestText(result.newest, zone) }]),
    { what: "users", value: count(distinct.user) },
    { what: "resources", value: count(distinct.resource) },
    { what: "namespaces", value: count(distinct.namespace) },
    { what: "objects", value: count(distinct.object) },
  ];
  return {
    columns: [column("what", "what"), column("value", "value", { wrap: true })],
    batches: [rows(facts, (fact) => [textCell(fact.what, "muted"), textCell(fact.value)])],
  };
}

function inputsSection(result: Info): DataSection {
  return {
    title: "Inputs",
    columns: [
      column("path", "path"),
      column("format", "format"),
      column("compression", "compression", { drop: 3 }),
      numeric("bytes", "size"),
      numeric("events", "events"),
      numeric("bad", "bad"),
      numeric("truncated", "cut short"),
      numeric("fragment", "mid-line start"),
      numeric("foreign", "foreign"),
      numeric("duplicate", "duplicate"),
      column("note", "note", { grow: 1, keep: "head" }),
    ],
    fields: fields(
      "path",
      "format",
      "compression",
      "bytes",
      "events",
      "skipped.foreign",
      "skipped.bad",
      "skipped.truncated",
      "skipped.fragment",
      "skipped.duplicate",
      "error",
      "passedOver",
    ),
    empty: "no inputs",
    batches: [
      rows(result.inputs, (input) => [
        textCell(input.path),
        textCell(formatText(input)),
        textCell(input.compression),
        textCell(byteSize(input.bytes)),
        countCell(input.events),
        countCell(input.skipped.bad, "warn"),
        countCell(input.skipped.truncated, "warn"),
        countCell(input.skipped.fragment, "muted"),
        countCell(input.skipped.foreign, "warn"),
        countCell(input.skipped.duplicate, "warn"),
        textCell(input.error ?? input.passedOver, input.error === undefined ? "muted" : "danger"),
      ]),
    ],
  };
}

/** All formats of a mixed input, the most frequent first. */
function formatText({ format, formats }: Info["inputs"][number]): string {
  return formats === undefined ? format : Object.keys(formats).join(", ");
}

function counts(title: string, what: string, of: Readonly<Record<string, number>>): Section {
  const items = Object.entries(of).map(([value, events]) => ({ [what]: value, events }));
  return {
    title,
    columns: [column(what, what), numeric("events", "events")],
    empty: "no events",
    batches: [rows(items, (item) => [textCell(String(item[what])), countCell(Number(item.events))])],
  };
}

function skippedSection(result: Info): Section | null {
  const samples = result.inputs.flatMap((input) =>
    (input.samples ?? []).map((sample) => ({ path: input.path, ...sample })),
  );
  if (samples.length === 0) return null;
  return {
    title: "Skipped (the first of each input)",
    columns: [
      column("place", "file:offset"),
      column("kind", "kind"),
      column("reason", "reason"),
      column("sample", "sample", { grow: 1, keep: "head" }),
    ],
    batches: [
      rows(samples, (sample) => [
        textCell(`${sample.path}:${sample.offset}`),
        textCell(sample.kind, "warn"),
        textCell(sample.reason),
        textCell(sample.sample, "muted"),
      ]),
    ],
  };
}

function clocksSection(result: Info): Section {
  return {
    title: "Clocks (against that of the API server most is heard from; trails are corrected)",
    columns: [
      column("apiserver", "API server"),
      numeric("aheadMs", "ahead"),
      numeric("plusMinusMs", "give or take"),
      column("of", "against"),
    ],
    batches: [
      rows(result.clocks, (clock) => [
        textCell(clock.apiserver),
        textCell(duration(clock.aheadMs), "warn"),
        textCell(duration(clock.plusMinusMs)),
        textCell(clock.of),
      ]),
    ],
  };
}

/** What each API server and each input has of the time and of the requests. */
function partsSection({ servers, inputs, restarts, gaps }: Coverage, zone: TimeZone): Section {
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
  return {
    title: "Spans by API server and input (requests)",
    columns: [
      column("part", "of", { grow: 1, keep: "tail" }),
      column("from", timeTitle("from", zone)),
      column("to", "to"),
      numeric("requests", "requests"),
      numeric("starts", "starts"),
      numeric("gaps", "silences"),
      column("levels", "levels", { drop: 1 }),
      column("stages", "latest stage", { drop: 2 }),
      numeric("cutBodies", "cut bodies", { drop: 3 }),
    ],
    empty: "no requests",
    batches: [
      rows([...ofServers, ...(ofInputs.length > 1 ? ofInputs : [])], (part) => [
        textCell(part.part),
        textCell(secondTime(part.from, zone)),
        textCell(secondTime(part.to, zone)),
        countCell(part.requests),
        countCell(part.starts),
        countCell(part.gaps, "warn"),
        textCell(levelsText(part.levels)),
        textCell(levelsText(part.stages)),
        countCell(part.cutBodies, "warn"),
      ]),
    ],
  };
}

/** Levels by kind, and what follows from them and all above. */
function coverageSections(
  { kinds, otherKinds }: Coverage,
  answers: ReturnType<typeof coverageAnswers>,
): readonly Section[] {
  const others =
    otherKinds === 0 ? [] : [{ resource: `(${counted(otherKinds, "request")} for others)`, reads: {}, writes: {} }];
  return [
    {
      title: "Levels by resource (requests)",
      columns: [column("resource", "resource"), column("reads", "get, list, watch"), column("writes", "all else")],
      empty: "no requests",
      batches: [
        rows([...kinds, ...others], ({ resource, reads, writes }) => [
          textCell(resource === "" ? "(paths)" : resource),
          textCell(levelsText(reads)),
          textCell(levelsText(writes)),
        ]),
      ],
    },
    {
      title: "What this log can answer",
      columns: [
        column("answer", ""),
        column("question", "question"),
        column("because", "because", { grow: 1, keep: "head", wrap: true }),
      ],
      empty: "nothing: there is no request in it",
      batches: [
        rows(answers, ({ answer, question, because }) => [textCell(answer), textCell(question), textCell(because)]),
      ],
    },
  ];
}

const NOTHING = { text: "" };

/** One row a restart and kind of evidence: what speaks for it stands below it. */
function restartsSection({ restarts }: Info, zone: TimeZone): Section {
  const items = restarts.flatMap((restart) =>
    restart.evidence.map((evidence, at) => ({ ...evidence, restart, isFirst: at === 0 })),
  );
  const withServer = restarts.some(({ apiserver }) => apiserver !== "");
  return {
    title: "Starts of API servers",
    columns: [
      ...(withServer ? [column("apiserver", "API server")] : []),
      column("from", "last before"),
      column("to", "first after"),
      numeric("seconds", "silent"),
      numeric("requests", "requests"),
      column("evidence", "evidence", { grow: 1, keep: "head" }),
    ],
    batches: [
      rows(items, ({ restart, isFirst, requests, what }) => [
        ...(withServer ? [isFirst ? textCell(restart.apiserver) : NOTHING] : []),
        isFirst ? textCell(secondTime(restart.from, zone)) : NOTHING,
        isFirst ? textCell(secondTime(restart.to, zone)) : NOTHING,
        isFirst && restart.seconds !== null ? textCell(duration(restart.seconds * 1000)) : NOTHING,
        requests === 0 ? NOTHING : countCell(requests),
        textCell(isFirst && restart.confidence === "likely" ? `${what} (likely a restart)` : what),
      ]),
    ],
  };
}

function gapsSection({ gaps }: Info, zone: TimeZone): Section {
  const withServer = gaps.some(({ apiserver }) => apiserver !== "");
  return {
    title: "Gaps (nothing received)",
    columns: [
      ...(withServer ? [column("apiserver", "API server")] : []),
      column("from", "from"),
      column("to", "to"),
      numeric("seconds", "for"),
    ],
    batches: [
      rows(gaps, (gap) => [
        ...(withServer ? [textCell(gap.apiserver)] : []),
        textCell(secondTime(gap.from, zone)),
        textCell(secondTime(gap.to, zone)),
        textCell(duration(gap.seconds * 1000)),
      ]),
    ],
  };
}
