/**
 * Proves the least rights of everybody in a log: what was allowed stays allowed, what was only ever refused stays refused (or
 * RBAC cannot tell it apart), and no part of a rule is superfluous, by our authorizer. With --authorizer the same is asked of
 * another program, which takes `-rbac FILE -user USER -no-bypass -requests - -summary FILE LOG…` and prints a verdict a request.
 *
 * npm run least-rights -- [--authorizer PROGRAM] FILE…     ends with 1 when something does not hold
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Proof, proofsOf } from "../test/rbac/proof.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { authorizer: { type: "string", default: "" } },
});
if (positionals.length === 0) {
  process.stderr.write("usage: npm run least-rights -- [--authorizer PROGRAM] FILE…\n");
  process.exit(2);
}

interface Verdict {
  readonly user: string;
  readonly as?: string;
  readonly what: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly logged?: string;
  readonly allowed: boolean;
  readonly missing?: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "ktrail-rbac-"));
const NOTHING = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: nothing}\nrules: []\n";

/** Requests of the user that the other authorizer decides otherwise than it should. */
function otherFaults({ user, yaml, inseparable }: Proof): readonly string[] {
  const [rbac, summary] = [join(folder, "rbac.yaml"), join(folder, "summary.json")];
  writeFileSync(rbac, yaml.includes("\nkind: ") ? yaml : NOTHING);
  const args = ["-rbac", rbac, "-user", user, "-no-bypass", "-requests", "-", "-summary", summary, ...positionals];
  const { stdout, stderr, status } = spawnSync(values.authorizer, args, { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (status !== 0 && status !== 4) return [`${user}: the authorizer failed: ${stderr}`];
  const verdicts = stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Verdict)
    .filter((verdict) => (verdict.as ?? verdict.user) === user);
  const tuple = ({ what, namespace = "", name = "" }: Verdict): string => JSON.stringify([what, namespace, name]);
  const allowed = new Set(verdicts.filter(({ logged }) => logged === "allow").map(tuple));
  // Whether somebody could act as the user is the other's right.
  const lacks = (verdict: Verdict): boolean =>
    (verdict.missing ?? []).some((right) => !right.startsWith("impersonation: "));
  const lost = verdicts.filter((verdict) => verdict.logged === "allow" && lacks(verdict)).map(tuple);
  const refused = verdicts.filter(({ logged }) => logged === "forbid");
  const gained = new Set(refused.filter((verdict) => verdict.allowed && !allowed.has(tuple(verdict))).map(tuple));
  return [
    ...lost.map((text) => `lost by the other: ${user} ${text}`),
    ...(gained.size <= inseparable.length ? [] : [...gained].map((text) => `gained by the other: ${user} ${text}`)),
  ];
}

const totals = { users: 0, rules: 0, faults: 0, inseparable: 0 };
for await (const proof of proofsOf(positionals)) {
  const { user, lost, gained, superfluous, inseparable } = proof;
  const faults = [
    ...lost.map((text) => `lost: ${text}`),
    ...gained.map((text) => `gained: ${text}`),
    ...superfluous.map((text) => `superfluous: ${user} ${text}`),
    ...(values.authorizer === "" ? [] : otherFaults(proof)),
  ];
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  for (const text of inseparable) process.stdout.write(`inseparable: ${text}\n`);
  totals.users += 1;
  totals.rules += proof.rules;
  totals.faults += faults.length;
  totals.inseparable += inseparable.length;
}
rmSync(folder, { recursive: true });
process.stdout.write(`${JSON.stringify(totals)}\n`);
process.exitCode = totals.faults > 0 ? 1 : 0;
