#!/usr/bin/env node
/** `talos-drift` by itself: bundled into one file for images that have Node and talosctl. Never imported. */
import { fail } from "./fail";
import { talosDriftCommand } from "./talos-drift";
import { usageErrorsAreTwo } from "./usage";

const command = talosDriftCommand().showHelpAfterError('Run it with "--help" to see how it is used.');
usageErrorsAreTwo(command).parseAsync().catch(fail);
