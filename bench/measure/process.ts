import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Where what is measured runs, and where the load comes from: apart, if there are two cores and `taskset`. */
export const serverCore = 0;
export const loadCore = 1;

/** Of util-linux, so nearly everywhere; not a package that could be listed. */
const taskset = 'taskset';
const hasTaskset = spawnSync(taskset, ['--version']).status === 0 && cpus().length > 1;

/** Binds every thread of a process to one core; without `taskset` nothing happens. */
export function pin(pid: number, core: number): void {
  if (hasTaskset) spawnSync(taskset, ['-a', '-p', '-c', String(core), String(pid)]);
}

/** Lets a process use every core again. */
export function unpin(pid: number): void {
  if (hasTaskset) spawnSync(taskset, ['-a', '-p', '-c', `0-${cpus().length - 1}`, String(pid)]);
}

export const pinning = hasTaskset
  ? 'what is measured on core 0, the load on core 1'
  : 'no taskset or one core only: load and server share the machine, so the figures are worth less';

/** What `getconf CLK_TCK` says on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time of all threads so far, in seconds; in steps of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Processor time of this process and of all its children that have ended, in seconds. */
function ownCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) / ticksPerSecond;
}

/** Processor time that the machine spent on anything, in seconds. */
function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/u).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Begins to watch what others take; what is called gives the cores that they used, on average, once all children ended. */
export function watchOthers(): () => number {
  const [startedAt, machine, own] = [performance.now(), machineCpuSeconds(), ownCpuSeconds()];
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    return Math.max(0, (machineCpuSeconds() - machine - (ownCpuSeconds() - own)) / seconds);
  };
}

/** Resident memory in KiB. */
export function residentKiBOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
}

/** How many files this process, and thus each of its children, may hold open. */
export function mostOpenFiles(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/mu.exec(limits)?.[1] ?? 1024);
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** What the servers that Countersign is compared with say when they listen. */
export interface Announcement {
  readonly port: number;
  /** Bearer tokens that it gave out, where it does. */
  readonly tokens?: readonly string[];
}

export interface Baseline extends Announcement {
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a server to compare with, on the core for servers.
 * @param program its file
 * @param input handed to it as JSON on its standard input
 */
export async function startBaseline(
  program: URL,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<Baseline> {
  const child = spawn(process.execPath, [fileURLToPath(program)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  const announcement = await firstLine(child);
  const pid = child.pid ?? 0;
  pin(pid, serverCore);
  return {
    ...(JSON.parse(announcement) as Announcement),
    pid,
    stop: async () => {
      await ended(child);
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`A server to compare with ended with ${code} before it listened.`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });
}
