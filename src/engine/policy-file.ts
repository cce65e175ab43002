import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { isReadOnce } from "../files/read-once.ts";
import { readSmallFile } from "../files/small-file.ts";
import { KtrailError } from "../errors.ts";
import type { Policy, PolicyText } from "../policy/contract.ts";
import { readPolicies } from "../policy/read-policy.ts";

/** Nobody writes a larger policy; objects that hold one may be larger than settings. */
const MOST_BYTES = 2 * 1024 * 1024;

export interface PolicyFile {
  /** As it was named. */
  readonly name: string;
  readonly text: string;
  /** All policies of the file, or the one that was asked for. */
  readonly policies: readonly PolicyText[];
}

/** `FILE`, `FILE#KEY` for one of several policies in it, `-` for stdin. Throws KT200 and KT100. */
export function readPolicyFile(operand: string): PolicyFile {
  const hash = operand.lastIndexOf("#");
  const isWhole = hash <= 0 || existsSync(operand);
  const path = isWhole ? operand : operand.slice(0, hash);
  const text = isReadOnce(path) ? readPipe(path) : readText(path);
  const policies = readPolicies(text);
  if (isWhole) return { name: operand, text, policies };
  const key = operand.slice(hash + 1);
  const found = policies.filter((policy) => policy.key === key || policy.key.endsWith(`.${key}`));
  if (found.length === 1) return { name: operand, text, policies: found };
  throw new KtrailError("KT100", `there is no single policy ${JSON.stringify(key)} in ${path}: ${keysText(policies)}`);
}

/** The one policy of a file that has to be evaluated; null when the API server refuses it for more than its version. */
export function onlyPolicy({ name, policies }: PolicyFile): PolicyText & { readonly policy: Policy | null } {
  const [first] = policies;
  if (first !== undefined && policies.length === 1) return first;
  throw new KtrailError("KT100", `${name} holds ${String(policies.length)} policies; name one: ${keysText(policies)}`);
}

function keysText(policies: readonly PolicyText[]): string {
  return policies.map(({ key }) => (key === "" ? "it is one policy" : `#${key}`)).join(", ");
}

function readText(path: string): string {
  const found = readSmallFile(path, MOST_BYTES);
  if (found.kind === "text") return found.text;
  throw new KtrailError("KT200", `${path} ${found.kind === "missing" ? "does not exist" : found.reason}`);
}

/** No more is read than a policy may be long: a pipe or a device may never end. */
function readPipe(path: string): string {
  const fd = path === "-" ? 0 : openSync(path, "r");
  const bytes = Buffer.allocUnsafe(MOST_BYTES + 1);
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(fd, bytes, length, bytes.length - length, null);
    }
  } finally {
    if (fd !== 0) closeSync(fd);
  }
  if (length > MOST_BYTES) throw new KtrailError("KT200", `${path} is larger than ${String(MOST_BYTES)} bytes`);
  return bytes.toString("utf8", 0, length).replace(/^\ufeff/, "");
}
