/** Every site of examples/ in one app. */
import { App } from "cdktf";
import { sites } from "../../../examples";

const app = new App();
for (const add of Object.values(sites)) {
  add(app);
}
app.synth();
