import type { RequestDetail } from "../../engine/contract.ts";
import { execCommand } from "../../events/exec-command.ts";
import { pathOf } from "../../events/object-key.ts";
import { objectName } from "../../events/object-name.ts";
import type { RequestFacts } from "../../events/request.ts";
import { eventOf, partOf, textOf } from "../request/event-parts.ts";

/** A request in full: what it did and ran or was told, who, from where, with what. `detail`: of it, or of another one yet. */
export function previewText(facts: RequestFacts, detail: RequestDetail | null | undefined): string {
  const command = execCommand(facts.uri);
  const isOwn = detail !== null && detail !== undefined && detail.facts.seq === facts.seq;
  const message = isOwn ? textOf(partOf(eventOf(detail), "responseStatus", "message")) : "";
  const said = command === "" ? message : `runs ${command}`;
  const what = `${facts.verb} ${objectName(facts) || pathOf(facts.uri)}${said === "" ? "" : `: ${said}`}`;
  const who = facts.asFrom === "" ? facts.user : `${facts.user} ← ${facts.asFrom}`;
  return [what, who || "nobody", facts.ip, facts.useragent].filter((part) => part !== "").join(" · ");
}
