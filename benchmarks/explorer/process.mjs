/** Runs a measurement in a process of its own and watches what it and its children use. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const PAGE_SIZE = 4096;
const TICKS = 100;
const LOOK_EVERY = 50;
/** A busy machine may take this many times the CPU time. */
const PATIENCE = 4;

/**
 * @param {string[]} args of node @param {{minutes: number, gigabytes: number}} limits minutes of CPU time
 * @returns {Promise<{ok: boolean, out: string, why: string, memory: number, seconds: number}>} memory: peak of all its
 *   processes in MB; seconds: their CPU time
 */
export function run(args, { minutes, gigabytes }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${gigabytes * 1024}`, ...args], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let [out, errors, why, memory, seconds] = ["", "", "", 0, 0];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (errors += data));
    const stop = (/** @type {string} */ reason) => {
      why ||= reason;
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    };
    const watch = setInterval(() => {
      const used = useOfGroup(child.pid ?? 0);
      memory = Math.max(memory, used.memory);
      seconds = Math.max(seconds, used.seconds);
      if (used.memory > gigabytes * 1024) stop(`stopped at ${gigabytes} GB of memory`);
      if (used.seconds > minutes * 60) stop(`stopped after ${minutes} minutes of CPU time`);
    }, LOOK_EVERY);
    const timer = setTimeout(() => stop(`stopped after ${minutes * PATIENCE} minutes`), minutes * PATIENCE * 60_000);
    child.on("close", (code) => {
      clearInterval(watch);
      clearTimeout(timer);
      if (code !== 0 && !why) why = /heap out of memory/.test(errors) ? `ran out of ${gigabytes} GB of memory` : `failed: ${told(errors)}`;
      resolve({ ok: code === 0, out, why, memory, seconds });
    });
  });
}

/** What went wrong; below it Node prints where, and its version. @param {string} errors */
function told(errors) {
  const lines = errors.trim().split("\n");
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[lines.length - 1];
}

/** Resident memory in MB and CPU seconds of a process group. @param {number} group */
function useOfGroup(group) {
  let [memory, seconds] = [0, 0];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
      if (Number(fields[2]) !== group) continue;
      memory += (Number(fields[21]) * PAGE_SIZE) / 2 ** 20;
      seconds += (Number(fields[11]) + Number(fields[12])) / TICKS;
    } catch {
      // It ended between the two looks.
    }
  }
  return { memory, seconds };
}
