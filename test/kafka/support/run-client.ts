import { spawn } from 'node:child_process';

/** Runs a program of others to its end, and resolves to what it has said. Rejects with what it complains about. */
export function runClient(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    let complaint = '';
    child.stdout.on('data', (bytes: Buffer) => void said.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(said).toString('utf8'));
      else reject(new Error(`${command} ended with ${code}: ${complaint}`));
    });
    // One that ends before it has read everything says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
