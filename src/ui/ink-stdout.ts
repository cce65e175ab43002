import { terminalSize } from "../terminal/size.ts";
import type { DisplayStream } from "./surface.ts";

/** The terminal as Ink gets it: never larger than what is drawn on, and of the usual size where it tells none. */
export class InkStdout {
  private readonly stdout: DisplayStream & {
    readonly isTTY?: boolean;
    readonly destroyed?: boolean;
    readonly writableEnded?: boolean;
  };

  constructor(stdout: DisplayStream) {
    this.stdout = stdout;
  }

  get columns(): number {
    return terminalSize(this.stdout).columns;
  }

  get rows(): number {
    return terminalSize(this.stdout).rows;
  }

  get isTTY(): boolean {
    return this.stdout.isTTY === true;
  }

  get writable(): boolean {
    return this.stdout.writable;
  }

  get writableEnded(): boolean {
    return this.stdout.writableEnded === true;
  }

  get destroyed(): boolean {
    return this.stdout.destroyed === true;
  }

  write(data: string, done?: () => void): boolean {
    return this.stdout.write(data, done);
  }

  on(event: string, listener: () => void): this {
    this.stdout.on(event, listener);
    return this;
  }

  off(event: string, listener: () => void): this {
    this.stdout.off(event, listener);
    return this;
  }
}
