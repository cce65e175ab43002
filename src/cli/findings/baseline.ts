import { createHash } from "node:crypto";
import { EXPECTED } from "../../findings/expected.ts";
import type { Expectation, Finding } from "../../findings/contract.ts";
import { MATCH_ALL } from "../../queries/contract.ts";
import { KtrailError } from "../../errors.ts";
import type { Invocation } from "../contract.ts";
import { askWhole } from "../whole-engine.ts";

/** Names that controllers make up end like this: another run has others. */
const GENERATED = /-(?:[a-z\d]{8,10}-)?[a-z\d]{5}$/;

/** The same for the same trouble of the same subject in another log. */
export function keyOf({ id, attempt = false, subject }: Pick<Finding, "id" | "attempt" | "subject">): string {
  const { user, ip, resource, namespace, object = "", apiserver } = subject;
  const place = user === undefined || user === "" ? ip : user;
  const parts = [id, attempt, place, resource, namespace, object.replace(GENERATED, ""), apiserver];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** What a known-good log has. Throws KT200 when it cannot be read. */
export async function baselineOf(
  path: string,
  invocation: Invocation,
  expectations: readonly Expectation[],
): Promise<ReadonlySet<string>> {
  return askWhole({ inputs: [path] }, invocation, async (engine) => {
    const fault = engine.status.inputs.map(({ error }) => error).find((error) => typeof error === "string");
    if (typeof fault === "string") throw new KtrailError("KT200", `--baseline: ${fault}`);
    const { findings } = await engine.ask("findings", {
      filter: MATCH_ALL,
      expectations: [...expectations, ...EXPECTED],
      auditIDs: 0,
    });
    return new Set(findings.map(keyOf));
  });
}
