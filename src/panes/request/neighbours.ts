import type { Asks, Neighbours } from "../../engine/contract.ts";
import { pathOf } from "../../events/object-key.ts";
import { objectName } from "../../events/object-name.ts";
import type { RequestFacts } from "../../events/request.ts";
import { fitText } from "../../models/display-width.ts";
import { line, span } from "../../models/line.ts";
import { count } from "../../models/numbers.ts";
import { deltaTime } from "../../models/times.ts";
import type { Line } from "../../models/view.ts";
import { codeText } from "../requests/table.ts";
import { actorTone, codeTone } from "../tones.ts";
import type { CardWriter } from "./card-line.ts";

export type NeighboursAnswer = Asks["neighbours"]["answer"];

/** Lists are short: `o` and `O` open all of it. */
export const NEIGHBOURS_EACH = 3;

/** What came just before and after: to the same object, and by the same client within a second. Enter opens one. */
export function neighbourLines(card: CardWriter, facts: RequestFacts, answer: NeighboursAnswer): void {
  if (answer === null || (answer.object === null && answer.client === null)) return;
  card.heading("around", "Around it");
  if (answer.object !== null) {
    list(card, facts, answer.object, "same object", "o: its trail", (other) => [
      span(fitText(card.safe(other.verb), 7), "normal"),
      span(other.subresource === "" ? "" : `/${card.safe(other.subresource)} `, "accent"),
      span(card.safe(other.user), actorTone(other.actorClass)),
    ]);
  }
  if (answer.client !== null) {
    const title = facts.user === "" ? "same address ±1 s" : "same user ±1 s";
    list(card, facts, answer.client, title, "O: all by this user", (other) => [
      span(fitText(card.safe(other.verb), 7), "normal"),
      span(card.safe(objectName(other) || pathOf(other.uri)), "normal"),
    ]);
  }
}

function list(
  card: CardWriter,
  facts: RequestFacts,
  { others, rows }: Neighbours,
  title: string,
  hint: string,
  tell: (other: RequestFacts) => Line,
): void {
  const left = others - rows.length;
  const rest = left > 0 ? `  ${count(left)} more, ${hint}` : "";
  const none = others === 0 ? "  nothing else" : "";
  card.text(title, line(span(title, "muted"), span(`${none}${rest}`, "muted")));
  for (const other of rows) {
    const when = deltaTime(other.receivedUs / 1_000, facts.receivedUs / 1_000);
    card.text(
      `${title}:${other.seq}`,
      line(
        span(`${when.padStart(10)}  `, "muted"),
        span(`${fitText(codeText(other), 5)} `, codeTone(other.code)),
        ...tell(other),
      ),
      { seq: other.seq },
    );
  }
}
