#!/usr/bin/env node
/** `drift` by itself: bundled into one file for images that have Node and Terraform. Never imported. */
import { driftCommand } from "./drift";
import { usageErrorsAreTwo } from "./usage";

const command = driftCommand().showHelpAfterError('Run it with "--help" to see how it is used.');
usageErrorsAreTwo(command).parseAsync();
