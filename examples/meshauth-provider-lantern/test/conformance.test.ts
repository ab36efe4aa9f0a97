import { fileURLToPath } from "node:url";
import { describeProvider } from "@meshauth/provider-testkit/vitest";

// What every provider has to do, one test for each case of the kit; meshauth.conformance.js says how to sign in.
describeProvider(fileURLToPath(new URL("..", import.meta.url)));
