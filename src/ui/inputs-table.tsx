import { renderToString, Text } from "ink";
import * as inkTable from "ink-table";
import type { ComponentType, PropsWithChildren, ReactNode } from "react";
import { asciiText } from "../models/ascii.ts";
import type { Line } from "../models/view.ts";
import type { InputRow } from "./info-pane.ts";

interface TableProps {
  readonly data: InputRow[];
  readonly cell: ComponentType<PropsWithChildren>;
  readonly header: ComponentType<PropsWithChildren>;
  readonly skeleton: ComponentType<PropsWithChildren>;
}

/** CommonJS seen from an ES module: the component is one `default` deeper, bundled or not. */
const Table = defaultOf(defaultOf(inkTable)) as ComponentType<TableProps>;

function defaultOf(module: unknown): unknown {
  return typeof module === "object" && module !== null && "default" in module ? module.default : module;
}

/** The inputs as a bordered table. ink-table has neither widths nor scrolling: the caller sees to it that it fits. */
export function inputsTable(rows: readonly InputRow[], unicode: boolean, columns: number): readonly Line[] {
  const table = renderToString(<Table data={[...rows]} cell={Plain} header={Plain} skeleton={Plain} />, { columns });
  const heading = 1;
  return table.split("\n").map((text, at) => [{ text: unicode ? text : asciiText(text), bold: at === heading }]);
}

function Plain({ children }: PropsWithChildren): ReactNode {
  return <Text>{children}</Text>;
}
