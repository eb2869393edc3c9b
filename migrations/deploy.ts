// What `anchor migrate` runs: the steps of this folder, by the command `backstop`, on the cluster and with the wallet
// that Anchor was given. It asks before it sends anything, but on a local cluster. `backstop migrate --help` says more.

import { spawnSync } from "node:child_process";

/** What is used of Anchor's provider. */
interface Provider {
  connection: { rpcEndpoint: string; getGenesisHash(): Promise<string> };
}

/** The plan of a cluster, by its first block. Any other cluster is a local one. */
const PLANS: Record<string, string> = {
  "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d": "mainnet",
  EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: "devnet",
};

module.exports = async function (provider: Provider): Promise<void> {
  const { connection } = provider;
  const plan = PLANS[await connection.getGenesisHash()] ?? "localnet";
  const wallet = process.env.ANCHOR_WALLET;
  if (wallet === undefined) {
    throw new Error("ANCHOR_WALLET is not set: run this with `anchor migrate`, or set it to a keypair file");
  }
  const options = ["--plan", plan, "--url", connection.rpcEndpoint, "--keypair", wallet];
  // Elsewhere it shows the steps and asks: what is made there stays, and costs.
  if (plan === "localnet") {
    options.push("--yes");
  }
  const { error, status } = spawnSync("backstop", ["migrate", ...options], { stdio: "inherit" });
  if (error !== undefined) {
    throw new Error(`the command backstop does not run (${error.message}): cargo install --path crates/cli`);
  }
  if (status !== 0) {
    throw new Error(`backstop migrate --plan ${plan} ended with exit code ${status}`);
  }
};
