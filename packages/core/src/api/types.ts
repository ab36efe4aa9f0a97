import type { TargetFlags } from "../runtime.js";

/** A request as it was typed. */
export interface ApiInput {
  readonly target: TargetFlags;
  /** In any case; default: GET, with data POST. */
  readonly method?: string;
  /** A path with or without the leading slash, or a full address of the server. */
  readonly path: string;
  /** The text of the body, `@FILE`, or `-` or `@-` for standard input. */
  readonly data?: string;
  /** Each `Name: value`. */
  readonly headers: readonly string[];
  /** Whether the status line and the headers come before the body. */
  readonly include: boolean;
  /** Milliseconds for everything. */
  readonly timeout: number;
}

/** Where an answer goes. */
export interface ApiOutput {
  /** Text before the body. It may be redacted. */
  head(text: string): void;
  /**
   * A piece of the body, as it came. The next one comes when this one has been taken.
   *
   * @returns `false` when nobody reads any more.
   */
  body(bytes: Uint8Array): Promise<boolean>;
}

/** An answer as one JSON document. */
export interface ApiDocument {
  readonly status: number;
  /** By lower-case name; several of one name are joined with a comma. No token is in them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The value of a JSON body; any other as text. */
  readonly body: unknown;
}
