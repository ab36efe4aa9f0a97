import { type EraRules, inCasing } from "./era.js";

/** A made-up person with an account at the simulated cloud. */
export interface User {
  /** UUID. */
  readonly id: string;
  /** The short id of older servers. */
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** Who vouches for the person: `github`, `google`. Not the Meshery provider. */
  readonly identityProvider: string;
}

/** The accounts that every simulated cloud has. The first is the default. */
export const USERS: readonly User[] = [
  {
    id: "5b1f7c1e-8f0a-4c2b-9d5e-1a6d3c9b7e01",
    userId: "mira-solberg",
    firstName: "Mira",
    lastName: "Solberg",
    email: "mira.solberg@example.com",
    identityProvider: "github",
  },
  {
    id: "9c4a2d70-3e5b-4f18-8a7c-6b2f0d8e4c02",
    userId: "tomas-okafor",
    firstName: "Tomas",
    lastName: "Okafor",
    email: "tomas.okafor@example.org",
    identityProvider: "google",
  },
  {
    id: "e27d9b35-6a1c-4d84-b0f3-8c5e7a1f2d03",
    userId: "yuki-brandt",
    firstName: "Yuki",
    lastName: "Brandt",
    email: "yuki.brandt@example.net",
    identityProvider: "github",
  },
];

/** Finds an account by id, short id or email. */
export function findUser(users: readonly User[], key: string): User | undefined {
  return users.find((user) => user.id === key || user.userId === key || user.email === key);
}

/** The JSON of a user, as the era spells it. */
export function userJson(rules: EraRules, user: User, at: Date): Record<string, unknown> {
  const time = at.toISOString();
  return inCasing(rules, {
    id: user.id,
    ...(rules.casing === "snake" ? { userId: user.userId } : {}),
    provider: user.identityProvider,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    avatarUrl: "",
    status: "active",
    bio: "",
    roleNames: ["user"],
    ...(rules.casing === "camel" ? { createdAt: time, updatedAt: time, lastLoginTime: time } : {}),
  });
}
