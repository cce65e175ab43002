/** Conditions put together; `1` and `0` are the constants. */

export const TRUE = "1";
export const FALSE = "0";

export function anyOf(conditions: readonly string[]): string {
  const told = [...new Set(conditions)].filter((each) => each !== FALSE);
  if (told.includes(TRUE)) return TRUE;
  return joined(told, " OR ", FALSE);
}

export function allOf(conditions: readonly string[]): string {
  const told = [...new Set(conditions)].filter((each) => each !== TRUE);
  if (told.includes(FALSE)) return FALSE;
  return joined(told, " AND ", TRUE);
}

export function not(condition: string): string {
  if (condition === TRUE) return FALSE;
  return condition === FALSE ? TRUE : `NOT (${condition})`;
}

/** A condition known before. */
export function constant(isTrue: boolean): string {
  return isTrue ? TRUE : FALSE;
}

function joined(conditions: readonly string[], by: string, none: string): string {
  const [only] = conditions;
  if (only === undefined) return none;
  return conditions.length === 1 ? only : conditions.map((each) => `(${each})`).join(by);
}
