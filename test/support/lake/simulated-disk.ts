import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PulseError } from '../../../src/errors.ts';
import type { Random } from '../../../src/streams/1-ingest/simulated/random.ts';
import type { Disk, DiskEntry } from '../../../src/streams/5-lake/disk/disk.ts';

/** What ends a process in the middle of a step. */
export class Killed extends Error {}

interface Inode {
  readonly isFolder: boolean;
  bytes: Uint8Array;
  /** What a power failure leaves; undefined before the first sync. */
  durable: Uint8Array | undefined;
  modifiedMs: number;
}

/**
 * A disk that forgets what was not synced. Any number of processes work on it, their steps in an order that the seed
 * decides; each may be killed in any of its steps, and the power may fail.
 */
export class SimulatedDisk {
  readonly #random: Random;
  readonly #now: () => number;
  #names = new Map<string, Inode>();
  #durable: Map<string, Inode>;
  #epoch = 0;

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
    const root: Inode = { isFolder: true, bytes: new Uint8Array(), durable: new Uint8Array(), modifiedMs: 0 };
    this.#names.set('/lake', root);
    this.#durable = new Map(this.#names);
  }

  /** Every process is gone; of what was not synced, each name and each file's end is there or not. */
  failPower(): void {
    this.#epoch++;
    const names = new Map(this.#durable);
    for (const path of new Set([...this.#names.keys(), ...this.#durable.keys()])) {
      if (this.#random() < 0.5) continue;
      const now = this.#names.get(path);
      if (now === undefined) names.delete(path);
      else names.set(path, now);
    }
    // What lies in a folder that is gone is gone.
    const isThere = (path: string): boolean => path === '/lake' || (names.has(path) && isThere(dirname(path)));
    for (const path of [...names.keys()]) if (!isThere(path)) names.delete(path);
    for (const inode of new Set(names.values())) {
      inode.bytes = inode.durable ?? inode.bytes.slice(0, Math.floor(this.#random() * (inode.bytes.length + 1)));
      inode.durable = inode.bytes;
    }
    this.#names = names;
    this.#durable = new Map(names);
  }

  /** Every file that is there. */
  files(): readonly string[] {
    return [...this.#names].filter(([, { isFolder }]) => !isFolder).map(([path]) => path);
  }

  /** Writes everything that is there into a real folder, for programs that are not ours. */
  dump(folder: string): void {
    for (const [name, { isFolder, bytes }] of [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (isFolder) mkdirSync(join(folder, name), { recursive: true });
      else writeFileSync(join(folder, name), bytes);
  }

  /** A process's disk; it is killed in its step of that number, before, after or in the middle of what the step does. */
  process(killedAt = Infinity): Disk {
    const epoch = this.#epoch;
    let step = 0;
    const at = async <Value>(act: () => Value, halfway?: () => void): Promise<Value> => {
      for (let turns = Math.floor(this.#random() * 8); turns > 0; turns--) await Promise.resolve();
      if (this.#epoch !== epoch) throw new Killed('the power failed');
      step++;
      if (step < killedAt) return act();
      if (step === killedAt) {
        const when = this.#random();
        if (when < 0.4) act();
        else if (when < 0.7) halfway?.();
      }
      throw new Killed(`killed in step ${killedAt}`);
    };
    return this.#operations(at);
  }

  #operations(at: <Value>(act: () => Value, halfway?: () => void) => Promise<Value>): Disk {
    return {
      write: (path, bytes) =>
        at(
          () => this.#write(path, bytes),
          () => this.#write(path, bytes.slice(0, Math.floor(this.#random() * bytes.length))),
        ),
      append: (path, bytes) => at(() => this.#write(path, Buffer.concat([this.#inode(path).bytes, bytes]))),
      sync: (path) => at(() => this.#sync(path)),
      link: (from, to) =>
        at(() => {
          if (this.#names.has(to)) return false;
          this.#put(to, this.#inode(from));
          return true;
        }),
      rename: (from, to) =>
        at(() => {
          this.#put(to, this.#inode(from));
          this.#names.delete(from);
        }),
      remove: (path) => at(() => void this.#names.delete(path)),
      makeFolder: (path) =>
        at(() => {
          if (this.#names.has(path)) return false;
          this.#put(path, { isFolder: true, bytes: new Uint8Array(), durable: undefined, modifiedMs: this.#now() });
          return true;
        }),
      read: (path) => at(() => this.#names.get(path)?.bytes),
      readPart: (path, start, end) => at(() => this.#names.get(path)?.bytes.slice(start, end)),
      list: (path) => at(() => this.#list(path)),
    };
  }

  #write(path: string, bytes: Uint8Array): void {
    const found = this.#names.get(path);
    if (found === undefined) this.#put(path, { isFolder: false, bytes, durable: undefined, modifiedMs: this.#now() });
    else Object.assign(found, { bytes, durable: undefined, modifiedMs: this.#now() });
  }

  #sync(path: string): void {
    const inode = this.#inode(path);
    if (!inode.isFolder) {
      inode.durable = inode.bytes;
      return;
    }
    for (const name of new Set([...this.#names.keys(), ...this.#durable.keys()])) {
      if (dirname(name) !== path) continue;
      const now = this.#names.get(name);
      if (now === undefined) this.#durable.delete(name);
      else this.#durable.set(name, now);
    }
  }

  #list(path: string): readonly DiskEntry[] {
    return [...this.#names]
      .filter(([name]) => dirname(name) === path && name !== path)
      .map(([name, { isFolder, bytes, modifiedMs }]) => ({
        name: name.slice(path.length + 1),
        ...{ isFolder, size: bytes.length, modifiedMs },
      }));
  }

  #put(path: string, inode: Inode): void {
    if (this.#names.get(dirname(path))?.isFolder !== true)
      throw new PulseError('disk-unwritable', `there is no folder for ${path}`);
    this.#names.set(path, inode);
  }

  #inode(path: string): Inode {
    const found = this.#names.get(path);
    if (found === undefined) throw new PulseError('disk-unwritable', `there is no ${path}`);
    return found;
  }
}
