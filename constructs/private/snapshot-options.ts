import type { SnapshotOptions } from "../../snapshots";
import type { SnapshotProps } from "../snapshot-props";
import { packagePrograms } from "./package-files";

/** What the props of a construct mean. */
export function snapshotOptions(name: string, program: string, props: SnapshotProps): SnapshotOptions {
  const { namespace, places, schedule = "0 2 * * *", keep = { newest: 7, days: 30 }, pushgateway, runbooks } = props;
  return {
    name,
    namespace,
    places,
    schedule,
    keep,
    pushgateway,
    runbooks,
    prometheusLabels: props.prometheusLabels,
    image: props.image,
    programs: packagePrograms(program),
  };
}
