import { renderToString } from "ink";
import type { InputRow } from "../../src/ui/info-pane.ts";
import { InputsTable } from "../../src/ui/inputs-table.tsx";

// ink-table only works bundled: this is the entry of such a bundle, for test/ui/inputs-table.test.ts.
export function drawInputs(rows: readonly InputRow[], unicode: boolean): string {
  return renderToString(<InputsTable rows={rows} unicode={unicode} />, { columns: 100 });
}
