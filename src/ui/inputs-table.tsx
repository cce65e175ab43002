import { Text } from "ink";
import * as inkTable from "ink-table";
import type { ComponentType, PropsWithChildren, ReactNode } from "react";
import { asciiText } from "../models/ascii.ts";
import type { InputRow } from "./info-pane.ts";

export interface InputsTableProps {
  readonly rows: readonly InputRow[];
  readonly unicode: boolean;
}

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
export function InputsTable({ rows, unicode }: InputsTableProps): ReactNode {
  const plain = ({ children }: PropsWithChildren): ReactNode => (
    <Text>{unicode ? children : asciiText(textOf(children))}</Text>
  );
  const header = ({ children }: PropsWithChildren): ReactNode => <Text bold>{children}</Text>;
  return <Table data={[...rows]} cell={plain} header={header} skeleton={plain} />;
}

function textOf(children: ReactNode): string {
  return Array.isArray(children) ? children.map(textOf).join("") : String(children ?? "");
}
