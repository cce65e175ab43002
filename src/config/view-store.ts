import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../files/write-whole.ts";
import type { SavedView } from "../state/saved-view.ts";
import { readSmallFile } from "../files/small-file.ts";
import { MOST_SETTINGS_BYTES } from "./config-file.ts";
import { problemText } from "./located.ts";
import { type KnownPane, readViews, viewValue } from "./views-text.ts";
import type { YamlMap } from "./yaml-map.ts";

const HEAD = " Views saved in ktrail with ctrl-s. Opened with :view NAME or ktrail --view NAME.";

const NAME = "views.yaml";
/** Looked for beside the logs. */
const BESIDE = "ktrail-views.yaml";
/** Folders that are looked into: a log of a thousand files lies in few. */
const MOST_FOLDERS = 16;

export interface ListedViews {
  readonly views: readonly SavedView[];
  /** Sentences, with file, line and column. */
  readonly problems: readonly string[];
}

const NOTHING: ListedViews = { views: [], problems: [] };

/** Files of views that a team may have put beside its logs; `inputs` as on the command line. */
export function viewsBeside(inputs: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const input of inputs) {
    if (input === "-" || folders.size >= MOST_FOLDERS) continue;
    folders.add(isFolder(input) ? input : dirname(input));
  }
  return [...folders].map((folder) => join(folder, BESIDE)).filter((file) => existsSync(file));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Saved views in a file of their own beside the config file: the only file the explorer writes, and only when asked. */
export interface ViewStore {
  /** Null where there is no home. */
  readonly path: string | null;
  /** What is in the file and can be opened; `problems` are sentences. */
  list(panes: readonly KnownPane[]): Promise<ListedViews>;
  /** Throws a sentence. Other views, their order and comments stay. */
  save(view: SavedView): Promise<void>;
  /** Throws a sentence. */
  remove(name: string): Promise<void>;
}

/** `shared`: files of others, whose views are listed behind the user's own and never changed; one that is missing has none. */
export function createViewStore(folder: string | null, shared: readonly string[] = []): ViewStore {
  const path = folder === null ? null : join(folder, NAME);
  return {
    path,
    async list(panes) {
      const own = path === null ? NOTHING : await viewsIn(path, NAME, panes);
      const others = await Promise.all(
        shared.map(async (file) => {
          const { views, problems } = await viewsIn(file, file, panes);
          return { views: views.map((view) => ({ ...view, origin: file })), problems };
        }),
      );
      return {
        views: [own, ...others].flatMap(({ views }) => views),
        problems: [own, ...others].flatMap(({ problems }) => problems),
      };
    },
    save: (view) => change(path, (views) => views.set(view.name, viewValue(view))),
    remove: (name) =>
      change(path, (views) => {
        views.delete(name);
      }),
  };
}

/** `name`: of the file, in sentences. */
async function viewsIn(path: string, name: string, panes: readonly KnownPane[]): Promise<ListedViews> {
  let text: string | null;
  try {
    text = existing(path);
  } catch (error) {
    return { views: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
  if (text === null) return NOTHING;
  const { yamlTree } = await import("../yaml/yaml-tree.ts");
  const { root, problems } = yamlTree(text);
  const read = readViews(root, panes);
  return {
    views: read.views,
    problems: [...problems, ...read.problems].map((problem) => problemText(name, problem)),
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
