import { cpus, loadavg, totalmem } from "node:os";

/** One topic's figures. Cells are text: numbers are formatted where they are measured. */
export interface Table {
  /** Marker in docs/performance.md. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell of a row is its name. */
  readonly rows: readonly (readonly string[])[];
  /** Sentences under the table: what was left out, and why. */
  readonly notes: readonly string[];
}

/** For the terminal: aligned columns, names left, figures right. */
export function plainTable({ title, columns, rows, notes }: Table): string {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return [
    title,
    "",
    line(columns),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
    ...notes.map((note) => `  ${note}`),
    "",
  ].join("\n");
}

export function markdownTable({ title, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    `**${title}**`,
    "",
    line(columns),
    line(columns.map((_, at) => (at === 0 ? "---" : "--:"))),
    ...rows.map(line),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `- ${note}`)]),
  ].join("\n");
}

/** When and on what was measured, and how many others wanted its processors. */
export function circumstances(command: string): string {
  const { length } = cpus();
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${figure(loadavg()[0] ?? Number.NaN)}, \`${command}\``;
}

export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function count(n: number): string {
  return n.toLocaleString("en-US");
}

export function times(value: number): string {
  return Number.isFinite(value) ? `${figure(value)}×` : "–";
}
