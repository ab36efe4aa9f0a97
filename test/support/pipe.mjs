// Connects its streams with a socket in the file system: the ProxyCommand of an ssh without a network.
import { connect } from "node:net";

const socket = connect(process.argv[2]);
process.stdin.pipe(socket).pipe(process.stdout);
