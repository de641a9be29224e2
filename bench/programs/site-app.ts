/** Synthesizes the site of as many nodes as the argument says; for 0, loads the same and writes an empty stack. */
import { App, TerraformStack } from "cdktf";
import { addSite } from "../site";

const nodes = Number(process.argv[2]);
const app = new App();
if (nodes === 0) {
  new TerraformStack(app, "empty");
} else {
  addSite(app, nodes);
}
app.synth();
