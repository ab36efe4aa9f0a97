/** What is typed behind `meshauth login`. */
export const ID = "lantern";

/** The name that Meshery Servers know Lantern by: `meshery-provider` in auth.json. */
export const SERVER_NAME = "Lantern";

/** The name under which Lantern knows this program. It has no secret: RFC 8252 section 8.4. */
export const CLIENT_ID = "meshauth";

/** Lantern's servers, as package.json declares them. */
export const REGIONS = {
  eu: { name: "Europe", origin: "https://eu.lantern.example" },
  us: { name: "United States", origin: "https://us.lantern.example" },
} as const;

/** How API tokens begin. */
export const API_TOKEN_PREFIX = "lantern_";
