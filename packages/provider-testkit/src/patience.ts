import { setTimeout as pause } from "node:timers/promises";

const STEPS = 10;

/**
 * Waits while this process runs. When the whole machine halts, a single timer would be up at once, before anything that
 * has come meanwhile is looked at; here a halt costs one step of ten.
 *
 * @param milliseconds - Altogether, at least.
 */
export async function patience(milliseconds: number): Promise<void> {
  for (let step = 0; step < STEPS; step += 1) await pause(milliseconds / STEPS, undefined, { ref: false });
}
