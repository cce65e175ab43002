/** A value of a query as the client sends it. */
export type SqlValue = string | number | readonly string[] | readonly number[];

/**
 * Values of one query. Whatever people or logs chose goes to the server as a typed parameter: the methods give the place to write
 * into the SQL.
 */
export class SqlParams {
  readonly values: Record<string, SqlValue> = {};
  private readonly places = new Map<string, string>();

  text(value: string): string {
    return this.place("String", value);
  }

  texts(values: readonly string[]): string {
    return this.place("Array(String)", values);
  }

  /** What is no whole number goes by its bits: the server reads decimals to about the last digit only. */
  number(value: number): string {
    if (Number.isSafeInteger(value)) return this.place("Float64", value);
    const bits = Buffer.alloc(8);
    bits.writeDoubleLE(value);
    return `reinterpretAsFloat64(unhex(${this.text(bits.toString("hex"))}))`;
  }

  /** A whole number, within ±2^53. */
  integer(value: number): string {
    return this.place("Int64", value);
  }

  integers(values: readonly number[]): string {
    return this.place("Array(UInt64)", values);
  }

  /** µs since the epoch; what no DateTime64 can be is the nearest that one can. */
  time(us: number): string {
    const most = 9_223_372_036_854;
    return `fromUnixTimestamp64Micro(${this.integer(Math.min(most * 1e3, Math.max(-most, Math.round(us))))}, 'UTC')`;
  }

  private place(type: string, value: SqlValue): string {
    const key = JSON.stringify([type, value]);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const name = `p${this.places.size}`;
    const place = `{${name}:${type}}`;
    this.places.set(key, place);
    this.values[name] = value;
    return place;
  }
}
