import type { Instance, SuspendTerminal } from "ink";
import { selectable } from "./copying.ts";
import type { DisplayStream, Surface } from "./surface.ts";
import type { KeyInput } from "./terminal/key-input.ts";
import { type Ending, stopJob } from "./terminal/lifecycle.ts";
import { MOUSE_OFF, MOUSE_ON } from "./terminal/mouse-input.ts";

/**
 * ECMA-48's BDSM: terminals that reorder right-to-left text by themselves would carry the numbers beside a Hebrew or Arabic
 * name into another column. What is shown stands where it was put; others ignore it.
 */
const AS_WRITTEN = "\u001b[8l";
const BY_TERMINAL = "\u001b[8h";

export interface TenancyOptions {
  readonly stdout: DisplayStream;
  readonly surface: Surface;
  readonly keys: KeyInput;
  readonly unicode: boolean;
  readonly mouse: boolean;
  /** The screen may have another size. */
  readonly onSize: () => void;
}

/** The explorer's time on the terminal: it comes, lends the terminal out and takes it back, and leaves, however it ends. */
export class Tenancy {
  private readonly options: TenancyOptions;
  private readonly modesOn: string;
  private readonly modesOff: string;
  private instance: Instance | null = null;
  private suspendTerminal: SuspendTerminal | null = null;
  private isLent = false;
  private hasLeft = false;
  private how: Ending = { kind: "quit" };
  /** Ends the wait for a key while a text stands on the terminal itself. */
  private stopWaiting = (): void => {};

  constructor(options: TenancyOptions) {
    this.options = options;
    const { unicode, mouse } = options;
    // What Ink knows nothing of.
    this.modesOn = `${unicode ? AS_WRITTEN : ""}${mouse ? MOUSE_ON : ""}`;
    this.modesOff = `${mouse ? MOUSE_OFF : ""}${unicode ? BY_TERMINAL : ""}`;
  }

  get ending(): Ending {
    return this.how;
  }

  readonly lendBy = (suspendTerminal: SuspendTerminal): void => {
    this.suspendTerminal = suspendTerminal;
  };

  /** Ink has drawn its first frame. */
  begin(instance: Instance): void {
    this.instance = instance;
    if (this.hasLeft) instance.unmount();
    else this.takeModes();
  }

  /** Something else owns the terminal until `work` is done. */
  lend(work: () => Promise<void>): void {
    if (this.isLent || this.suspendTerminal === null) return;
    this.isLent = true;
    this.options.surface.hold();
    this.giveModesBack();
    this.suspendTerminal(work)
      .catch((error: unknown) => this.end({ kind: "crash", error }))
      .finally(() => {
        this.isLent = false;
        if (this.hasLeft) this.instance?.unmount();
        else {
          this.takeModes();
          this.resized();
        }
      });
  }

  /** As the terminal's own ctrl-z does. */
  readonly stop = (): void => this.lend(stopJob);

  /** Continued after a stop that was not ours: nothing is known of the terminal. */
  readonly takeBack = (): void => this.lend(() => Promise.resolve());

  /** A text on the terminal itself, until a key is pressed. */
  show(text: string): void {
    const { stdout, keys, unicode } = this.options;
    this.lend(async () => {
      stdout.write(selectable(text, unicode));
      await Promise.race([keys.typed(), new Promise<void>((resolve) => (this.stopWaiting = resolve))]);
      if (this.hasLeft) stdout.write("\n");
    });
  }

  /** Terminals move rows about when their size changes, each in its own way, and Ink clears some: all is drawn again behind that. */
  readonly resized = (): void => {
    const { instance } = this;
    if (instance === null || !this.isHere) return;
    const { surface, onSize } = this.options;
    surface.hold();
    onSize();
    instance.waitUntilRenderFlush().then(
      () => this.repaint(),
      () => {},
    );
  };

  /** Starts from an empty screen, whatever is there. */
  repaint(): void {
    if (this.isHere) this.options.surface.release();
  }

  end(how: Ending): void {
    if (this.how.kind === "quit") this.how = how;
    this.leave();
  }

  leave(): void {
    this.hasLeft = true;
    this.options.surface.hold();
    // A terminal that is lent is taken back first: Ink would restore it twice, and put the cursor where it was before.
    if (this.isLent) this.stopWaiting();
    else this.instance?.unmount();
  }

  giveModesBack(): void {
    if (this.how.kind !== "gone") this.write(this.modesOff);
  }

  private get isHere(): boolean {
    return !this.isLent && !this.hasLeft;
  }

  private takeModes(): void {
    this.write(this.modesOn);
  }

  private write(modes: string): void {
    if (modes !== "") this.options.stdout.write(modes);
  }
}
