import { visibleText } from './visible-text.ts';

const MAX_LENGTH = 200;

/** The beginning of a name that anybody may have written, with nothing hidden in it. */
export const shownName = (name: string): string => visibleText(name.slice(0, MAX_LENGTH));
