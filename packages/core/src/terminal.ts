import type { Choice } from "@meshauth/provider-api";

/** A line for people. None of it is data: it goes to standard error. */
export interface Notice {
  readonly kind: "warning" | "plain";
  readonly message: string;
}

/** What the person sees while a browser login is under way. */
export interface WaitView {
  readonly link: string;
  /** What to type at the link, or to compare with what its page shows. */
  readonly code?: string;
  /** Why no browser is opened here; absent when one will be. */
  readonly obstacle?: string;
  /** The command that makes this machine's port reachable from the person's own: over SSH, or into a codespace or a pod. */
  readonly tunnel?: string;
  /** What to know about that command: a sentence. */
  readonly tunnelNote?: string;
  /** A line for when nothing comes back. */
  readonly hint?: string;
  /**
   * What to do when the provider keeps the browser instead of sending it back. It is shown when the wait has
   * become long, and once more at half time.
   */
  readonly late?: string;
  /**
   * Whether the sign-in can be finished on another device, so that a QR code of the link is of use. A page that
   * ends at this machine's loopback address cannot be reached from a phone.
   */
  readonly qr?: boolean;
  /** Milliseconds left. */
  timeLeft(): number;
  /** Takes a pasted line; an answer is the reason why it was not taken. Absent where there is nothing to paste. */
  paste?(text: string): string | undefined;
  /** Opens the link again, and tells by {@link WaitScreen.opened}; absent where no browser is opened. */
  reopen?(): void;
}

/** The wait as it stands on the screen. */
export interface WaitScreen {
  /** A browser was started, or could not be; it may be told more than once. */
  opened(success: boolean): void;
  /**
   * Takes it off the screen. What is typed is dropped unseen until the next question, or the end of the process.
   *
   * @param taken - Whether a callback or a paste ended the wait, which is now looked at.
   */
  end(taken?: boolean): void;
}

/** The person at the terminal, or the absence of one. */
export interface Terminal {
  /** Whether questions can be asked: input and error stream are terminals and nothing forbids it. */
  readonly interactive: boolean;
  notify(notice: Notice): void;
  /** @throws MeshauthError `MESHAUTH_E_INTERACTION` where nobody can be asked, `MESHAUTH_E_INTERRUPTED` when they leave. */
  ask(question: { message: string; secret?: boolean }, signal: AbortSignal): Promise<string>;
  confirm(question: { message: string; initial?: boolean }, signal: AbortSignal): Promise<boolean>;
  choose(
    question: { message: string; choices: readonly Choice[]; initial?: string },
    signal: AbortSignal,
  ): Promise<string>;
  /**
   * Prints the link and shows the wait.
   *
   * @param leave - Called when the person wants to leave.
   */
  wait(view: WaitView, leave: () => void): Promise<WaitScreen>;
  /** All of standard input, cut after `limit` bytes and one more. */
  readStdin(limit: number, signal: AbortSignal): Promise<Uint8Array>;
}
