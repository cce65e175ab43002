import type { Command, CommandContext } from "../commands/contract.ts";
import { lineWidth } from "../models/line.ts";
import type { Line, Span } from "../models/view.ts";

const GLYPHS: Readonly<Record<string, string>> = { enter: "⏎", up: "↑", down: "↓", left: "←", right: "→" };

/** A key as people write it. */
export function keyLabel(key: string, unicode: boolean): string {
  return unicode ? (GLYPHS[key] ?? key) : key;
}

/** What everybody needs to find everywhere: always last on the right. */
const ALWAYS: readonly string[] = ["filter.edit", "program.help"];

/** Keys that work here, the pane's own first; what doesn't fit is dropped, with a mark. The filter and help always fit. */
export function footerLine(commands: readonly Command[], context: CommandContext, width: number): Line {
  const unicode = context.pane.unicode;
  const usable = commands.filter(
    (command) => command.short !== undefined && (command.disabledReason?.(context) ?? null) === null,
  );
  const last = usable
    .filter(({ id }) => ALWAYS.includes(id))
    .toSorted((a, b) => ALWAYS.indexOf(a.id) - ALWAYS.indexOf(b.id));
  const tail = last.flatMap((command, at) => [...(at === 0 ? [] : [{ text: "  " }]), ...entry(command, unicode)]);
  const spans: Span[] = [{ text: " " }];
  // Behind the last key: the mark, a blank before the tail, and one after it.
  const room = width - lineWidth(tail) - 3;
  let isCut = false;
  for (const command of usable) {
    if (last.includes(command)) continue;
    const next = entry(command, unicode);
    if (lineWidth(spans) + lineWidth(next) + 2 > room) {
      isCut = true;
      break;
    }
    spans.push(...next, { text: "  " });
  }
  if (isCut) spans.push({ text: "…", tone: "muted" });
  const gap = Math.max(1, width - lineWidth(spans) - lineWidth(tail) - 1);
  return tail.length === 0 ? spans : [...spans, { text: " ".repeat(gap) }, ...tail];
}

function entry(command: Command, unicode: boolean): Span[] {
  return [
    { text: keyLabel(command.keys[0] ?? "", unicode), tone: "key" },
    { text: ` ${command.short ?? ""}`, tone: "muted" },
  ];
}
