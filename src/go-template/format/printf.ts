import { type Budget, MAX_BYTES } from "../budget.ts";
import { TemplateFault } from "../fault.ts";
import { bytesOf, textOf } from "../value/bytes.ts";
import { type GoValue, isInteger, typeOf } from "../value/value.ts";
import { type Directive, plain } from "./directive.ts";
import { shown } from "./print.ts";
import { formatValue } from "./value.ts";

/** Go takes a width or precision beyond this as missing. */
const LARGEST_WIDTH = 1_000_000;

/**
 * Go's `fmt.Sprintf`, mistakes included: `%!d(string=x)` for a verb that does not fit, `%!d(MISSING)`, `%!(EXTRA …)`,
 * `%!(NOVERB)`. None of them is an error.
 */
export function printf(format: string, values: readonly GoValue[], budget: Budget): string {
  return new Printer(format, values, budget).print();
}

class Printer {
  readonly #format: string;
  readonly #values: readonly GoValue[];
  readonly #budget: Budget;
  #at = 0;
  /** The value that comes next. */
  #next = 0;
  /** `%[2]d` has been used: values may stay unused. */
  #reordered: boolean = false;
  #goodIndex: boolean = true;
  #output = "";

  constructor(format: string, values: readonly GoValue[], budget: Budget) {
    this.#format = format;
    this.#values = values;
    this.#budget = budget;
  }

  print(): string {
    for (;;) {
      const percent = this.#format.indexOf("%", this.#at);
      this.#write(this.#format.slice(this.#at, percent < 0 ? undefined : percent));
      if (percent < 0) break;
      this.#at = percent + 1;
      if (this.#directive() === "end") break;
    }
    this.#extra();
    return this.#output;
  }

  #write(bytes: string): void {
    if (this.#output.length + bytes.length > MAX_BYTES) {
      throw new TemplateFault(`the result has more than ${MAX_BYTES} bytes, which is the limit`);
    }
    this.#output += bytes;
  }

  #directive(): "end" | undefined {
    this.#goodIndex = true;
    const directive = plain("");
    this.#flags(directive);
    let indexed = this.#index();
    if (this.#accept("*")) {
      this.#widthFromValue(directive);
      indexed = false;
    } else {
      directive.width = this.#number();
      if (indexed && directive.width !== undefined) this.#goodIndex = false;
    }
    if (this.#at + 1 < this.#format.length && this.#accept(".")) {
      if (indexed) this.#goodIndex = false;
      indexed = this.#index();
      if (this.#accept("*")) {
        this.#precisionFromValue(directive);
        indexed = false;
      } else directive.precision = this.#number() ?? 0;
    }
    if (!indexed) this.#index();
    if (this.#at >= this.#format.length) {
      this.#write("%!(NOVERB)");
      return "end";
    }
    this.#verb(directive);
    return undefined;
  }

  #flags(directive: Directive): void {
    for (; this.#at < this.#format.length; this.#at++) {
      const flag = this.#format[this.#at];
      if (flag === "#") directive.sharp = true;
      else if (flag === "0") directive.zero = true;
      else if (flag === "+") directive.plus = true;
      else if (flag === "-") directive.minus = true;
      else if (flag === " ") directive.space = true;
      else return;
    }
  }

  #accept(character: string): boolean {
    if (this.#format[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #number(): number | undefined {
    const [digits] = /^[0-9]+/.exec(this.#format.slice(this.#at, this.#at + 10)) ?? [];
    if (digits === undefined) return undefined;
    this.#at += digits.length;
    const number = Number(digits);
    return number > LARGEST_WIDTH ? undefined : this.#affordable(number);
  }

  #affordable(width: number): number {
    if (width > MAX_BYTES) throw new TemplateFault(`the width ${width} is more than ${MAX_BYTES} bytes, the limit`);
    return width;
  }

  /** `[2]`: the value with that number, from 1, comes next. */
  #index(): boolean {
    if (this.#format[this.#at] !== "[") return false;
    this.#reordered = true;
    const close = this.#format.indexOf("]", this.#at);
    const inside = close < 0 ? "" : this.#format.slice(this.#at + 1, close);
    this.#at = close < 0 ? this.#at + 1 : close + 1;
    const isNumber = /^[0-9]{1,7}$/.test(inside);
    const index = Number(inside) - 1;
    if (isNumber && index >= 0 && index < this.#values.length) {
      this.#next = index;
      return true;
    }
    this.#goodIndex = false;
    return isNumber;
  }

  #valueForStar(): number | undefined {
    const value = this.#values[this.#next];
    if (this.#next < this.#values.length) this.#next++;
    if (!isInteger(value)) return undefined;
    const number = Number(value.value);
    return Math.abs(number) > LARGEST_WIDTH ? undefined : number;
  }

  #widthFromValue(directive: Directive): void {
    const width = this.#valueForStar();
    if (width === undefined) this.#write("%!(BADWIDTH)");
    else directive.width = this.#affordable(Math.abs(width));
    if (width !== undefined && width < 0) {
      directive.minus = true;
      directive.zero = false;
    }
  }

  #precisionFromValue(directive: Directive): void {
    const precision = this.#valueForStar();
    if (precision === undefined || precision < 0) this.#write("%!(BADPREC)");
    else directive.precision = this.#affordable(precision);
  }

  #verb(directive: Directive): void {
    const verb = Array.from(textOf(this.#format.slice(this.#at, this.#at + 4)))[0] ?? "";
    const written = bytesOf(verb);
    this.#at += written.length;
    if (verb === "%") this.#write("%");
    else if (!this.#goodIndex) this.#write(`%!${written}(BADINDEX)`);
    else if (this.#next >= this.#values.length) this.#write(`%!${written}(MISSING)`);
    else this.#write(formatValue(this.#values[this.#next++], withGoSyntax({ ...directive, verb }), this.#budget));
  }

  #extra(): void {
    if (this.#reordered || this.#next >= this.#values.length) return;
    const extra = this.#values.slice(this.#next).map((value) => {
      return value === undefined || value === null ? "<nil>" : `${typeOf(value)}=${shown(value, this.#budget)}`;
    });
    this.#write(`%!(EXTRA ${extra.join(", ")})`);
  }
}

/** For `%v` plus and sharp ask for names and for Go's syntax. */
function withGoSyntax(directive: Directive): Directive {
  if (directive.verb !== "v" && directive.verb !== "w") return directive;
  return { ...directive, sharpV: directive.sharp, sharp: false, plusV: directive.plus, plus: false };
}
