import { createContext, use, useSyncExternalStore } from "react";
import type { Pane } from "../../panes/contract.ts";
import type { Layout } from "../layout.ts";
import type { Painter } from "../paint.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Surface } from "../surface.ts";

/** What the regions show: the shell, as far as they know it. */
export interface Shown {
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => Snapshot;
}

/** What every region draws with. */
export interface Drawing {
  readonly shown: Shown;
  readonly paint: Painter;
  readonly paneOf: (id: string) => Pane | undefined;
  readonly unicode: boolean;
  /** Null: Ink itself draws the rows, as text. */
  readonly surface: Surface | null;
}

/** Provided by whoever puts up a screen. */
export const DrawingContext = createContext<Drawing | null>(null);
/** Provided by the screen, as long as there is room for one. */
export const LayoutContext = createContext<Layout>({ width: 0, hasChips: false, body: 0 });

export function useDrawing(): Drawing {
  const drawing = use(DrawingContext);
  if (drawing === null) throw new Error("regions stand on a screen");
  return drawing;
}

/** What a component depends on of the snapshot: it is rendered again when that is another value, and for nothing else. */
export function useShown<T>(select: (snapshot: Snapshot) => T): T {
  const { shown } = useDrawing();
  return useSyncExternalStore(shown.subscribe, () => select(shown.snapshot()));
}
