import type { Origin, Registry } from "@meshauth/core";
import type { Person } from "./first-use.js";
import type { TrustPlace } from "./standing.js";

/** Decides whether a plugin's code may run. */
export interface Admission {
  /**
   * A linked folder is the user's own work and is always admitted. An installed plugin is when its files are those
   * that were installed and somebody has allowed it to run.
   *
   * @param person - Who is asked when nobody has been asked yet; absent: then it is refused.
   * @throws MeshauthError `MESHAUTH_E_CONSENT`, `MESHAUTH_E_TAMPERED`; `MESHAUTH_E_INTERRUPTED` for a no; what keeps
   *   the answer from being recorded.
   */
  admit(plugin: { readonly name: string; readonly origin: Origin }, person?: Person): Promise<void>;
}

export interface AdmissionOptions extends TrustPlace {
  registry(): Registry;
  /** The commands of a plugin, as they are typed. */
  commandsOf(name: string): readonly string[];
  now(): Date;
}

/** An admission that looks at each plugin once. */
export function createAdmission(options: AdmissionOptions): Admission {
  const admitted = new Set<string>();
  return {
    async admit({ name, origin }, person) {
      if (origin !== "user" || admitted.has(name)) return;
      // Most commands run no plugin's code.
      const { decide } = await import("./decide.js");
      await decide(options, name, person);
      admitted.add(name);
    },
  };
}
