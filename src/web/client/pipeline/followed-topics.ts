interface FollowedTopic {
  readonly name: string;
  /** What its records are. */
  readonly text: string;
}

/** Every topic of the pipeline, without its namespace, in the order of the flow. */
export const followedTopics: readonly [FollowedTopic, ...FollowedTopic[]] = [
  { name: 'coingecko.markets', text: 'Quotes, as their source gave them.' },
  { name: 'pulse.hot', text: 'Quotes of coins with very many, bundled, on their way to whoever has time for them.' },
  { name: 'pulse.partials', text: 'The ticks of one coin and hour of one commit, merged.' },
  { name: 'pulse.prices_hourly', text: 'Silver: open, high, low and close of an hour.' },
  { name: 'pulse.features_hourly', text: 'Gold: the features of an hour.' },
  { name: 'pulse.top_movers_24h', text: 'Gold: each coin at its newest hour.' },
  { name: 'pulse.dead_letters', text: 'What could not be used.' },
  { name: 'pulse.positions', text: 'How far each stage has come.' },
  { name: 'pulse.tasks', text: 'What each task says of itself, once a second.' },
];
