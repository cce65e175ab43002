import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parseJson } from "../events/json.ts";
import { KtrailError } from "../errors.ts";
import { statOf } from "../files/read-once.ts";
import { type ReadObjects, readObjects } from "../rbac/read-objects.ts";

/** More is no list of roles. */
const MOST_BYTES = 256 * 1024 * 1024;
const PART = 1024 * 1024;

/**
 * Roles and bindings of a file: `kubectl get … -o yaml` or `-o json`, or manifests; also of a pipe (`<(kubectl get …)`).
 * Throws KT200 when it cannot be read.
 */
export async function readRoles(path: string): Promise<ReadObjects> {
  return readObjects(await documentsOf(path, readText(path)));
}

let latest: { readonly path: string; readonly version: string; readonly objects: Promise<ReadObjects> } | null = null;

/** The same again while the file has not changed: for questions that are asked again and again. */
export function rolesOf(path: string): Promise<ReadObjects> {
  const stat = statOf(path);
  // What can be read but once, or would be waited for, is nothing to ask again for.
  if (stat?.isFile() !== true) {
    const why = stat === undefined ? "cannot be found" : "is no regular file";
    return Promise.reject(new KtrailError("KT200", `--existing: ${path} ${why}`));
  }
  const version = `${String(stat.mtimeMs)} ${String(stat.size)} ${String(stat.ino)}`;
  if (latest?.path !== path || latest.version !== version) latest = { path, version, objects: readRoles(path) };
  return latest.objects;
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
    const { yamlValues } = await import("../yaml/yaml-values.ts");
    const { values, problems } = yamlValues(text);
    const [first] = problems;
    if (first === undefined) return values;
    const place = first.line === null ? path : `${path}:${first.line}`;
    throw new KtrailError("KT200", `--existing: ${place}: ${first.message}`);
  }
}
