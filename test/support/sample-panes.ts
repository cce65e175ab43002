import type { FilterLanguage } from "../../src/commands/filter-language.ts";
import type { Pane, PaneView } from "../../src/panes/contract.ts";
import type { Filter, RowsResult } from "../../src/queries/contract.ts";
import type { RequestFacts } from "../../src/events/request.ts";
import { cursorIndex } from "../../src/state/cursor.ts";
import { frameOf } from "../../src/state/initial-state.ts";

/** `field:value`, `field:>=n`, `-` in front and bare words: enough of the language for tests of the screen. */
export const sampleLanguage: FilterLanguage = {
  parse(text) {
    const words = text.split(/\s+/).filter((word) => word !== "");
    const filters: Filter[] = [];
    for (const word of words) {
      const filter = wordFilter(word.replace(/^-/, ""));
      if (filter === null) {
        return {
          ok: false,
          column: text.indexOf(word) + 1,
          message: `there is no field in “${word}”; try user: or code:`,
        };
      }
      filters.push(word.startsWith("-") ? { op: "not", term: filter } : filter);
    }
    const [only] = filters;
    return { ok: true, terms: words, filter: filters.length === 1 && only ? only : { op: "and", terms: filters } };
  },
  term: (field, value) => `${field}:${value}`,
  place: () => null,
  completions: () => [],
  corrected: () => null,
};

function wordFilter(word: string): Filter | null {
  const [, field = "", value = ""] = /^(\w+):(.*)$/.exec(word) ?? [];
  if (field === "") return { op: "match", field: "user", tests: [{ kind: "contains", text: word }] };
  if (!["user", "code", "verb", "ns", "name"].includes(field)) return null;
  if (value.startsWith(">=")) {
    return { op: "match", field, tests: [{ kind: "compare", operator: ">=", value: Number(value.slice(2)) }] };
  }
  return { op: "match", field, tests: [{ kind: "exact", text: value }] };
}

/** Users with their counts; enter opens their requests. */
const usersPane: Pane = {
  id: "top",
  digit: "2",
  title: "top",
  about: "who sends the most requests",
  commands: [],
  asks: (context) => ({ groups: { kind: "groups", filter: context.filter, by: ["user"] } }),
  view(context, answers) {
    const groups = answers["groups"]?.value as { rows: { key: { user: string }; requests: number }[] } | undefined;
    const ids = (groups?.rows ?? []).map((row) => row.key.user);
    return listView(context.frame, context.height, ids, 0, ids.length, (at) => {
      const row = groups?.rows[at];
      return {
        text: `${row?.key.user} ${row?.requests}`,
        selection: {
          copy: row?.key.user ?? "",
          term: `user:${row?.key.user}`,
          user: row?.key.user ?? "",
          enter: { frame: frameOf("requests"), chips: [`user:${row?.key.user}`] },
        },
      };
    });
  },
};

/** Requests in order, a page at a time. */
const requestsPane: Pane = {
  id: "requests",
  digit: "6",
  title: "requests",
  about: "one row per request",
  commands: [],
  params: (args) => {
    if (args === "bad") throw new Error("requests knows no “bad”");
    return args === "" ? {} : { args };
  },
  asks: (context) => ({
    rows: {
      kind: "rows",
      filter: context.filter,
      ...(context.window === null ? {} : { window: context.window }),
      anchor: context.app.follow ? "newest" : "oldest",
      before: context.app.follow ? 200 : 0,
      after: 200,
    },
  }),
  view(context, answers) {
    const result = answers["rows"]?.value as RowsResult<RequestFacts> | undefined;
    const rows = result?.rows ?? [];
    const frame = context.app.follow
      ? { ...context.frame, cursorId: null, cursorIndex: rows.length - 1 }
      : context.frame;
    const ids = rows.map((row) => String(row.seq));
    const view = listView(frame, context.height, ids, result?.first ?? 0, result?.total ?? 0, (at) => {
      const row = rows[at];
      return {
        text: `${row?.seq} ${row?.user} ${row?.verb} ${row?.name} ${row?.code}`,
        selection: {
          copy: row?.name ?? "",
          seq: row?.seq ?? 0,
          timeUs: row?.receivedUs ?? 0,
          object: { name: `pods/${row?.name}`, namespace: row?.namespace ?? "" },
        },
      };
    });
    return {
      ...view,
      seekable: true,
      live: true,
      commandLine: "ktrail events audit.log",
      summary: `${result?.total ?? 0} requests`,
    };
  },
};

function listView(
  frame: Parameters<typeof cursorIndex>[0],
  height: number,
  ids: readonly string[],
  first: number,
  count: number,
  row: (at: number) => { text: string; selection: PaneView["selection"] },
): PaneView {
  const cursor = cursorIndex(frame, { count, top: first, page: height, ids });
  const top = Math.max(first, Math.min(cursor, Math.max(frame.top, cursor - height + 1)));
  const shown = ids.slice(top - first, top - first + height);
  return {
    lines: shown.map((_, at) => [{ text: row(top - first + at).text }]),
    cursorLine: count === 0 ? null : cursor - top,
    rows: { count, top, page: height, ids: shown },
    selection: count === 0 ? {} : row(cursor - first).selection,
  };
}

export const samplePanes: readonly Pane[] = [usersPane, requestsPane];
