/** Drills in which something is restored, proven, and taken away again, as plain data. */
export { drillAlerts } from "./alerts";
export { type DrillOptions, drillJob, drillRights, programsMount, rightsRule } from "./drill";
export { type DrillReach, drillQuota, isolation, type Pushgateway, pushgatewayOf } from "./isolation";
export { type DrilledCluster, type PostgresDrillOptions, postgresDrill } from "./postgres";
