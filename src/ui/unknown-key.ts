import type { Action } from "../state/actions.ts";
import { keyLabel } from "./footer-line.ts";
import type { KeyPress } from "./terminal/key-names.ts";

/** A key that does nothing is answered: one may have meant another one, or another pane. */
export function nothingDone({ name }: KeyPress, unicode: boolean): Action {
  return {
    type: "message",
    text: `${keyLabel(name, unicode)} does nothing here: ? shows the keys that do`,
    tone: "info",
  };
}
