import { KtrailError } from "../../errors.ts";
import { GivenBindings } from "../../rbac/bindings.ts";
import { RbacAuthorizer } from "../../rbac/authorizer.ts";
import { isSubject, type Subject, subjectOfUser, subjectText, userOf } from "../../rbac/subject.ts";
import type { Access } from "../../rbac/access.ts";
import type { Engine } from "../../engine/contract.ts";
import { count } from "../../models/numbers.ts";
import { closestWords } from "../../queries/closest.ts";
import { type Filter, MATCH_ALL } from "../../queries/contract.ts";
import { quoted } from "../option-values.ts";
import type { CliCommand, CommandContext } from "../contract.ts";
import { note } from "../notes.ts";
import type { Options } from "../options.ts";
import { type Answer, TABLE_FORMATS } from "../output.ts";
import { bindingsAnswer, usesAnswer } from "../rbac/binding-answers.ts";
import { readExisting } from "../rbac/existing.ts";
import { leastAnswer } from "../rbac/least-answer.ts";
import { matrixAnswer } from "../rbac/matrix-answer.ts";

export const rbac: CliCommand = {
  name: "rbac",
  about: "least rights as YAML by what was done; which binding allowed what; granted and never used",
  operands: [],
  options: [
    "user",
    "serviceaccount",
    "group",
    "refused",
    "implied",
    "withoutDefaults",
    "names",
    "expand",
    "expandNamespaces",
    "existing",
    "matrix",
    "bindings",
    "binding",
    "query",
    "since",
    "until",
    "namespace",
    "output",
    "format",
    "exec",
    "store",
    "passwordFile",
    "tz",
    "color",
    "ascii",
  ],
  defaults: { output: "yaml; of --matrix, --bindings and --binding table" },
  outputs: ["yaml", ...TABLE_FORMATS],
  examples: [
    ["ktrail rbac audit.log --user alice@example.com >alice.yaml", "the least rights for what alice did"],
    ["ktrail rbac audit.log --serviceaccount ci/deployer --existing rbac.json", "what it may do and never does"],
    ["ktrail rbac audit.log --user bob@example.com --matrix", "verb by resource: done and refused"],
    ["ktrail rbac audit.log --bindings", "every binding: what it allowed, by whom, when last"],
  ],
  check({ user, serviceaccount, group, matrix, bindings, binding, output }) {
    const views = [matrix, bindings, binding !== undefined].filter(Boolean).length;
    if (views > 1) throw new KtrailError("KT100", "--matrix, --bindings and --binding are three questions: ask one");
    if (views > 0 && output === "yaml") throw new KtrailError("KT100", "only least rights can be printed as yaml");
    if (bindings || binding !== undefined || user.length + serviceaccount.length + group.length > 0) return;
    throw new KtrailError(
      "KT100",
      "ktrail rbac needs --user, --serviceaccount or --group, or --bindings (ktrail top FILE --by user lists users)",
    );
  },
  answer,
};

async function answer({ engine, invocation: { options }, selection }: CommandContext): Promise<Answer> {
  const { tz: zone, existing: path } = options;
  const existing = path === undefined ? null : { path, objects: await readExisting(path) };
  const subjects = subjectsOf(options);
  const isOfBindings = options.bindings || options.binding !== undefined;
  const isSimulated = !isOfBindings || existing !== null;
  const { accesses, unread, unknown } = await engine.ask("accesses", {
    ...selection,
    subjects,
    names: isSimulated || options.binding !== undefined,
    evidence: isSimulated,
  });
  if (unread > 0) note(`${count(unread)} events that may tell more about rights were not read`);
  if (unknown > 0) note(`${count(unknown)} requests are left out: what they asked for did not fit in memory`);
  await tellUnknown(engine, subjects, accesses);
  if (options.binding !== undefined) return usesAnswer(accesses, options.binding, zone);
  const authorizer = existing === null ? null : new RbacAuthorizer(existing.objects);
  if (options.bindings) {
    const given = existing === null || authorizer === null ? null : new GivenBindings(existing.objects, authorizer);
    return bindingsAnswer(accesses, given, zone);
  }
  if (options.matrix) return matrixAnswer(accesses, subjects, authorizer, zone);
  return leastAnswer(accesses, {
    subjects,
    options: {
      implied: options.implied,
      withoutDefaults: options.withoutDefaults,
      mostNames: options.names,
      expand: options.expand,
      expandNamespaces: options.expandNamespaces,
      refused: options.refused,
    },
    existing,
    about: aboutSelection(options),
    deletedNamespaces: await deletedNamespaces(engine),
    zone,
  });
}

/** A subject without a request is most likely misspelt. */
async function tellUnknown(engine: Engine, subjects: readonly Subject[], accesses: readonly Access[]): Promise<void> {
  for (const subject of subjects) {
    if (accesses.some((access) => isSubject(subject, access) || access.asFrom === userOf(subject))) continue;
    const by = subject.kind === "Group" ? "group" : "user";
    const { rows } = await engine.ask("groups", { filter: MATCH_ALL, by: [by], measures: ["requests"] });
    const near = closestWords(
      userOf(subject) ?? subject.name,
      rows.map(({ key }) => key[by] ?? ""),
    );
    const hint = near.length === 0 ? "" : `; did you mean ${near.map(quoted).join(" or ")}?`;
    note(`${subjectText(subject)}: no request in what was looked at${hint}`);
  }
}

const DELETED: Filter = {
  op: "and",
  terms: [
    { op: "match", field: "verb", tests: [{ kind: "literal", text: "delete" }] },
    { op: "match", field: "resource", tests: [{ kind: "literal", text: "namespaces" }] },
    { op: "match", field: "code", tests: [{ kind: "compare", operator: "<", value: 300 }] },
  ],
};

/** By anybody, at any time of the log. */
async function deletedNamespaces(engine: Engine): Promise<readonly string[]> {
  const { rows } = await engine.ask("groups", { filter: DELETED, by: ["name"], measures: ["requests"] });
  return rows.map(({ key }) => key["name"] ?? "");
}

function subjectsOf({ user, serviceaccount, group }: Options): readonly Subject[] {
  const all: Subject[] = [
    ...user.map((name) => subjectOfUser(name)),
    ...serviceaccount.map((account): Subject => ({ kind: "ServiceAccount", ...account })),
    ...group.map((name): Subject => ({ kind: "Group", name })),
  ];
  return [...new Map(all.map((subject) => [subjectText(subject), subject])).values()];
}

/** What was left out beforehand belongs to what the rights rest on. */
function aboutSelection({ query, since, until, namespace }: Options): readonly string[] {
  const parts = Object.entries({ "-q": query, "--since": since, "--until": until, "-n": namespace }).flatMap(
    ([flag, value]) => (value === undefined ? [] : [`${flag} ${JSON.stringify(value)}`]),
  );
  return parts.length === 0 ? [] : ["", `Only of requests by ${parts.join(" ")}.`];
}
