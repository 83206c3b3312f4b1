/** Milliseconds since the epoch at which a quote was last updated, by its source's word. */
export type EventTimeMs = number & { readonly __unit?: 'event time, ms since the epoch' };

/** Milliseconds since the epoch at which an hour (UTC) starts; a multiple of {@link HOUR_MS}. */
export type HourMs = number & { readonly __unit?: 'start of an hour, ms since the epoch' };

export const HOUR_MS = 3_600_000;

/** The UTC hour `[start, start + 1h)` that the time lies in. */
export const hourOf = (time: EventTimeMs): HourMs => Math.floor(time / HOUR_MS) * HOUR_MS;
