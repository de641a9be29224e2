/** URLs as strictly as Talos reads them. */
import { z } from "../zod";
import { isAddress, isHostAddress } from "./addresses";

/** The parts of a URL that Talos looks at. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

/** A URL with one of some schemes and a host. */
export const url = (...schemes: readonly string[]) => {
  const expected = `${schemes.map((scheme) => `${scheme}://`).join(" or ")} URL`;
  return z.string().refine(
    (value) => {
      const parts = urlParts(value);
      return parts !== undefined && schemes.includes(parts.scheme) && parts.host !== "";
    },
    `${/^[aeiou]/.test(expected) || expected.startsWith("http") ? "an" : "a"} ${expected}`,
  );
};

/** A URL that may have no more than a path: what Go parses is enough for Talos. */
export const anyUrl = () => z.string().refine((value) => urlParts(value) !== undefined, "a URL");

/** An address of a web server. */
export const httpUrl = () => url("http", "https");

/** The parts of a URL, which may be relative, as Go reads them; nothing when it is none. */
export function urlParts(value: string): UrlParts | undefined {
  if ([...value].some((letter) => letter < " " || letter === "\u007f")) return undefined;
  const [, written = "", rest = "", fragment = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(value) ?? [];
  const scheme = written.toLowerCase();
  if (!isEscaped(fragment)) return undefined;
  if (!rest.startsWith("/") && scheme !== "") return { scheme, host: "", port: "", path: "" };
  // Without a scheme, a colon before the first slash is no path.
  if (/^[^/]*:/.test(rest)) return undefined;
  const hasServer = scheme === "" ? /^\/\/(?!\/)/.test(rest) : rest.startsWith("//");
  const [, authority = "", path = ""] = (hasServer ? /^\/\/([^/]*)(.*)$/s : /^()(.*)$/s).exec(rest) ?? [];
  const server = /^(?:(.*)@)?(\[[^\][]*\]|[^:@[\]]*)(?::(\d*))?$/s.exec(authority);
  if (server === null || !isEscaped(path)) return undefined;
  const [, user = "", host = "", port = ""] = server;
  if (!isUser(user) || !isHost(host)) return undefined;
  return { scheme, host: host.replace(/^\[|\]$/g, ""), port, path };
}

/** Whether each percent sign begins an escape. */
function isEscaped(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function isUser(text: string): boolean {
  return /^[\w\-.:~!$&'()*+,;=%@]*$/.test(text) && isEscaped(text);
}

/** Whether a text is a name as far as its letters go, or an address in brackets, of which the zone is escaped. */
function isHost(text: string): boolean {
  if (text.startsWith("[")) return /^[^%]*:[^%]*(?:%25|$)/.test(text.slice(1, -1)) && isAddress(text.slice(1, -1));
  return !/[\s\\^`{|}#/?]/.test(text) && !/%(?![89A-Fa-f][0-9A-Fa-f])/.test(text);
}

/** Whether a URL is one of a server that Talos may ask: http or https, and a name or an address. */
export function isEndpoint(value: string): boolean {
  const parts = urlParts(value);
  if (parts === undefined || !["http", "https"].includes(parts.scheme)) return false;
  if (parts.port !== "" && (Number(parts.port) < 1 || Number(parts.port) > 65535)) return false;
  return isHostAddress(parts.host) || isDnsName(parts.host);
}

/** What is said about a text that is no receiver of logs. */
export const A_LOG_RECEIVER = "a tcp:// or udp:// URL with a port and without a path";

/** Whether logs can be sent to a URL. */
export function isLogReceiver(value: string): boolean {
  const { scheme = "", path = "", port = "" } = urlParts(value) ?? {};
  return ["tcp", "udp"].includes(scheme) && ["", "/"].includes(path) && port !== "";
}

/** Whether a name can be looked up. */
export function isDnsName(name: string): boolean {
  if (name === "" || name.replaceAll(".", "").length > 255) return false;
  return /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*[._]?$/.test(name);
}

/** Whether a text is a host and a port, such as `10.0.0.1:514` or `[fd00::1]:514`. */
export function isHostAndPort(value: string): boolean {
  return /^(?:\[[^\][]*\]|[^:[\]]*):[^:[\]]*$/.test(value);
}
