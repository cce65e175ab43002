import { basename, dirname, normalize } from "node:path";
import { parseRotatedName } from "./rotated-set.ts";

/** Directories of OpenShift's must-gather and `oc adm node-logs`: one per kind of API server. */
const COMPONENTS = new Set(["kube-apiserver", "openshift-apiserver", "oauth-apiserver", "oauth-server"]);
/** `master-0-audit.log`: the node's name in front. */
const NODE_AUDIT = /^(.+?)-(?:kube-)?audit\.[a-z]+$/;

/** Which API server wrote a file, as far as its path tells: `kube-apiserver/master-0`, `master-0`; otherwise "". */
export function apiserverOf(path: string): string {
  const node = NODE_AUDIT.exec(parseRotatedName(basename(path)).base)?.[1] ?? "";
  const component = basename(dirname(path));
  if (!COMPONENTS.has(component)) return node;
  return node === "" ? component : `${component}/${node}`;
}

/**
 * A name for each of several logs. Where their own paths do not tell, but logs of the same name lie in different
 * directories (`cp1/audit.log cp2/audit.log`), the directory names that differ do.
 */
export function distinguishingNames(paths: readonly string[]): readonly string[] {
  const own = paths.map(apiserverOf);
  const unnamed = new Map<string, number[]>();
  for (const [index, path] of paths.entries()) {
    if (own[index] !== "") continue;
    const { base } = parseRotatedName(basename(path));
    const others = unnamed.get(base);
    if (others === undefined) unnamed.set(base, [index]);
    else others.push(index);
  }
  const names = [...own];
  for (const indexes of unnamed.values()) {
    if (indexes.length < 2) continue;
    const parts = differingParts(indexes.map((index) => dirname(normalize(paths[index] ?? "")).split("/")));
    for (const [position, index] of indexes.entries()) names[index] = parts[position] ?? "";
  }
  return names;
}

/** A name for each of several commands: the words that differ, which are the machines they run on; "" for a single one. */
export function commandNames(commands: readonly string[]): readonly string[] {
  if (commands.length < 2) return commands.map(() => "");
  const words = commands.map((command) => command.trim().split(/\s+/));
  return differingParts(words).map((name, at) => (name === "" ? `command ${at + 1}` : name.slice(0, 100)));
}

/** What remains of each path without the parts all have in common at both ends. */
function differingParts(directories: readonly (readonly string[])[]): readonly string[] {
  const shortest = Math.min(...directories.map(({ length }) => length));
  const common = (at: (parts: readonly string[]) => string | undefined): boolean =>
    new Set(directories.map(at)).size === 1;
  let front = 0;
  while (front < shortest && common((parts) => parts[front])) front += 1;
  let back = 0;
  while (back < shortest - front && common((parts) => parts.at(-1 - back))) back += 1;
  return directories.map((parts) => parts.slice(front, parts.length - back).join("/"));
}
