import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
/** Recorded clusters and public logs beside the repository, or beside the folder of its worktrees; no part of it. */
const SHARED = [join(ROOT, "../shared"), join(ROOT, "../../shared")].find((folder) => existsSync(folder)) ?? "";

type Paths<Names extends readonly string[]> = { readonly [At in keyof Names]: string };

/**
 * Tests over files of `../shared`; one skipped test where they are missing. Only `body` learns the paths, and it runs only when
 * all are there: whatever it reads while tests are collected, a clone on its own collects them too.
 */
export function describeShared<const Names extends readonly string[]>(
  title: string,
  names: Names,
  body: (...paths: Paths<Names>) => void,
): void {
  const paths = names.map((name) => join(SHARED, name));
  if (SHARED !== "" && paths.every((path) => existsSync(path)))
    describe(title, () => body(...(paths as unknown as Paths<Names>)));
  else describe(title, () => test.skip(`without ../shared/${names.join(", ../shared/")}`, () => undefined));
}
