import type { Disk } from '../../../src/streams/5-lake/disk/disk.ts';

/** A disk that counts what is written to it. */
export class CountingDisk implements Disk {
  files = 0;
  bytes = 0;
  readonly #disk: Disk;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    this.files++;
    this.bytes += bytes.length;
    return this.#disk.write(path, bytes);
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    this.bytes += bytes.length;
    return this.#disk.append(path, bytes);
  }

  sync = (path: string): Promise<void> => this.#disk.sync(path);
  link = (from: string, to: string): Promise<boolean> => this.#disk.link(from, to);
  rename = (from: string, to: string): Promise<void> => this.#disk.rename(from, to);
  remove = (path: string): Promise<void> => this.#disk.remove(path);
  makeFolder = (path: string): Promise<boolean> => this.#disk.makeFolder(path);
  read = (path: string): Promise<Uint8Array | undefined> => this.#disk.read(path);
  readPart: Disk['readPart'] = (path, start, end) => this.#disk.readPart(path, start, end);
  list = (path: string): ReturnType<Disk['list']> => this.#disk.list(path);
}
