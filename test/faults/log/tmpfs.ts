import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small disk in memory. Needs Linux, and the right to mount. */
export class Tmpfs {
  readonly path: string;

  /** Mounts it on an empty folder, which goes with it. */
  constructor(size: string, path = mkdtempSync(join(tmpdir(), 'pulse-tmpfs-'))) {
    this.path = path;
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', this.path]);
  }

  remount(options: string): void {
    execFileSync('/bin/mount', ['-o', `remount,${options}`, this.path]);
  }

  remove(): void {
    execFileSync('/bin/umount', ['-l', this.path]);
    rmdirSync(this.path);
  }
}
