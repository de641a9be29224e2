import { isAddress, isMasked, isUnspecified, overlaps } from "../../machine-configs/rules/addresses";
import { secondsOf } from "../../machine-configs/rules/durations";
import { hardwareAddress, isHardwareAddress } from "../../machine-configs/rules/links";
import {
  isCertificate,
  isPrivateKey,
  isReadableCertificate,
  isReadablePrivateKey,
} from "../../machine-configs/rules/pem";
import { bytesOf, isPercentage } from "../../machine-configs/rules/sizes";
import { isEndpoint, isHostAndPort, urlParts } from "../../machine-configs/rules/urls";
import { certificate, privateKey } from "./machines";

test.each([
  ["0", 0],
  ["1h30m", 5400],
  ["250ms", 0.25],
  ["-1.5s", -1.5],
  ["+1.m", 60],
  ["10", undefined],
  ["2562048h", undefined],
  ["2 minutes", undefined],
  ["", undefined],
])("the duration %j has %s seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each([
  ["100", 100],
  ["1.5GiB", 1.5 * 2 ** 30],
  ["10 GB", 1e10],
  ["1,000kB", 1e6],
  ["1,.5k ", 1500],
  ["16EiB", undefined],
  [" 10GB", undefined],
  ["ten", undefined],
  ["10 parsecs", undefined],
  ["1constructor", undefined],
  ["", undefined],
])("the size %j has %s bytes", (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});

test("a part of the whole is at most all of it", () => {
  expect(["80%", "100%", "150%", "80"].map(isPercentage)).toEqual([true, true, false, false]);
});

test.each([
  ["https://10.0.0.1:6443/path", { scheme: "https", host: "10.0.0.1", port: "6443", path: "/path" }],
  ["udp://[fd00::1]:514", { scheme: "udp", host: "fd00::1", port: "514", path: "" }],
  ["/only/a/path", { scheme: "", host: "", port: "", path: "/only/a/path" }],
  ["10.0.0.1:6443", undefined],
  ["https://a b", undefined],
  ["https://a:port", undefined],
  ["https://a/%zz", undefined],
  ["https://a/?%zz", { scheme: "https", host: "a", port: "", path: "/" }],
  ["https://a/#%zz", undefined],
  ["https://user:word@a", { scheme: "https", host: "a", port: "", path: "" }],
  ["https://us er@a", undefined],
  ["https:a", { scheme: "https", host: "", port: "", path: "" }],
  ["https://[fd00::1", undefined],
  ["https://[10.0.0.1]", undefined],
  ["https://[fe80::1%25eth0]/", { scheme: "https", host: "fe80::1%25eth0", port: "", path: "/" }],
  ["https://a%20b", undefined],
])("the URL %j is read as Talos reads it", (text, parts) => {
  expect(urlParts(text)).toEqual(parts);
});

test("an endpoint is on the web", () => {
  const texts = ["https://example.com:6443", "http://10.0.0.1", "ftp://example.com", "https://", "https://a:99999"];
  expect(texts.map(isEndpoint)).toEqual([true, true, false, false, false]);
  expect(["10.0.0.1:514", "[fd00::1]:514", "10.0.0.1", "a:]1"].map(isHostAndPort)).toEqual([true, true, false, false]);
});

test("a network has no bits for a host, and may have another inside", () => {
  expect(["10.0.0.0/8", "10.0.0.1/8", "fd00::/8", "nothing"].map(isMasked)).toEqual([true, false, true, false]);
  expect(["0.0.0.0", "::", "10.0.0.1"].map(isUnspecified)).toEqual([true, true, false]);
  expect([overlaps("10.0.0.0/8", "10.1.0.0/16"), overlaps("10.0.0.0/16", "10.1.0.0/16")]).toEqual([true, false]);
});

test.each([
  ["bc:24:11:00:00:01", true, true],
  ["BC:24:11:00:00:01", true, true],
  ["bc:24:11:00:00", true, false],
  ["bc2411000001", true, false],
  ["bc:24:11:00:00:1", false, false],
  ["BC-24-11-00-00-01", false, false],
  ["bc24.1100.0001", false, false],
])("%j: Talos reads it as a hardware address %s, and a link can have it %s", (text, isRead, isUsable) => {
  expect([hardwareAddress().safeParse(text).success, isHardwareAddress(text)]).toEqual([isRead, isUsable]);
});

test("an address in an address has no leading zeros either", () => {
  expect(["::ffff:10.0.0.1", "::ffff:10.0.0.01", "10.0.0.01"].map(isAddress)).toEqual([true, false, false]);
});

test("a certificate is not a key", () => {
  const key = certificate.replaceAll("CERTIFICATE", "EC PRIVATE KEY");
  expect([certificate, key, "TUlJ"].map(isCertificate)).toEqual([true, false, false]);
  expect([certificate, key].map(isPrivateKey)).toEqual([false, true]);
});

test("a certificate or key that is cut off is none", () => {
  const key = privateKey();
  const cut = (pem: string) => pem.replace(/.{8}\n-----END/, "\n-----END");
  expect([certificate, cut(certificate), key].map(isReadableCertificate)).toEqual([true, false, false]);
  expect([key, cut(key), certificate].map(isReadablePrivateKey)).toEqual([true, false, false]);
});

test("of the forms of a private key Talos reads PKCS #8, with something before it as well", () => {
  const [key, other] = [privateKey("pkcs8"), privateKey("sec1")];
  const renamed = key.replaceAll("PRIVATE", "EC PRIVATE");
  expect([key, `a key:\n${key}`, renamed].map(isReadablePrivateKey)).toEqual([true, true, true]);
  expect([other, other.replaceAll("EC PRIVATE", "PRIVATE"), `${certificate}${key}`].map(isReadablePrivateKey)).toEqual([
    false,
    false,
    false,
  ]);
});
