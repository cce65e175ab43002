import { mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../files/write-whole.ts";
import type { SavedView } from "../state/saved-view.ts";
import { readSmallFile } from "../files/small-file.ts";
import { MOST_SETTINGS_BYTES } from "./config-file.ts";
import { problemText } from "./located.ts";
import { type KnownPane, readViews, viewValue } from "./views-text.ts";
import type { YamlMap } from "./yaml-map.ts";

const HEAD = " Views saved in ktrail with ctrl-s. Opened with :view NAME or ktrail --view NAME.";

/** Saved views in a file of their own beside the config file: the only file the explorer writes, and only when asked. */
export interface ViewStore {
  /** Null where there is no home. */
  readonly path: string | null;
  /** What is in the file and can be opened; `problems` are sentences. */
  list(
    panes: readonly KnownPane[],
  ): Promise<{ readonly views: readonly SavedView[]; readonly problems: readonly string[] }>;
  /** Throws a sentence. Other views, their order and comments stay. */
  save(view: SavedView): Promise<void>;
  /** Throws a sentence. */
  remove(name: string): Promise<void>;
}

export function createViewStore(folder: string | null): ViewStore {
  const path = folder === null ? null : join(folder, "views.yaml");
  return {
    path,
    async list(panes) {
      const text = path === null ? null : existing(path);
      if (path === null || text === null) return { views: [], problems: [] };
      const { yamlTree } = await import("../yaml/yaml-tree.ts");
      const { root, problems } = yamlTree(text);
      const read = readViews(root, panes);
      return {
        views: read.views,
        problems: [...problems, ...read.problems].map((problem) => problemText("views.yaml", problem)),
      };
    },
    save: (view) => change(path, (views) => views.set(view.name, viewValue(view))),
    remove: (name) =>
      change(path, (views) => {
        views.delete(name);
      }),
  };
}

/** Reads the file again, so that what another explorer saved meanwhile stays. A file that can't be understood is not touched. */
async function change(path: string | null, edit: (views: YamlMap) => void): Promise<void> {
  if (path === null) throw new Error("views can't be saved: there is no HOME");
  const { editedMap } = await import("./yaml-map.ts");
  const edited = editedMap(existing(path) ?? "", HEAD, edit);
  if (edited === null) throw new Error(`${path} is no file of views: it is left as it is`);
  write(path, edited);
}

function existing(path: string): string | null {
  const found = readSmallFile(path, MOST_SETTINGS_BYTES);
  if (found.kind === "unusable") throw new Error(`${path} ${found.reason}`);
  return found.kind === "missing" ? null : found.text;
}

/** A link stays a link. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeWhole(linkTarget(path), text, { replace: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Error(`${path} can't be written (${code})`, { cause: error });
  }
}

function linkTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
