import { KtrailError } from "../../errors.ts";
import type { ObjectAt } from "../../lineage/contract.ts";
import type { JsonObject, JsonValue } from "../../lineage/json.ts";
import { differenceOf } from "../../lineage/state/difference.ts";
import { manifestOf } from "../../lineage/state/object-state.ts";
import { maskBody } from "../../masking/mask.ts";
import { resolveTime } from "../../queries/time-value.ts";
import { yamlText } from "../../yaml/write-yaml.ts";
import type { TimeZone } from "../../models/times.ts";
import { CHANGE_TABLE, type Leaf, LEAF_TABLE, type ShownChange } from "../../panes/object/table.ts";
import { printedLook, tableSection } from "../answer-section.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { note } from "../notes.ts";
import { quoted } from "../option-values.ts";
import type { Answer, DataSection } from "../output.ts";
import { unknownObject } from "./trail.ts";

export const object: CliCommand = {
  name: "object",
  about: "an object as it was at any time, as the log knows it; to apply again; what changed between two times",
  operands: ["OBJECT"],
  needsLineage: true,
  options: ["at", "manifest", "namespace", "output", "format", "exec", "store", "passwordFile", "tz", "color", "ascii"],
  defaults: { output: "yaml; of two times table", at: "as it was last" },
  outputs: ["yaml", "json", "table", "jsonl", "csv", "md"],
  examples: [
    ["ktrail object deploy/nginx -n demo audit.log --at 00:10:00", "its state then, what is unknown marked"],
    ["ktrail object deploy/nginx -n demo audit.log --manifest | kubectl apply -f -", "what was deleted, back again"],
    ["ktrail object cm/settings -n demo audit.log --at 00:05..00:10", "what changed in between"],
  ],
  check({ at, manifest, output }) {
    const isRange = at?.includes("..") === true;
    if (isRange && manifest) throw new KtrailError("KT100", "--manifest is of one time: give --at one");
    if (isRange && output === "yaml") throw new KtrailError("KT100", "two times cannot be printed as yaml");
    if (manifest && output !== undefined && output !== "yaml" && output !== "json")
      throw new KtrailError("KT100", "--manifest is printed as yaml or json");
  },
  async answer(context) {
    const { at = "" } = context.invocation.options;
    const [from = "", to] = at.split("..");
    if (to === undefined) return oneAnswer(context, await asked(context, from === "" ? undefined : from));
    return differenceAnswer(
      await asked(context, from),
      await asked(context, to === "" ? undefined : to),
      context.invocation.options.tz,
    );
  },
};

async function asked({ engine, invocation }: CommandContext, at: string | undefined): Promise<ObjectAt> {
  const { operands, options } = invocation;
  const { namespace, tz } = options;
  const name = operands["OBJECT"] ?? "";
  let atUs: number | undefined;
  if (at !== undefined) {
    const { span } = await engine.ask("info", {});
    const referenceUs = resolveTime(span.to ?? "now", { referenceUs: Date.now() * 1_000, zone: "utc" }) ?? 0;
    const resolved = resolveTime(at, { referenceUs, zone: tz });
    if (resolved === null)
      throw new KtrailError(
        "KT100",
        `--at: ${quoted(at)} is no time; expected like 2026-11-21T00:09:31Z, 00:09:31 or 15m`,
      );
    atUs = resolved;
  }
  const found = await engine.ask("object", {
    object: name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(atUs === undefined ? {} : { atUs }),
  });
  if (found === null) throw await unknownObject(engine, name, namespace);
  return found;
}

function oneAnswer({ invocation: { options }, isTerminal }: CommandContext, found: ObjectAt): Answer {
  const { state } = found;
  tell(found);
  const masked = state === null ? null : (maskBody(state, subjectOf(found)) as JsonObject);
  const data = leavesSection(masked, options.tz);
  if (options.manifest) {
    if (state === null) throw new KtrailError("KT102", `${found.object} was not there then: nothing to apply`);
    if (found.known === "metadata")
      throw new KtrailError("KT102", `no body of ${found.object} is in this log: nothing to apply`);
    for (const owner of found.goneOwners)
      note(`${found.object} names ${owner} as its owner, which is gone: applied as it is, it is collected again`);
    const bare = manifestOf(isTerminal && masked !== null ? masked : state);
    if (isTerminal) note("secret values are masked on a terminal: write to a file or a pipe to have them");
    return { document: bare, data, yaml: [yamlText(bare)] };
  }
  return { document: found, data, yaml: [...headLines(found), state === null ? "" : yamlText(masked)] };
}

function subjectOf({ resource }: ObjectAt): { readonly resource: string } {
  return { resource: resource.split(".", 1)[0] ?? "" };
}

function tell({ object, known, unknown, state, at }: ObjectAt): void {
  if (state === null) note(`${object} was not there${at === null ? "" : ` at ${at}`}`);
  else if (known === "metadata") note(`the log has no body of ${object}: needs Request level`);
  else if (known === "partial") note(`not known of ${object}: ${unknown.join(", ")}`);
}

/** What stands above the object, as comments. */
function headLines({ object, at, known, unknown, from, deleted }: ObjectAt): readonly string[] {
  const lines = [
    `${object} ${at === null ? "as it was last" : `at ${at}`}`,
    ...(from === null ? [] : [`told by the request of ${from.t}, ${from.auditID}`]),
    ...(deleted === null ? [] : [`its removal was asked for at ${deleted}`]),
    ...(known === "partial" ? [`not known: ${unknown.join(", ")}`] : []),
    ...(known === "metadata" ? ["the log has no body of it"] : []),
  ];
  return lines.map((line) => `# ${line.replaceAll(/[^\P{C}]/gu, "?")}\n`);
}

/** Every value by its path. */
function leavesSection(state: JsonObject | null, zone: TimeZone): DataSection {
  const rows = state === null ? [] : differenceOf({}, state).flatMap(({ path, after }) => leaves(path, after));
  return tableSection(LEAF_TABLE, rows, printedLook(zone));
}

const MAX_LEAVES = 5_000;

function leaves(path: string, value: JsonValue | undefined): readonly Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value: value ?? null }];
  const inner = differenceOf(Array.isArray(value) ? [] : {}, value).slice(0, MAX_LEAVES);
  if (inner.length === 0) return [{ path, value }];
  return inner.flatMap((entry) =>
    leaves(entry.path.startsWith("[") ? path + entry.path : `${path}.${entry.path}`, entry.after),
  );
}

/** What is different at the second time; the whole of it where it was not there at one of them. */
function differenceAnswer(from: ObjectAt, to: ObjectAt, zone: TimeZone): Answer {
  tell(from);
  tell(to);
  const changes = differenceOf(from.state ?? {}, to.state ?? {});
  const masked = differenceOf(maskedState(from), maskedState(to));
  // Two secrets that differ look the same when masked.
  const shown = changes.map((change, at): ShownChange => ({
    change,
    told: masked[at]?.path === change.path ? masked[at] : masked.find(({ path }) => path === change.path),
  }));
  const data = {
    ...tableSection(CHANGE_TABLE, shown, printedLook(zone), ({ change }) => change),
    title: `${to.object}, ${from.at ?? "last"} to ${to.at ?? "last"}`,
  };
  return { document: { object: to.object, from, to, changes }, data };
}

function maskedState(found: ObjectAt): JsonObject {
  return found.state === null ? {} : (maskBody(found.state, subjectOf(found)) as JsonObject);
}
