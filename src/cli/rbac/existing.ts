import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parseJson } from "../../events/json.ts";
import { KtrailError } from "../../errors.ts";
import { count } from "../../models/numbers.ts";
import { type ReadObjects, readObjects } from "../../rbac/read-objects.ts";
import { note } from "../notes.ts";

/** More is no list of roles. */
const MOST_BYTES = 256 * 1024 * 1024;
const PART = 1024 * 1024;
const MOST_TOLD = 5;

/**
 * Roles and bindings of a file: `kubectl get … -o yaml` or `-o json`, or manifests; also of a pipe (`<(kubectl get …)`).
 * Throws KT200 when it cannot be read; what of it cannot be used is told on stderr.
 */
export async function readExisting(path: string): Promise<ReadObjects> {
  const objects = readObjects(await documentsOf(path, readText(path)));
  const { problems, others, roles, bindings } = objects;
  for (const problem of problems.slice(0, MOST_TOLD)) note(`${path}: ${problem}`);
  if (problems.length > MOST_TOLD) note(`${path}: and ${count(problems.length - MOST_TOLD)} more such`);
  const other = [...others.values()].reduce((sum, each) => sum + each, 0);
  if (other > 0) note(`${path}: ${count(other)} objects are no roles or bindings of rbac.authorization.k8s.io`);
  if (roles.length + bindings.length === 0) note(`${path} holds no roles and no bindings`);
  return objects;
}

function readText(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      if (fstatSync(file).isDirectory()) throw new Error("is a directory");
      const parts: Buffer[] = [];
      for (let bytes = 0; ;) {
        const part = Buffer.alloc(PART);
        const read = readSync(file, part, 0, PART, null);
        if (read === 0) break;
        bytes += read;
        if (bytes > MOST_BYTES) throw new Error(`is larger than ${MOST_BYTES / PART} MiB`);
        parts.push(part.subarray(0, read));
      }
      return Buffer.concat(parts)
        .toString("utf8")
        .replace(/^\ufeff/, "");
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KtrailError("KT200", `--existing: ${path}: ${reason}`);
  }
}

/** JSON documents are YAML too, but read a thousand times faster as what they are. */
async function documentsOf(path: string, text: string): Promise<readonly unknown[]> {
  try {
    return text
      .split(/^---[^\n]*\n/m)
      .filter((part) => part.trim() !== "")
      .map((part) => parseJson(part));
  } catch {
    const { yamlValues } = await import("../../yaml/yaml-values.ts");
    const { values, problems } = yamlValues(text);
    const [first] = problems;
    if (first === undefined) return values;
    const place = first.line === null ? path : `${path}:${first.line}`;
    throw new KtrailError("KT200", `--existing: ${place}: ${first.message}`);
  }
}
