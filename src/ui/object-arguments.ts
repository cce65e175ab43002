import type { Engine } from "../engine/contract.ts";
import type { ObjectsResult } from "../store/store.ts";
import type { Offer } from "./completer.ts";

type ObjectRow = ObjectsResult["rows"][number];

/** More are looked through than offered: only those that start or hold what is typed fit. */
const LOOKED_THROUGH = 200;

/** Objects as commands take them, `deploy/nginx -n demo`, for what is typed of one: `deploy/ng`, `ng`. Most requested first. */
export async function objectArguments(
  engine: Engine,
  typed: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Offer[]> {
  const slash = typed.indexOf("/");
  const kind = slash < 0 ? "" : typed.slice(0, slash);
  const name = typed.slice(slash + 1).toLowerCase();
  const ofKind = {
    filter: { op: "match" as const, field: "resource", tests: [{ kind: "exact" as const, text: kind }] },
  };
  const ask = { text: name, limit: LOOKED_THROUGH, ...(kind === "" ? {} : ofKind) };
  const { rows } = await engine.ask("objects", ask, signal);
  const rank = (row: ObjectRow): number => {
    const own = row.name.toLowerCase();
    return own.startsWith(name) ? 0 : own.includes(name) ? 1 : 2;
  };
  return rows
    .filter((row) => rank(row) < 2)
    .toSorted((a, b) => rank(a) - rank(b) || b.requests - a.requests)
    .slice(0, limit)
    .map((row) => ({
      text: `${kind === "" ? row.resource : kind}/${row.name}${row.namespace === "" ? "" : ` -n ${row.namespace}`}`,
      detail: String(row.requests),
    }));
}
