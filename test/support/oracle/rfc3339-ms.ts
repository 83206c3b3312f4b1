const shape =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt ](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d+))?(?:[Zz]|(?<sign>[+-])(?<offsetHour>\d\d):(?<offsetMinute>\d\d))$/;

/**
 * An RFC 3339 date-time in milliseconds since the epoch, digits below a millisecond cut off; a space may stand for the T
 * (the note in section 5.6). Undefined where the text is none, names a day or time that does not exist (a leap second
 * has no place on the scale), or leaves the years 0–9999.
 */
export function rfc3339Ms(text: string): number | undefined {
  const part = shape.exec(text)?.groups;
  if (part === undefined) return undefined;
  const number = (name: string): number => Number(part[name] ?? 0);
  if (number('hour') > 23 || number('minute') > 59 || number('second') > 59) return undefined;
  if (number('offsetHour') > 23 || number('offsetMinute') > 59) return undefined;
  const milliseconds = Number((part['fraction'] ?? '').padEnd(3, '0').slice(0, 3));

  const local = new Date(0);
  local.setUTCFullYear(number('year'), number('month') - 1, number('day'));
  if (local.getUTCMonth() !== number('month') - 1 || local.getUTCDate() !== number('day')) return undefined;
  local.setUTCHours(number('hour'), number('minute'), number('second'), milliseconds);

  const offset = (number('offsetHour') * 60 + number('offsetMinute')) * 60_000;
  const time = new Date(local.getTime() - (part['sign'] === '-' ? -offset : offset));
  return time.getUTCFullYear() < 0 || time.getUTCFullYear() > 9999 ? undefined : time.getTime();
}
