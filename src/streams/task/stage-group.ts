import { inNamespace, type Namespace } from '../topics.ts';

/** The consumer group whose members share the partitions of a stage's input. */
export const stageGroup = (namespace: Namespace, stage: string): string => inNamespace(namespace, `pulse-${stage}`);
