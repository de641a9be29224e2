/** Kubernetes objects as plain data, without Terraform. */
export { type KubernetesObject, type ObjectMeta, objectName } from "./object";
export { isDnsLabel, isObjectName, objectProblems } from "./problems";
export { renderValues } from "./render";
