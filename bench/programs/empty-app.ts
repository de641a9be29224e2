/** What a CDK for Terraform app costs that does nothing: one stack without content. */
import { App, TerraformStack } from "cdktf";

const app = new App();
new TerraformStack(app, "empty");
app.synth();
