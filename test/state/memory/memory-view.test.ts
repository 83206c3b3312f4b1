import { openMemoryView } from '../../../src/state/memory/memory-view.ts';
import { viewStoreContract } from '../view-store-contract.ts';

viewStoreContract('memory', async () => openMemoryView());
