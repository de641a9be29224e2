/** The watch over Talos machines, as plain data. */
export { type TalosDriftAlertOptions, talosDriftAlerts } from "./alerts";
export { talosRow } from "./dashboard";
export {
  type TalosDriftOptions,
  type TalosMachine,
  talosDriftObjects,
  talosReaderRole,
} from "./objects";
