import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

// A thread begins without the loader of the thread that started it.
register({ tsconfig: false });
await import(workerData.module);
