/** A fault as the schema tells it. */
export interface SettingIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of `unrecognized_keys`. */
  readonly keys?: readonly string[];
}

/** Who gave a setting: the name of a variable or an option, by the setting's place in the settings file. */
export type Givers = ReadonlyMap<string, string>;

const LONGEST_VALUE = 60;
/** Those in a URL: nobody is to read them in an error. */
const CREDENTIALS = /\/\/[^/"]*@/g;

/** What is wrong with the settings, a clause a fault, each naming the variable, option or key to put right. */
export const settingFaults = (issues: readonly SettingIssue[], raw: unknown, givers: Givers, file: string): string =>
  issues.map((issue) => faultOf(issue, raw, givers, file)).join('; ');

/** The variable or option that gave the setting at this path, or one that it is a part of. */
export function giverOf(path: readonly PropertyKey[], givers: Givers): string | undefined {
  for (let length = path.length; length > 0; length--) {
    const giver = givers.get(path.slice(0, length).join('.'));
    if (giver !== undefined) return giver;
  }
  return undefined;
}

function faultOf({ code, path, message, keys }: SettingIssue, raw: unknown, givers: Givers, file: string): string {
  if (code === 'unrecognized_keys') {
    const names = (keys ?? []).map((key) => [...path, key].join('.')).join(', ');
    return `${file} has ${names}, which is no setting; conf/settings.yaml has them all`;
  }
  const place = giverOf(path, givers) ?? `${path.join('.')} in ${file}`;
  return `${place} can't be ${shown(valueAt(raw, path))}: ${wanted(message)}`;
}

/** The schema's sentence without what the value shows by itself. */
const wanted = (message: string): string =>
  message.replace(/^(Invalid input|Invalid option|Too big|Too small): /, '').replace(/, received .*$/, '');

const valueAt = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], raw);

function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'missing').replace(CREDENTIALS, '//…@');
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
