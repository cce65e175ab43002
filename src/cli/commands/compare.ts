import { KtrailError } from "../../errors.ts";
import type { TimeZone } from "../../models/times.ts";
import { comparedTable, compareLook, SIDE_TABLE, sideRows } from "../../panes/compare/table.ts";
import { COMPARE_SORTS, type CompareResult } from "../../queries/compare-query.ts";
import { type NamedSide, readSide, usualSides } from "../../queries/compare-side.ts";
import type { Selection } from "../../queries/contract.ts";
import { splitTimes } from "../../queries/filter-times.ts";
import { intersection, isUnbounded } from "../../queries/time-window.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { type Answer, TABLE_FORMATS } from "../output.ts";

const DEFAULT_LIMIT = 20;

export const compare: CliCommand = {
  name: "compare",
  about: "two inputs, times or filters side by side, what changed most first",
  operands: [],
  options: [
    "by",
    "a",
    "b",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "limit",
    "sort",
    "reverse",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  sorts: COMPARE_SORTS,
  defaults: { limit: "20", by: "who", sort: "change", output: "table" },
  outputs: TABLE_FORMATS,
  examples: [
    ["ktrail compare a.log b.log --by verb,resource", "is this cluster slower than that one"],
    ["ktrail compare audit.log --a 10:00..10:05 --b 10:05..10:10", "what is new since 10:05"],
    ["ktrail compare audit.log", "the later half against the earlier one"],
  ],
  async answer(context) {
    const { options } = context.invocation;
    const shown = await shownTime(context);
    const { a, b } = sidesOf(context, shown);
    const limit = options.limit ?? DEFAULT_LIMIT;
    const isTimed = a.window !== undefined || b.window !== undefined;
    const { filter, window } = shown;
    const result = await context.engine.ask("compare", {
      filter,
      // A side with its own time is not cut by --since and --until.
      ...(isTimed || window === undefined ? {} : { window }),
      a: narrowing(a),
      b: narrowing(b),
      by: options.by ?? ["who"],
      sort: COMPARE_SORTS.find((known) => known === options.sort) ?? "change",
      reverse: options.reverse,
      ...(Number.isFinite(limit) ? { limit } : {}),
    });
    return compareAnswer(result, { a, b }, options.tz);
  },
};

function narrowing({ filter, window }: NamedSide): {
  filter?: NonNullable<NamedSide["filter"]>;
  window?: NonNullable<NamedSide["window"]>;
} {
  return { ...(filter === undefined ? {} : { filter }), ...(window === undefined ? {} : { window }) };
}

interface Shown extends Selection {
  readonly log: { readonly fromUs: number; readonly toUs: number };
}

/** The time of --since, --until and of the filter, and the filter without it. */
async function shownTime({ engine, invocation, selection }: CommandContext): Promise<Shown> {
  const { span } = await engine.ask("info", {});
  const log = { fromUs: Date.parse(span.from ?? "") * 1e3, toUs: Date.parse(span.to ?? "") * 1e3 };
  const split = splitTimes(selection.filter, { referenceUs: log.toUs, zone: invocation.options.tz });
  const window = intersection(selection.window, split.window);
  return { filter: split.filter, log, ...(isUnbounded(window) ? {} : { window }) };
}

/** --a and --b; without them two inputs, or the halves of one. */
function sidesOf({ engine, invocation }: CommandContext, { log, window }: Shown): { a: NamedSide; b: NamedSide } {
  const { options, inputs } = invocation;
  const paths = engine.status.inputs.filter((input) => input.passedOver === null).map((input) => input.path);
  const reference = { referenceUs: log.toUs, zone: options.tz, inputs: paths };
  const named = (text: string): NamedSide => {
    try {
      return readSide(text, reference);
    } catch (error) {
      throw new KtrailError("KT100", error instanceof Error ? error.message : String(error));
    }
  };
  if (options.a !== undefined && options.b !== undefined) return { a: named(options.a), b: named(options.b) };
  if (options.a !== undefined || options.b !== undefined)
    throw new KtrailError("KT100", "--a and --b belong together: --a 10:00..10:05 --b 10:05..10:10");
  const [first, second] = inputs;
  if (first !== undefined && second !== undefined && inputs.length === 2) return { a: named(first), b: named(second) };
  if (inputs.length > 2)
    throw new KtrailError(
      "KT100",
      "compare takes two inputs; of more, name the sides: --a 'input:cp1' --b 'input:cp2'",
    );
  const sides = usualSides(window ?? null, log);
  if (sides === null) throw new KtrailError("KT100", "the log is too short to compare its halves: name --a and --b");
  return sides;
}

function compareAnswer(
  result: CompareResult,
  sides: { readonly a: NamedSide; readonly b: NamedSide },
  zone: TimeZone,
): Answer {
  const data = {
    ...tableSection(comparedTable(result.by), result.rows, { ...printedLook(zone), ...compareLook(result) }),
    title: `Compared by ${result.sameLength ? "requests" : "rate: A and B are of different length"}`,
  };
  const document = {
    by: result.by,
    groups: result.groups,
    sameLength: result.sameLength,
    a: { side: sides.a.text, ...result.a },
    b: { side: sides.b.text, ...result.b },
    rows: result.rows,
  };
  return { document, data, people: [tableSection(SIDE_TABLE, sideRows(result, sides), printedLook(zone)), data] };
}
