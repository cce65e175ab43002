import { type SuspendTerminal, useApp, useInput, usePaste } from "ink";
import { memo, type ReactNode, useEffect, useMemo, useSyncExternalStore } from "react";
import type { Painter } from "./paint.ts";
import { type Drawing, DrawingContext } from "./regions/drawing.ts";
import { Screen } from "./regions/screen.tsx";
import type { Shell } from "./shell.ts";
import { keyPresses } from "./terminal/key-names.ts";

export interface AppProps extends Omit<Drawing, "shown" | "paint"> {
  readonly shell: Shell;
  readonly painterOf: (theme: string) => Painter;
  /** Hands over what suspends Ink's hold on the terminal, which only a component can reach. */
  readonly onReady: (suspend: SuspendTerminal) => void;
}

/** The screen of the shell, and its keys. */
export function App({ shell, painterOf, onReady, paneOf, unicode, surface }: AppProps): ReactNode {
  const theme = useSyncExternalStore(shell.subscribe, () => shell.snapshot().state.theme);
  const drawing = useMemo(
    (): Drawing => ({ shown: shell, paint: painterOf(theme), paneOf, unicode, surface }),
    [shell, painterOf, theme, paneOf, unicode, surface],
  );
  return (
    <DrawingContext value={drawing}>
      <Keys shell={shell} onReady={onReady} />
      <Screen />
    </DrawingContext>
  );
}

/** The only component with input. */
const Keys = memo(function Keys({ shell, onReady }: Pick<AppProps, "shell" | "onReady">): ReactNode {
  const { suspendTerminal } = useApp();
  useInput((input, key) => shell.press(keyPresses(input, key)));
  usePaste((text) => shell.paste(text));
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return null;
});
