import { join } from "node:path";
import { readSmallFile } from "../../files/small-file.ts";
import { MOST_SETTINGS_BYTES } from "../../config/config-file.ts";
import { KtrailError } from "../../errors.ts";
import type { Expectation } from "../../findings/contract.ts";
import { DETECTORS } from "../../findings/registry.ts";
import { matchesGlob } from "../../queries/glob.ts";
import type { Located, Place } from "../../yaml/located.ts";
import { note } from "../notes.ts";

const KEYS = ["id", "user", "useragent", "ip", "object", "namespace", "because"] as const;

/**
 * Exceptions of a user: `--expected FILE`, else findings.yaml beside the config file, if there is one. Mistakes in it are
 * noted and passed over; throws KT200 for a named file that cannot be read.
 */
export async function readExpectations(
  path: string | undefined,
  folder: string | null,
): Promise<readonly Expectation[]> {
  const file = path ?? (folder === null ? null : join(folder, "findings.yaml"));
  if (file === null) return [];
  const found = readSmallFile(file, MOST_SETTINGS_BYTES);
  if (found.kind === "missing" && path === undefined) return [];
  if (found.kind !== "text")
    throw new KtrailError("KT200", `${file} ${found.kind === "missing" ? "does not exist" : found.reason}`);
  const { yamlTree } = await import("../../yaml/yaml-tree.ts");
  const { root, problems } = yamlTree(found.text);
  for (const { place, message } of problems) note(`${file}${lineOf(place)}: ${message}`);
  if (root === null) return [];
  const list = root.kind === "map" ? root.entries.find(({ key }) => key === "expected")?.value : root;
  if (list?.kind !== "list") {
    note(`${file}: expected is to be a list of what is expected`);
    return [];
  }
  return list.items.flatMap((item) => expectationOf(item, file));
}

function expectationOf(item: Located, file: string): readonly Expectation[] {
  const where = `${file}${lineOf(item.place)}`;
  if (item.kind !== "map") {
    note(`${where}: an exception is a map of ${KEYS.join(", ")}`);
    return [];
  }
  const values = new Map<string, readonly string[]>();
  for (const { key, place, value } of item.entries) {
    const texts = value.kind === "list" ? value.items.flatMap(textOf) : textOf(value);
    if (!KEYS.some((known) => known === key) || texts.length === 0) {
      note(
        `${file}${lineOf(place)}: ${key} is none of ${KEYS.join(", ")}, or has no text; the exception is passed over`,
      );
      return [];
    }
    values.set(key, texts);
  }
  const ids = values.get("id") ?? ["*"];
  for (const id of ids) {
    if (!DETECTORS.some((detector) => matchesGlob(id, detector.id))) note(`${where}: there is no finding ${id}`);
  }
  const one = (key: (typeof KEYS)[number]): string | undefined => values.get(key)?.[0];
  const given = Object.fromEntries(
    (["user", "useragent", "ip", "object", "namespace"] as const).flatMap((key) => {
      const value = one(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  return [{ ids, ...given, because: one("because") ?? "expected", from: where }];
}

function textOf(value: Located): readonly string[] {
  return value.kind === "text" && value.text !== null ? [value.text] : [];
}

function lineOf(place: Place | null): string {
  return place === null ? "" : `:${place.line}`;
}
