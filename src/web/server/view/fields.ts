/** The fields of a JSON object, read with their types checked; every reader throws an Error that names the field. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** Throws where the bytes are not a JSON object. */
  static parse(bytes: Buffer): Fields {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not a JSON object');
    return new Fields(value as Record<string, unknown>);
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== 'string' || value === '') throw this.#wrong(name);
    return value;
  }

  /** A text; it may be empty. */
  anyText(name: string): string {
    return this.#values[name] === '' ? '' : this.text(name);
  }

  textOrNull(name: string): string | null {
    return this.#values[name] == null ? null : this.text(name);
  }

  /** One of the texts given. */
  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.#values[name]);
    if (found === undefined) throw this.#wrong(name);
    return found;
  }

  /** A date and time; as it is. */
  time(name: string): string {
    const value = this.text(name);
    if (Number.isNaN(parseTime(value))) throw this.#wrong(name);
    return value;
  }

  timeOrNull(name: string): string | null {
    return this.#values[name] == null ? null : this.time(name);
  }

  /** A finite number. */
  number(name: string): number {
    const value = this.#values[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name);
    return value;
  }

  /** A finite number; null where it is null or absent. */
  numberOrNull(name: string): number | null {
    return this.#values[name] == null ? null : this.number(name);
  }

  boolean(name: string): boolean {
    const value = this.#values[name];
    if (typeof value !== 'boolean') throw this.#wrong(name);
    return value;
  }

  /** The objects of a list, at most so many of them. */
  objects(name: string, most: number): readonly Fields[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw this.#wrong(name);
    return value.slice(0, most).map((each: unknown) => this.#object(name, each));
  }

  /** An object; none where it is null or absent. */
  objectOrNull(name: string): readonly Fields[] {
    const value = this.#values[name];
    return value == null ? [] : [this.#object(name, value)];
  }

  #object(name: string, value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#wrong(name);
    return new Fields(value as Record<string, unknown>);
  }

  #wrong(name: string): Error {
    return new Error(`its field ${name} is ${JSON.stringify(this.#values[name])?.slice(0, 80) ?? 'absent'}`);
  }
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of an RFC 3339 date-time; NaN where it is none. */
export const parseTime = (text: string): number => (RFC3339.test(text) ? Date.parse(text) : NaN);
