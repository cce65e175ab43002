import type { Located, Place, YamlProblem } from "../yaml/located.ts";
import type { Policy, PolicyText } from "./contract.ts";
import { DecodeProblems } from "./decode-problems.ts";
import { Decoder } from "./decode.ts";
import { findPolicies, type PolicyDocument } from "./find-policies.ts";
import { readDraft } from "./read-rules.ts";
import { POLICY_VERSION, validated } from "./validate.ts";

const START: Place = { line: 1, column: 1 };

/** The policies of a file, as the API server would load each. A file without one is one that is refused. */
export function readPolicies(text: string): readonly PolicyText[] {
  const found = findPolicies(text);
  if (found.length > 0) return found.map(readDocument);
  const problems = new DecodeProblems();
  problems.refused(START, "there is no audit policy in it", `apiVersion: ${POLICY_VERSION}, kind: Policy and rules`);
  return [{ key: "", place: START, policy: null, problems: problems.found, isTemplate: false }];
}

function readDocument({ key, tree, text, isTemplate }: PolicyDocument): PolicyText {
  const problems = new DecodeProblems();
  const place = tree.root?.place ?? START;
  const broken = [...tree.problems, ...jsonProblem(text)];
  for (const problem of broken) {
    problems.refused(problem.place, `this is no YAML: ${problem.message}`, "valid YAML");
  }
  const policy = broken.length > 0 || tree.root === null ? null : decoded(tree.root, place, problems);
  return { key, place, policy, problems: problems.found, isTemplate };
}

function decoded(root: Located, place: Place, problems: DecodeProblems): Policy | null {
  const draft = readDraft(new Decoder(problems), root);
  // What is of a wrong type is not read further.
  return problems.isRefused ? null : validated(draft, place, problems);
}

/** What begins with a brace is JSON for the API server, and must be so in full. */
function jsonProblem(text: string): readonly YamlProblem[] {
  if (!text.trimStart().startsWith("{")) return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [{ place: START, message: `it begins as JSON and is none: ${error instanceof Error ? error.message : ""}` }];
  }
}
