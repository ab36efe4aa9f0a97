import type { Host } from "@meshauth/provider-api";
import { readAnswer, textOf } from "./answer.js";
import { CLIENT_ID, optionalSeconds, post } from "./tokens.js";

/** The longest that a code is good for here, and the longest pause between two questions, in milliseconds. */
const MOST = 900_000;

/** What the person and the program need to know (RFC 8628 section 3.2). */
export interface Device {
  /** A secret: whoever has it gets the tokens. */
  readonly deviceCode: string;
  /** What the person types. */
  readonly userCode: string;
  /** Where the person types it. */
  readonly verificationUri: string;
  /** Milliseconds between two questions. */
  readonly interval: number;
  /** When the codes stop to be good. */
  readonly end: Date;
}

/** Asks for the codes. */
export async function startDevice(origin: string, host: Host): Promise<Device> {
  const answer = await post(`${origin}/device_authorization`, { client_id: CLIENT_ID }, host);
  const body = readAnswer(answer);
  const deviceCode = textOf(body, "device_code");
  host.secret(deviceCode);
  return {
    deviceCode,
    userCode: textOf(body, "user_code"),
    verificationUri: textOf(body, "verification_uri"),
    interval: Math.min(optionalSeconds(body, "interval") ?? 5000, MOST),
    end: new Date(host.now().getTime() + Math.min(optionalSeconds(body, "expires_in") ?? MOST, MOST)),
  };
}

/**
 * How long to wait before the next question, in milliseconds; `undefined` when the last answer ended the wait
 * (RFC 8628 section 3.5).
 */
export function nextInterval(interval: number, error: string | undefined): number | undefined {
  if (error === "authorization_pending") return interval;
  return error === "slow_down" ? interval + 5000 : undefined;
}
