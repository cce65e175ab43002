import { Text } from "ink";
import type { ReactNode } from "react";

/** Painted rows, one `<Text>` each. An empty row still takes its place. */
export function Rows({ rows }: { readonly rows: readonly string[] }): ReactNode {
  return rows.map((row, at) => (
    <Text key={at} wrap="truncate-end">
      {row === "" ? " " : row}
    </Text>
  ));
}
