import type { Filter, TimeWindow } from "../../queries/contract.ts";
import type { Asks, Neighbours } from "../contract.ts";
import type { Desk } from "./desk.ts";

const AROUND_US = 1_000_000;

function is(field: string, text: string): Filter {
  return { op: "match", field, tests: [{ kind: "literal", text }] };
}

export async function answerNeighbours(
  { store }: Desk,
  { seq, each }: Asks["neighbours"]["ask"],
  signal: AbortSignal,
): Promise<Asks["neighbours"]["answer"]> {
  const [facts = null] = await store.facts([seq]);
  if (facts === null) return null;
  const { receivedUs, user, ip, resource, namespace, name } = facts;
  const around = { fromUs: receivedUs - AROUND_US, toUs: receivedUs + AROUND_US };
  const near = async (terms: readonly Filter[], window?: TimeWindow): Promise<Neighbours> => {
    const around = { order: "arrival", anchor: { seq }, before: each, after: each + 1 } as const;
    const inTime = window === undefined ? {} : { window };
    const page = await store.rows({ filter: { op: "and", terms }, ...inTime, ...around }, signal);
    return { others: Math.max(0, page.total - 1), rows: page.rows.filter((row) => row.seq !== seq) };
  };
  const isObject = resource !== "" && name !== "";
  const isTimed = Number.isFinite(receivedUs);
  return {
    object: isObject ? await near([is("resource", resource), is("ns", namespace), is("name", name)]) : null,
    client: isTimed ? await near([user === "" ? is("ip", ip) : is("user", user)], around) : null,
  };
}
