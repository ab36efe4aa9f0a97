import { isMeshauthError, type MeshauthError } from "../../src/errors/error.js";

/** The MeshauthError that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<MeshauthError> {
  try {
    await promise;
  } catch (error) {
    if (isMeshauthError(error)) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}
