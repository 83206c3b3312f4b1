import type { Explanation } from '../explain/explanation.ts';

interface TaskColumn {
  readonly id: string;
  readonly label: string;
  readonly explanation: Explanation;
}

const column = (id: string, label: string, title: string, text: string): TaskColumn => ({
  ...{ id, label },
  explanation: { title, text, facts: [['As of', 'each task’s last report, about once a second']] },
});

/** The columns of the table of tasks: one row a stage and partition of its input. */
export const taskColumns: readonly TaskColumn[] = [
  column('task', 'Task', 'Task', 'One stage on one partition of its input topic.'),
  column('owner', 'Owner', 'Owner', 'The instance that runs it, by its host and process.'),
  column(
    'busy',
    'Busy',
    'Busy',
    'The share of the time between its last two reports that it was at work, in operators and commits.',
  ),
  column('rate', 'Rate', 'Rate', 'Records a second between its last two reports.'),
  column(
    'lag',
    'Lag',
    'Lag',
    'Records between its committed position and the partition’s end. On a Kafka cluster these count the markers of transactions as well.',
  ),
  column('commit', 'Commit', 'Last commit', 'How long its last commit took, from its start to its durability.'),
  column(
    'p95',
    'p95',
    'p95 of its commits',
    '95 of 100 of the commits that it told of within five minutes took no longer.',
  ),
  column('records', 'Records', 'Records', 'What it has taken since its start.'),
];
