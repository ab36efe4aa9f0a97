// Stands in for a browser and the person in front of it: opens a sign-in link of the simulated cloud, signs in, and
// follows the way back to the waiting command. Used as MESHAUTH_BROWSER.
import { visitLogin } from "@meshauth/meshery-simulator";

const { status } = await visitLogin(process.argv[2] ?? "");
process.exit(status === 200 ? 0 : 1);
