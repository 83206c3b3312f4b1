/** Whose clock the page shows. */
export type Zone = 'utc' | 'local';

type Style = 'time' | 'seconds' | 'hour' | 'day' | 'full';

const styles: Readonly<Record<Style, Intl.DateTimeFormatOptions>> = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** The moment in that style and zone, without the zone's name; a dash where it is no moment. */
export function formatTime(ms: number | null, style: Style, zone: Zone): string {
  if (ms === null || !Number.isFinite(ms)) return '–';
  const key = `${style} ${zone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { ...styles[style], ...(zone === 'utc' && { timeZone: 'UTC' }) });
    formats.set(key, format);
  }
  return format.format(ms);
}

/** The zone's name behind a time. */
export function zoneName(zone: Zone): string {
  if (zone === 'utc') return 'UTC';
  const part = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName');
  return part?.value ?? 'local';
}

/** A length of time in its largest whole unit: `12 s`, `4 min`, `3 h`, `2 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
