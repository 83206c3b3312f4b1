import { TickMarkType, type Time } from 'lightweight-charts';
import { formatTime, type Zone } from '../format/time.ts';

const days: readonly TickMarkType[] = [TickMarkType.Year, TickMarkType.Month, TickMarkType.DayOfMonth];

const msOf = (time: Time): number => (typeof time === 'number' ? time * 1000 : NaN);

/** How times are written below the chart and at the crosshair. */
export const timeAxisOptions = (zone: Zone) => ({
  localization: { timeFormatter: (time: Time) => formatTime(msOf(time), 'full', zone) },
  timeScale: {
    tickMarkFormatter(time: Time, type: TickMarkType): string {
      const ms = msOf(time);
      if (days.includes(type))
        // The library's days begin at midnight UTC: elsewhere such a mark is a day and an hour.
        return formatTime(ms, zone === 'utc' || isLocalMidnight(ms) ? 'day' : 'hour', zone);
      return formatTime(ms, 'time', zone);
    },
  },
});

const isLocalMidnight = (ms: number): boolean => new Date(ms).getHours() === 0;
