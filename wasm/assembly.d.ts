// What the kernel uses of AssemblyScript's built-ins, as TypeScript sees it: enough for the type-checker and the linter.
// The compiler has its own.
type i8 = number;
type u8 = number;
type i32 = number;
type u32 = number;
type i64 = number;
type u64 = number;
type f64 = number;
type usize = number;
type bool = boolean;
interface v128 {
  readonly lanes: unique symbol;
}

declare function load<T extends number>(at: usize, offset?: usize): T;
declare function store<T extends number>(at: usize, value: T, offset?: usize): void;
declare function ctz<T extends number>(value: T): T;
declare function popcnt<T extends number>(value: T): T;
declare function rotl<T extends number>(value: T, bits: number): T;
/** Whether the bytes at `at` are these, at least eight: expanded by scripts/build-kernel.mjs. */
declare function isAt(at: usize, text: string): bool;

declare namespace memory {
  function copy(to: usize, from: usize, bytes: usize): void;
  function compare(a: usize, b: usize, bytes: usize): i32;
  function fill(at: usize, value: u8, bytes: usize): void;
}
declare namespace v128 {
  function load(at: usize, offset?: usize): v128;
  function store(at: usize, value: v128): void;
  function shuffle<T extends number>(a: v128, b: v128, ...lanes: number[]): v128;
  function and(a: v128, b: v128): v128;
  function or(a: v128, b: v128): v128;
  function any_true(a: v128): bool;
}
declare namespace i8x16 {
  function splat(byte: i8): v128;
  function eq(a: v128, b: v128): v128;
  function lt_u(a: v128, b: v128): v128;
  function bitmask(a: v128): i32;
}
declare namespace i32x4 {
  function add(a: v128, b: v128): v128;
}
declare namespace i64x2 {
  function splat(value: i64): v128;
  function add(a: v128, b: v128): v128;
  function extmul_low_i32x4_u(a: v128, b: v128): v128;
  function extract_lane(a: v128, lane: number): i64;
}
