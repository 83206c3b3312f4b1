import fc from 'fast-check';
import { inject } from 'vitest';

/** Every property of the run starts from the one seed that was printed. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: inject('propertySeed') });
