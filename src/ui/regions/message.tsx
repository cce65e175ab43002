import { type ReactNode, use } from "react";
import { wrapLine } from "../../models/line.ts";
import { safeText } from "../../models/text-safety.ts";
import { LayoutContext, useDrawing, useShown } from "./drawing.ts";
import { Overlay } from "./region.tsx";

/** What the last key was answered, whole, over the footer and as many rows of the body as it takes. */
export function Message(): ReactNode {
  const { paint } = useDrawing();
  const { width, body } = use(LayoutContext);
  const message = useShown(({ state }) => state.message);
  if (message === null) return null;
  const lines = wrapLine([{ text: ` ${safeText(message.text)}`, tone: message.tone }], width);
  return <Overlay rows={lines.slice(-body - 1).map((line) => paint(line, width))} />;
}
