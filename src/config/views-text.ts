import { closestWords } from "../queries/closest.ts";
import type { SavedFrame, SavedView } from "../state/saved-view.ts";
import { isViewName, LONGEST_NAME, savable } from "../state/saved-view.ts";
import type { Located, LocatedEntry, Place } from "../yaml/located.ts";
import { Misfit, type Problem } from "./located.ts";
import { mapOf, shown, textOf } from "./read-settings.ts";

/** More is no file that was saved here. */
const MOST_VIEWS = 200;
const MOST_FRAMES = 16;
const MOST_TEXTS = 100;
const LONGEST_TEXT = 4_096;
const TIME_MODES = ["absolute", "relative", "delta"] as const;
const KEYS = ["panes", "filter", "humans", "from", "to", "time", "columns"];

/** A pane a view may name, and the columns of its table, where there are any to choose from. */
export interface KnownPane {
  readonly id: string;
  readonly columns?: readonly { readonly id: string }[];
}

export interface ReadViews {
  readonly views: readonly SavedView[];
  readonly problems: readonly Problem[];
}

/** Views of a file, in its order. One that doesn't fit is told and left out. `panes`: those there are. */
export function readViews(root: Located | null, panes: readonly KnownPane[]): ReadViews {
  if (root === null) return { views: [], problems: [] };
  const problems: Problem[] = [];
  const views: SavedView[] = [];
  try {
    for (const entry of mapOf(root, "errors: { panes: […], filter: […] }").entries.slice(0, MOST_VIEWS)) {
      try {
        views.push(viewOf(entry, panes));
      } catch (error) {
        problems.push(problemOf(error, `${shown(entry.key)}: `));
      }
    }
  } catch (error) {
    problems.push(problemOf(error, ""));
  }
  return { views, problems };
}

/** A view as the value of its name in YAML. Maps, since names are anybody's. */
export function viewValue(view: SavedView): ReadonlyMap<string, unknown> {
  const { frames, chips, humansOnly, window, timeMode, columns } = view;
  return new Map<string, unknown>([
    ["panes", frames.map(frameValue)],
    ...(chips.length === 0 ? [] : [["filter", chips] as const]),
    ...(humansOnly ? [["humans", true] as const] : []),
    ...(window?.fromUs === undefined ? [] : [["from", timeText(window.fromUs)] as const]),
    ...(window?.toUs === undefined ? [] : [["to", timeText(window.toUs)] as const]),
    ...(timeMode === "absolute" ? [] : [["time", timeMode] as const]),
    ...(Object.keys(columns).length === 0 ? [] : [["columns", new Map(Object.entries(columns))] as const]),
  ]);
}

function frameValue({ pane, params, added }: SavedFrame): ReadonlyMap<string, unknown> {
  const entries = Object.entries(params);
  return new Map<string, unknown>([
    ["pane", pane],
    ...(entries.length === 0 ? [] : [["with", new Map(entries)] as const]),
    ...(added.length === 0 ? [] : [["filter", added] as const]),
  ]);
}

function viewOf({ key, place, value }: LocatedEntry, panes: readonly KnownPane[]): SavedView {
  if (!isViewName(key)) throw new Misfit(place, `a name has 1 to ${LONGEST_NAME} visible characters`);
  const { entries } = mapOf(value, "panes: […]");
  const at = (name: string): Located | undefined => entries.find((entry) => entry.key === name)?.value;
  const unknown = entries.find((entry) => !KEYS.includes(entry.key));
  if (unknown !== undefined) throw new Misfit(unknown.place, `${shown(unknown.key)} is none of ${KEYS.join(", ")}`);
  const [from, to, humans] = [at("from"), at("to"), at("humans")];
  const frames = listOf(at("panes"), place, MOST_FRAMES).map((frame) => frameOf(frame, panes));
  if (frames.length === 0) throw new Misfit(place, "panes: expected at least one");
  return {
    name: key,
    frames,
    chips: textsOf(at("filter"), place),
    humansOnly: humans !== undefined && textOf(humans) === "true",
    window: from === undefined && to === undefined ? null : windowOf(from, to),
    timeMode: timeModeOf(at("time")),
    columns: columnsOf(at("columns"), panes),
  };
}

function columnsOf(value: Located | undefined, panes: readonly KnownPane[]): SavedView["columns"] {
  if (value === undefined) return {};
  const tables = panes.filter(({ columns = [] }) => columns.length > 0);
  const chosen = mapOf(value, "{ requests: [received, code, user] }").entries.map((entry) => {
    const known = tables.find(({ id }) => id === entry.key)?.columns;
    const panesWith = tables.map(({ id }) => id).join(", ");
    if (known === undefined) throw new Misfit(entry.place, `${shown(entry.key)} has no columns (${panesWith} have)`);
    const items = listOf(entry.value, entry.place, MOST_TEXTS);
    for (const item of items) {
      const id = textOf(item);
      const ids = known.map((column) => column.id);
      if (!ids.includes(id))
        throw new Misfit(item.place, `${shown(id)} is no column of ${entry.key} ${insteadOf(id, ids)}`);
    }
    return [entry.key, [...new Set(items.map(textOf))]] as const;
  });
  return Object.fromEntries(chosen.filter(([, ids]) => ids.length > 0));
}

function frameOf(value: Located, panes: readonly KnownPane[]): SavedFrame {
  const { entries } = mapOf(value, "{ pane: codes }");
  const find = (name: string): Located | undefined => entries.find((entry) => entry.key === name)?.value;
  const pane = find("pane");
  if (pane === undefined) throw new Misfit(value.place, "expected a pane");
  const id = textOf(pane);
  const ids = panes.map((known) => known.id);
  if (!ids.includes(id)) throw new Misfit(pane.place, `there is no pane ${shown(id)} ${insteadOf(id, ids)}`);
  const params = find("with");
  const own = params === undefined ? [] : mapOf(params, "{ by: user }").entries.slice(0, MOST_TEXTS);
  return {
    pane: id,
    params: savable(Object.fromEntries(own.map((entry) => [entry.key, boundedText(entry.value)]))),
    added: textsOf(find("filter"), value.place),
  };
}

/** What would fit: the nearest, else some of all there are. */
function insteadOf(typed: string, known: readonly string[]): string {
  const near = closestWords(typed, known);
  if (near.length > 0) return `(did you mean ${near.join(" or ")}?)`;
  const some = known.slice(0, 8).join(", ");
  return `(${some}${known.length > 8 ? ", …" : ""})`;
}

function windowOf(from: Located | undefined, to: Located | undefined): SavedView["window"] {
  const window = {
    ...(from === undefined ? {} : { fromUs: timeOf(from) }),
    ...(to === undefined ? {} : { toUs: timeOf(to) }),
  };
  if (to !== undefined && (window.fromUs ?? -Infinity) >= (window.toUs ?? Infinity)) {
    throw new Misfit(to.place, "to must be later than from");
  }
  return window;
}

function timeModeOf(value: Located | undefined): SavedView["timeMode"] {
  if (value === undefined) return "absolute";
  const text = textOf(value);
  const found = TIME_MODES.find((mode) => mode === text);
  if (found === undefined) throw new Misfit(value.place, `${shown(text)} is none of ${TIME_MODES.join(", ")}`);
  return found;
}

function listOf(value: Located | undefined, place: Place, most: number): readonly Located[] {
  if (value === undefined) return [];
  if (value.kind !== "list") throw new Misfit(value.place, "expected a list");
  if (value.items.length > most) throw new Misfit(place, `at most ${most} fit here`);
  return value.items;
}

function textsOf(value: Located | undefined, place: Place): readonly string[] {
  return listOf(value, place, MOST_TEXTS).map(boundedText);
}

function boundedText(value: Located): string {
  const text = textOf(value);
  if (text.length > LONGEST_TEXT) throw new Misfit(value.place, `longer than ${LONGEST_TEXT} characters`);
  return text;
}

function problemOf(error: unknown, before: string): Problem {
  if (!(error instanceof Misfit)) throw error;
  return { place: error.place, message: `${before}${error.message}` };
}

/** RFC 3339 with microseconds. */
function timeText(us: number): string {
  const ms = Math.floor(us / 1_000);
  const rest = String(us - ms * 1_000).padStart(3, "0");
  return new Date(ms).toISOString().replace("Z", `${rest}Z`);
}

function timeOf(value: Located): number {
  const text = textOf(value);
  const [, seconds = "", fraction = "0"] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(text) ?? [];
  const us = Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.padEnd(6, "0"));
  if (Number.isNaN(us)) throw new Misfit(value.place, `${shown(text)} is no time like 2026-11-21T00:09:31.000000Z`);
  return us;
}
