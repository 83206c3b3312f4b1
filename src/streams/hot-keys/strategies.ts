/** What is done about hot keys: nothing; salts by share alone; salts where a straggler is measured, and it gains. */
export const strategies = ['naive', 'salted', 'adaptive'] as const;

export type Strategy = (typeof strategies)[number];
