// ink-table only works bundled: this is the entry of such a bundle, for test/ui/inputs-table.test.ts.
export { inputsTable } from "../../src/ui/inputs-table.tsx";
