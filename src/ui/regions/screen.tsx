import { Box } from "ink";
import { memo, type ReactNode, useMemo } from "react";
import { infoOf } from "../info-pane.ts";
import { layoutFor } from "../layout.ts";
import type { Snapshot } from "../snapshot.ts";
import { Body } from "./body.tsx";
import { Context } from "./context.tsx";
import { LayoutContext, useShown } from "./drawing.ts";
import { Finder } from "./finder.tsx";
import { Footer } from "./footer.tsx";
import { Inputs } from "./inputs.tsx";
import { Message } from "./message.tsx";
import { Prompt } from "./prompt.tsx";
import { Status } from "./status.tsx";
import { TooSmall } from "./too-small.tsx";

/** All of a terminal: the regions from top to bottom, as tall together as it is, and what lies over the last of them. */
export const Screen = memo(function Screen(): ReactNode {
  const size = useShown(({ state }) => state.size);
  const isNarrowed = useShown(({ layout }) => layout?.hasChips === true);
  const layout = useMemo(() => layoutFor(size, isNarrowed), [size, isNarrowed]);
  return (
    <Box width={size.columns} height={size.rows} flexDirection="column" overflow="hidden">
      {layout === null ? (
        <TooSmall />
      ) : (
        <LayoutContext value={layout}>
          <Status />
          <Context />
          <Middle />
          <Footer />
          <Top />
        </LayoutContext>
      )}
    </Box>
  );
});

const MIDDLES = { body: Body, finder: Finder, inputs: Inputs };

function Middle(): ReactNode {
  const Chosen = MIDDLES[useShown(middleOf)];
  return <Chosen />;
}

function middleOf({ state, pane, answers }: Snapshot): keyof typeof MIDDLES {
  if (state.prompt?.kind === "find") return "finder";
  return pane.id === "info" && infoOf(answers) !== null ? "inputs" : "body";
}

function Top(): ReactNode {
  const isTyping = useShown(({ state }) => state.prompt !== null);
  return isTyping ? <Prompt /> : <Message />;
}
