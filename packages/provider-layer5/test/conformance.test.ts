import { describeProvider } from "../../provider-testkit/src/vitest.js";
import { conformance } from "./support/conformance.js";

describeProvider(new URL("..", import.meta.url), { conformance });
