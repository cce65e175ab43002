import type { RequestFacts } from "../../events/request.ts";
import { factsOf } from "../../index/facts.ts";
import type { Filter, TimeWindow } from "../../queries/contract.ts";
import type { Asks, Neighbours } from "../contract.ts";
import type { Desk } from "./desk.ts";
import { run } from "./queries.ts";

const AROUND_US = 1_000_000;

function is(field: string, text: string): Filter {
  return { op: "match", field, tests: [{ kind: "literal", text }] };
}

export async function answerNeighbours(
  desk: Desk,
  { seq, each }: Asks["neighbours"]["ask"],
  signal: AbortSignal,
): Promise<Asks["neighbours"]["answer"]> {
  const place = desk.ring.locate(seq);
  if (place === null) return null;
  const facts = factsOf(desk.ring, place.block, place.row);
  const { receivedUs, user, ip, resource, namespace, name } = facts;
  const around = { fromUs: receivedUs - AROUND_US, toUs: receivedUs + AROUND_US };
  const near = async (terms: readonly Filter[], window?: TimeWindow): Promise<Neighbours> => {
    const page = await run(
      desk.queries.rows({
        filter: { op: "and", terms },
        ...(window === undefined ? {} : { window }),
        order: "arrival",
        anchor: { seq },
        before: each,
        after: each + 1,
      }),
      signal,
    );
    const rows = page.rows.flatMap((other): RequestFacts[] => {
      const found = other === seq ? null : desk.ring.locate(other);
      return found === null ? [] : [factsOf(desk.ring, found.block, found.row)];
    });
    return { others: Math.max(0, page.total - 1), rows };
  };
  const isObject = resource !== "" && name !== "";
  const isTimed = Number.isFinite(receivedUs);
  return {
    object: isObject ? await near([is("resource", resource), is("ns", namespace), is("name", name)]) : null,
    client: isTimed ? await near([user === "" ? is("ip", ip) : is("user", user)], around) : null,
  };
}
