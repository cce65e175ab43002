import { readRoles } from "../../engine/roles-file.ts";
import { count } from "../../models/numbers.ts";
import type { ReadObjects } from "../../rbac/read-objects.ts";
import { note } from "../notes.ts";

const MOST_TOLD = 5;

/** Roles and bindings of a file; what of it cannot be used is told on stderr. Throws KT200 when it cannot be read. */
export async function readExisting(path: string): Promise<ReadObjects> {
  const objects = await readRoles(path);
  const { problems, others, roles, bindings } = objects;
  for (const problem of problems.slice(0, MOST_TOLD)) note(`${path}: ${problem}`);
  if (problems.length > MOST_TOLD) note(`${path}: and ${count(problems.length - MOST_TOLD)} more such`);
  const other = [...others.values()].reduce((sum, each) => sum + each, 0);
  if (other > 0) note(`${path}: ${count(other)} objects are no roles or bindings of rbac.authorization.k8s.io`);
  if (roles.length + bindings.length === 0) note(`${path} holds no roles and no bindings`);
  return objects;
}
