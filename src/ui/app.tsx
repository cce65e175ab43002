import { Box, useApp, useInput, usePaste } from "ink";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import type { Display } from "./display.ts";
import { InputsScreen } from "./inputs-screen.tsx";
import type { Painter } from "./paint.ts";
import { Rows } from "./rows.tsx";
import type { Shell } from "./shell.ts";
import { keyPresses } from "./terminal/key-names.ts";

export interface AppProps {
  readonly shell: Shell;
  readonly display: Display;
  readonly paint: Painter;
  readonly unicode: boolean;
  /** Hands over what suspends Ink's hold on the terminal, which only a component can reach. */
  readonly onReady: (suspend: ReturnType<typeof useApp>["suspendTerminal"]) => void;
}

/** The only component with input. What stands above and below a widget is painted before React sees it; all but the foot is the surface's elsewhere. */
export function App({ shell, display, paint, unicode, onReady }: AppProps): ReactNode {
  const { suspendTerminal } = useApp();
  const { columns, rows, head, foot, table } = useSyncExternalStore(display.subscribe, display.frame);
  useInput((input, key) => shell.press(keyPresses(input, key)));
  usePaste((text) => shell.paste(text));
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return (
    <Box width={columns} height={rows} flexDirection="column" overflow="hidden">
      <Rows rows={head} />
      <Box flexGrow={1} flexDirection="column" overflow="hidden">
        {table === null ? null : <InputsScreen table={table} paint={paint} unicode={unicode} />}
      </Box>
      <Rows rows={foot} />
    </Box>
  );
}
