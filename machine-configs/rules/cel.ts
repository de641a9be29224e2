/**
 * Expressions of the Common Expression Language by which Talos selects disks, volumes and links: their syntax, their
 * names, and the types of what is compared and called. What yields something of an unknown type passes.
 */
import { expressionWrong, type Problem } from "../../errors";
import { own } from "../plain-data";
import { isAtLeast } from "../releases";
import { type CelEnvironment, type CelNames, type CelType, celFunctions, celNames, placedFunctions } from "./cel-names";

export type { CelEnvironment } from "./cel-names";

/**
 * What is wrong with an expression, which has to yield a value of a type.
 *
 * @param talos the release that computes it; none is the newest.
 */
export function celProblems(
  expression: string,
  environment: CelEnvironment,
  yields: "bool" | "double",
  where: string,
  talos?: string,
): readonly Problem[] {
  const checker = new Checker(expression, celNames[environment], talos);
  const wrong = checker.check(yields);
  return wrong === undefined ? [] : [expressionWrong(where, expression, wrong)];
}

/** What stops the check; its message goes into a problem. */
class Wrong extends Error {}

/** What is between tokens: white space and comments. */
const BLANK = /(?:\s|\/\/[^\n]*)*/y;

const TOKEN =
  /(?<number>0x[0-9a-fA-F]+u?|\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\.\d+|\d+[uU]?)|(?<text>[bBrR]{0,2}(?:"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?<name>[A-Za-z_]\w*)|(?<sign>&&|\|\||[<>=!]=|[-+*/%!<>?:.,()[\]{}])/y;

interface Token {
  readonly kind: "number" | "text" | "name" | "sign" | "end";
  readonly text: string;
}

/** Names that are types and functions, not variables. */
const GLOBALS = new Set(["bool", "int", "uint", "double", "string", "bytes", "list", "map", "type"]);

/** Macros that look at each item of a list. */
const EACH = ["all", "exists", "exists_one", "map", "filter"];

/** How deep an expression may be nested. */
const DEEPEST = 250;

class Checker {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;
  /** Variables of the macros that the place is in. */
  private readonly own: { readonly name: string; readonly type: CelType }[] = [];

  constructor(
    expression: string,
    private readonly names: CelNames,
    private readonly talos: string | undefined,
  ) {
    this.tokens = tokensOf(expression);
  }

  /** Why the expression is refused; nothing when it is not. */
  check(yields: "bool" | "double"): string | undefined {
    try {
      const type = this.conditional();
      if (this.peek().kind !== "end") throw new Wrong(`"${this.peek().text}" is not expected here`);
      if (type !== "dyn" && type !== yields) throw new Wrong(`it yields ${nameOf(type)}, and ${yields} is needed`);
      return undefined;
    } catch (error) {
      if (error instanceof Wrong) return error.message;
      throw error;
    }
  }

  private conditional(): CelType {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Wrong(`it is nested more than ${DEEPEST} deep`);
    const type = this.choice();
    this.depth -= 1;
    return type;
  }

  private choice(): CelType {
    const condition = this.logical(0);
    if (!this.take("?")) return condition;
    this.demand(condition, "bool", "?");
    const yes = this.logical(0);
    this.expect(":");
    const no = this.conditional();
    if (!same(yes, no)) throw new Wrong(`it yields ${nameOf(yes)} or ${nameOf(no)}, which are different types`);
    return yes === "dyn" ? no : yes;
  }

  private logical(level: number): CelType {
    const sign = ["||", "&&"][level];
    if (sign === undefined) return this.relation();
    let left = this.logical(level + 1);
    while (this.take(sign)) {
      this.demand(left, "bool", sign);
      const right = this.logical(level + 1);
      this.demand(right, "bool", sign);
      left = "bool";
    }
    return left;
  }

  private relation(): CelType {
    let left = this.sum();
    for (;;) {
      const sign = this.takeAny("<", "<=", ">", ">=", "==", "!=") ?? (this.takeName("in") ? "in" : undefined);
      if (sign === undefined) return left;
      const right = this.sum();
      if (sign === "in" && !isList(right)) throw new Wrong(`"in" needs a list, and ${nameOf(right)} is given`);
      if (sign === "in" && !same(left, itemOf(right))) throw new Wrong(`${nameOf(left)} is in no list of texts`);
      if (sign === "in") left = "bool";
      else if (same(left, right)) left = "bool";
      else throw new Wrong(`${nameOf(left)} ${sign} ${nameOf(right)} compares different types`);
    }
  }

  private sum(): CelType {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): CelType {
    return this.chain(["*", "/", "%"], () => this.unary());
  }

  private chain(signs: readonly string[], operand: () => CelType): CelType {
    let left = operand();
    for (;;) {
      const sign = this.takeAny(...signs);
      if (sign === undefined) return left;
      const right = operand();
      const fits = left === "dyn" || right === "dyn" || (same(left, right) && isCalculable(left, sign));
      if (!fits) throw new Wrong(`there is no ${nameOf(left)} ${sign} ${nameOf(right)}`);
      left = left === "dyn" ? right : left;
    }
  }

  private unary(): CelType {
    const sign = this.takeAny("!", "-");
    if (sign === undefined) return this.member();
    let isOdd = true;
    while (this.take(sign)) isOdd = !isOdd;
    const type = this.member();
    // Two of them are none, and nobody looks at what is between.
    if (!isOdd) return type;
    if (sign === "!") this.demand(type, "bool", "!");
    else if (type !== "int" && type !== "double" && type !== "dyn") throw new Wrong(`there is no -${nameOf(type)}`);
    return sign === "!" ? "bool" : type;
  }

  private member(): CelType {
    let type = this.primary();
    for (;;) {
      if (this.take(".")) {
        this.mayBeMissing(".");
        type = this.selection(type);
      } else if (this.take("[")) {
        if (!isList(type)) throw new Wrong(`${nameOf(type)} has no items`);
        this.mayBeMissing("[");
        this.conditional();
        this.expect("]");
        type = itemOf(type);
      } else return type;
    }
  }

  private selection(type: CelType): CelType {
    const { kind, text: name } = this.advance();
    if (kind !== "name") throw new Wrong("a field's name is missing after a dot");
    if (this.take("(")) return this.call(name, type);
    if (type === "dyn") return "dyn";
    const field = typeof type === "object" ? own(type.fields, name) : undefined;
    if (field === undefined) throw new Wrong(`${nameOf(type)} has no field "${name}"`);
    return field;
  }

  private primary(): CelType {
    const { kind, text } = this.advance();
    if (kind === "number") return /^\d*\.|^\d+[eE]/.test(text) ? "double" : /[uU]$/.test(text) ? "uint" : "int";
    if (kind === "text") return /^[rR]?[bB]/.test(text) ? "bytes" : "string";
    if (kind === "name") return this.named(text);
    if (text === ".") return this.named(this.advance().text);
    if (text === "(") {
      const type = this.conditional();
      this.expect(")");
      return type;
    }
    if (text === "[") return this.items("]", "list");
    if (text === "{") return this.items("}", "dyn");
    throw new Wrong(kind === "end" ? "it ends too early" : `"${text}" is not expected here`);
  }

  private named(name: string): CelType {
    if (name === "true" || name === "false") return "bool";
    if (name === "null") return "null";
    if (this.take("(")) return this.call(name);
    const isNamespace = name === "optional" && this.names.functions?.includes(name);
    const variable = this.own.findLast((one) => one.name === name);
    if (variable !== undefined) return variable.type;
    if (GLOBALS.has(name) || isNamespace) return "dyn";
    const type = this.isThere(name) ? own<CelType>(this.names.variables, name) : undefined;
    if (type === undefined) {
      const known = Object.keys(this.names.variables).filter((one) => this.isThere(one));
      throw new Wrong(`there is no "${name}"; the names are ${known.join(", ")}`);
    }
    return type;
  }

  /** Whether the release has a name already. */
  private isThere(name: string): boolean {
    const since = own(this.names.later ?? {}, name);
    return since === undefined || this.talos === undefined || isAtLeast(this.talos, since);
  }

  /** What may be missing is marked by a question mark, where that is known. */
  private mayBeMissing(sign: string): void {
    if (this.take("?") && !this.names.functions?.includes("optional")) throw new Wrong(`"${sign}?" is not known here`);
  }

  private call(name: string, before?: CelType): CelType {
    const called = own(celFunctions, name);
    const isPlaced = !placedFunctions.has(name) || this.names.functions?.includes(name);
    if (called === undefined || !isPlaced || !this.isThere(name)) throw new Wrong(`there is no function "${name}"`);
    const each = EACH.includes(name);
    if (each && before !== undefined && !isList(before)) throw new Wrong(`${nameOf(before)} has no items`);
    const given = [
      ...(before === undefined ? [] : [before]),
      ...this.given(each && this.peek().kind === "name" ? itemOf(before ?? "dyn") : undefined),
    ];
    const { takes, yields } = called;
    if (takes !== undefined && !fits(takes, given)) {
      throw new Wrong(`${name} does not take ${given.map(nameOf).join(" and ") || "nothing"}`);
    }
    return yields;
  }

  /** What is given to a function; the first name in a macro stands for each item, whose type is given. */
  private given(item: CelType | undefined): readonly CelType[] {
    const types: CelType[] = [];
    if (item !== undefined) this.own.push({ name: this.peek().text, type: item });
    while (!this.take(")")) {
      types.push(this.conditional());
      if (!this.take(",")) {
        this.expect(")");
        break;
      }
    }
    if (item !== undefined) this.own.pop();
    return types;
  }

  private items(end: string, type: CelType): CelType {
    while (!this.take(end)) {
      this.conditional();
      if (this.take(":")) this.conditional();
      if (!this.take(",")) {
        this.expect(end);
        break;
      }
    }
    return type;
  }

  private demand(type: CelType, needed: CelType, sign: string): void {
    if (type !== "dyn" && type !== needed) throw new Wrong(`${sign} needs bool, and ${nameOf(type)} is given`);
  }

  private peek(): Token {
    return this.tokens[this.next] ?? END;
  }

  private advance(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }

  private take(sign: string): boolean {
    const found = this.peek().kind === "sign" && this.peek().text === sign;
    if (found) this.next += 1;
    return found;
  }

  private takeName(name: string): boolean {
    const found = this.peek().kind === "name" && this.peek().text === name;
    if (found) this.next += 1;
    return found;
  }

  private takeAny(...signs: readonly string[]): string | undefined {
    return signs.find((sign) => this.take(sign));
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw new Wrong(`"${sign}" is missing before "${this.peek().text || "the end"}"`);
  }
}

const END: Token = { kind: "end", text: "" };

function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = endOf(BLANK, expression, 0); at < expression.length; at = endOf(BLANK, expression, at)) {
    const pattern = new RegExp(TOKEN);
    pattern.lastIndex = at;
    const groups = pattern.exec(expression)?.groups;
    const kind = (["number", "text", "name", "sign"] as const).find((one) => groups?.[one] !== undefined);
    // What is no token stands there as it is, and is refused where it stands.
    const token = kind === undefined ? undefined : groups?.[kind];
    if (kind === undefined || token === undefined) return [...tokens, { kind: "sign", text: expression[at] ?? "" }];
    tokens.push({ kind, text: token });
    at += token.length;
  }
  return tokens;
}

/** Where what a pattern takes from a place ends. */
function endOf(pattern: RegExp, text: string, from: number): number {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = from;
  return from + (sticky.exec(text)?.[0].length ?? 0);
}

function same(left: CelType, right: CelType): boolean {
  if (left === right || left === "dyn" || right === "dyn") return true;
  // What is in a list that is written here is not looked at.
  if (isList(left) && isList(right)) return true;
  return (left === "null" && typeof right === "object") || (right === "null" && typeof left === "object");
}

/** Whether a value can be of one of some types. */
function isAnyOf(types: readonly CelType[], type: CelType): boolean {
  return type === "dyn" || types.includes(type);
}

/** Whether a value can be a list. */
function isList(type: CelType): boolean {
  return isAnyOf(["list", "texts"], type);
}

/** The type of a list's items. */
function itemOf(list: CelType): CelType {
  return list === "texts" ? "string" : "dyn";
}

function fits(takes: readonly (readonly CelType[])[], given: readonly CelType[]): boolean {
  return given.length === takes.length && takes.every((types, index) => isAnyOf(types, given[index] ?? "dyn"));
}

function isCalculable(type: CelType, sign: string): boolean {
  if (type === "int" || type === "uint") return true;
  if (type === "double") return sign !== "%";
  return sign === "+" && (type === "string" || type === "bytes" || isList(type));
}

function nameOf(type: CelType): string {
  if (typeof type === "object") return type.name;
  return type === "texts" ? "list" : type;
}
