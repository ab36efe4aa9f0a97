import type { JWTPayload } from "jose";
import type { Reply } from "../issuer.js";

/** A server in the forms in which a program meets it. Addresses of the server are written as paths. */
export interface Shape {
  readonly name: string;
  /** The path of the issuer. */
  readonly issuer: string;
  /** The discovery document, without the issuer. Addresses on another host begin with `//`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What the answer in the browser holds besides `code` and `state`; `ISSUER` stands for the issuer. */
  readonly answer: Readonly<Record<string, string>>;
  /** Claims of the ID token besides the usual ones. */
  readonly claims?: JWTPayload;
  /** Without these members its keys come. */
  readonly keysWithout?: readonly string[];
  /** Whether a client of this kind has a secret. */
  readonly secret?: boolean;
  /** Whether a refresh token comes only with the scope `offline_access`. */
  readonly offlineScope: boolean;
  /** The refresh token of a renewal. */
  readonly renewal: "another" | "same" | "none";
  /** The answer to a device authorization request. */
  readonly device: Readonly<Record<string, unknown>>;
  /** How a poll is answered while nobody has decided. */
  readonly pending: Reply;
  /** How a poll is answered when the person has said no. */
  readonly declined: Reply;
}

/** A refusal of a token endpoint. */
export const error = (status: number, name: string): Reply => ({ status, body: { error: name } });
/** A device answer with what all have. */
export const code = (members: Readonly<Record<string, unknown>>) => ({
  device_code: "made-up-device-code",
  user_code: "WDJB-MJHT",
  expires_in: 600,
  interval: 5,
  ...members,
});
