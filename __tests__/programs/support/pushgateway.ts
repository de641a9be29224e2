import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../helpers/free-port";

/** The real Pushgateway, with nothing in it. */
export async function startPushgateway() {
  const port = await freePort();
  // Debian's keeps in a file of the machine what it was told, unless it is told otherwise.
  const options = [`--web.listen-address=127.0.0.1:${port}`, "--persistence.file="];
  const child = spawn("prometheus-pushgateway", options, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  const isUp = () =>
    metrics().then(
      () => true,
      () => false,
    );
  while (!(await isUp())) await setTimeout(50);
  const stop = () =>
    new Promise((resolve) => {
      child.on("close", resolve);
      child.kill();
    });
  return { url, metrics, stop };
}
