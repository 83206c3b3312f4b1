/** Why what a client asks for is refused, where that is not what it asks for. */
export const refusals = {
  tooMany: { kind: 'refused', reason: 'too many requests; wait a second' },
  tooSlow: { kind: 'refused', reason: 'the connection is too slow; wait' },
  tooManyTails: { kind: 'refused', reason: 'too many follow a topic; try again later' },
} as const;
