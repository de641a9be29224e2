/** A site with its state in an S3 store, whose key for the lock file cdktf 0.21 does not know and its successor does. */
import { App } from "cdktf";
import { ProxmoxSite, ProxmoxStack } from "../../../index";

const app = new App();
const site = new ProxmoxSite("home", {
  endpoint: "https://pve.example.com:8006",
  hosts: ["pve"],
  datastores: { local: { content: ["import"] } },
  state: { bucket: "terraform", region: "eu-central-1", endpoint: "https://s3.example.com" },
});
new ProxmoxStack(app, { site, image: { datastore: "local" } });
app.synth();
