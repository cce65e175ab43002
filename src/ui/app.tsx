import { Box, useApp, useInput, usePaste } from "ink";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import type { Pane } from "../panes/contract.ts";
import { composeScreen } from "./compose.ts";
import { InputsScreen } from "./inputs-screen.tsx";
import type { Painter } from "./paint.ts";
import { Rows } from "./rows.tsx";
import type { Shell } from "./shell.ts";
import { keyPresses } from "./terminal/key-names.ts";

export interface AppProps {
  readonly shell: Shell;
  readonly paint: Painter;
  readonly paneOf: (id: string) => Pane | undefined;
  readonly unicode: boolean;
  /** Hands over what suspends Ink's hold on the terminal, which only a component can reach. */
  readonly onReady: (suspend: ReturnType<typeof useApp>["suspendTerminal"]) => void;
}

/** The only component with input. Every row is painted before React sees it. */
export function App({ shell, paint, paneOf, unicode, onReady }: AppProps): ReactNode {
  const { exit, suspendTerminal } = useApp();
  const snapshot = useSyncExternalStore(shell.subscribe, shell.snapshot);
  useInput((input, key) => shell.press(keyPresses(input, key)));
  usePaste((text) => shell.paste(text));
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  useEffect(() => {
    if (snapshot.state.quitting) exit();
  }, [snapshot.state.quitting, exit]);

  const { columns, rows } = snapshot.state.size;
  const screen = composeScreen(snapshot, paint, paneOf);
  const isInputs = snapshot.pane.id === "info" && snapshot.layout !== null && snapshot.state.prompt === null;
  return (
    <Box width={columns} height={rows} flexDirection="column" overflow="hidden">
      <Rows rows={screen.head} />
      {isInputs ? (
        <InputsScreen snapshot={snapshot} paint={paint} unicode={unicode} fallback={<Rows rows={screen.body} />} />
      ) : (
        <Rows rows={screen.body} />
      )}
      <Rows rows={screen.foot} />
    </Box>
  );
}
