import { preferences } from './preferences.svelte.ts';

/** True for a key that is pressed as a shortcut: alone, nowhere where one types, and not where they are switched off. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (preferences.shortcuts === 'off' || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  return target?.closest('input, textarea, select, dialog, [role="listbox"]') == null;
}
