import { terraformErrors } from "../../analysis/terraform-errors";

test("what Terraform writes itself is told, without what it quotes", () => {
  const stderr = `
Error: Extraneous JSON object property

  on main.tf.json line 1, in resource.proxmox_virtual_environment_user.a:
   1: {"password": "s3cret"}

  with proxmox_virtual_environment_user.a["b"],

Error: the password s3cret is too short
`;
  expect(terraformErrors("plan", stderr)).toEqual({
    headings: ["Extraneous JSON object property"],
    addresses: ['proxmox_virtual_environment_user.a["b"]'],
    outage: false,
  });
});

test("frames and colours of a terminal are looked through", () => {
  const stderr = "│ Error: Failed to load plugin schemas\n│ \n│   with data.terraform_remote_state.a,\n";
  expect(terraformErrors("plan", stderr)).toMatchObject({
    headings: ["Failed to load plugin schemas"],
    addresses: ["data.terraform_remote_state.a"],
  });
});

test.each([
  ["http", "init", "Error: Error refreshing state: Failed to get state: GET http://a giving up after 1 attempt(s)"],
  ["s3", "init", "Error: Failed to get existing workspaces: Unable to list objects in S3 bucket"],
  ["pg", "init", "Error: dial tcp 10.0.0.1:5432: connect: connection refused"],
  ["remote state", "plan", "Error: Failed to get state: GET http://a giving up"],
])("a state out of reach of the backend %s is an outage", (_, command, stderr) => {
  expect(terraformErrors(command, stderr).outage).toBe(true);
});

test("an API out of reach of a provider is none: that is for one stack to say", () => {
  expect(terraformErrors("plan", "Error: dial tcp 10.0.0.1:8006: connect: connection refused").outage).toBe(false);
});
