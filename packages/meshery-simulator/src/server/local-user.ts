import { type EraRules, inCasing } from "../era.js";

/** The user of the local provider, who is the same for everyone. */
export function localUser(rules: EraRules): Record<string, unknown> {
  return inCasing(rules, {
    ...(rules.casing === "snake"
      ? { userId: "meshery" }
      : { id: "00000000-0000-0000-0000-000000000000", email: "meshery@meshery.local" }),
    firstName: "Meshery",
    lastName: "Meshery",
    avatarUrl: "",
    provider: "",
  });
}
