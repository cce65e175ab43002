import { COLUMNS, columnOf } from "../table/columns.ts";

/** The text of a fact that has a column: what is an Enum compares with its own words alone. */
export function textOf(fact: string): string {
  const column = columnOf(fact);
  const isText = COLUMNS.some(({ name, type }) => name === column && type.includes("String"));
  return isText ? column : `toString(${column})`;
}

/** Of a column of times µs since the epoch; 0 is none. */
export function microsOf(column: string): string {
  return `toUnixTimestamp64Micro(${column})`;
}

export function hasTime(column: string): string {
  return `${microsOf(column)} != 0`;
}
