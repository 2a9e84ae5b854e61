import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { cardAgent } from '../launcher/card-agent.mjs';
import { builtFolder, root } from '../launcher/places.mjs';

const run = promisify(execFile);

/** What a guest is started from. */
export interface GuestImage {
  readonly kernel: string;
  readonly initrd: string;
  /** The emulator: a program, its first arguments, and what it needs in its environment. */
  readonly qemu: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/** Why there is none on this machine, in words. */
export class NoGuest extends Error {}

/**
 * Debian's kernel, DAHDI's modules built from Debian's package for it, busybox, and the card agent. Everything is downloaded by apt and
 * unpacked under .tipring/dahdi, nothing is installed and nothing of it is in the repository; it is kept by the versions of the packages.
 * @throws {NoGuest} where the packages or the programs cannot be had
 */
export async function guestImage(emulator: 'own' | 'backports' = 'own'): Promise<GuestImage> {
  if (process.arch !== 'x64' || !isDebian12()) throw new NoGuest('needs Debian 12 on x86-64, whose packages the guest is made of');
  for (const program of ['apt-get', 'dpkg-deb', 'gcc', 'make', 'strip']) await found(program);
  const packages = await packagesOf();
  const key = createHash('sha256').update(JSON.stringify([packages, readFileSync(import.meta.filename, 'utf8')])).digest('hex').slice(0, 16);
  const folder = join(builtFolder, 'dahdi', key);
  if (!existsSync(join(folder, 'done'))) await build(folder, packages);
  const initrd = await initrdOf(folder);
  return { kernel: join(folder, 'vmlinuz'), initrd, ...(emulator === 'own' ? ownEmulator(folder) : await backportedEmulator()) };
}

function isDebian12(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID=debian$/m.test(release) && /^VERSION_ID="12"$/m.test(release);
}

interface Packages {
  readonly kernel: string;
  /** Name to version, all to be downloaded. */
  readonly versions: Readonly<Record<string, string>>;
}

async function found(program: string): Promise<void> {
  await run('sh', ['-c', `command -v ${program}`]).catch(() => {
    throw new NoGuest(`there is no ${program} (on Debian: apt install gcc make binutils)`);
  });
}

async function packagesOf(): Promise<Packages> {
  const depends = await apt('apt-cache', ['depends', 'linux-image-cloud-amd64']);
  const kernel = /Depends: linux-image-(\S+)/.exec(depends)?.[1];
  if (kernel === undefined) throw new NoGuest('apt knows no linux-image-cloud-amd64 (apt-get update)');
  const kbuild = `linux-kbuild-${kernel.split('.').slice(0, 2).join('.')}`;
  const names = ['dahdi-dkms', 'busybox-static', 'cpio', `linux-image-${kernel}`, `linux-headers-${kernel}`, `linux-headers-${kernel.replace(/-cloud-amd64$/, '')}-common`, kbuild, 'qemu-system-x86', 'seabios'];
  const shown = await apt('apt-cache', ['show', '--no-all-versions', ...names]);
  const versions = Object.fromEntries([...shown.matchAll(/^Package: (\S+)\n(?:.*\n)*?Version: (\S+)/gm)].map(([, name, version]) => [name!, version!]));
  const missing = names.filter((name) => versions[name] === undefined);
  if (missing.length > 0) throw new NoGuest(`apt has no ${missing.join(', ')} (apt-get update)`);
  return { kernel, versions };
}

async function build(folder: string, { kernel, versions }: Packages): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  for (const name of ['debs/partial', 'root', 'kernel', 'modules']) mkdirSync(join(draft, name), { recursive: true });
  try {
    const debs = join(draft, 'debs');
    // QEMU with the libraries that it wants, whatever of them this machine has; of the rest the packages alone.
    const everything = ['-o', `Dir::Cache::archives=${debs}/`, '-o', 'Dir::State::status=/dev/null', '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root'];
    await apt('apt-get', [...everything, 'install', '-y', '-qq', '--no-install-recommends', '--download-only', 'qemu-system-x86', 'seabios'], debs);
    await apt('apt-get', ['-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root', 'download', ...Object.keys(versions).filter((name) => !['qemu-system-x86', 'seabios'].includes(name))], debs);
    // The C library is this machine's, whose loader must be of the same build.
    for (const deb of readdirSync(debs).filter((name) => name.endsWith('.deb') && !name.startsWith('libc6_'))) await run('dpkg-deb', ['-x', join(debs, deb), join(draft, deb.startsWith('linux-') ? 'kernel' : 'root')]);
    await buildModules(draft, kernel);
    renameSync(join(draft, 'kernel/boot', `vmlinuz-${kernel}`), join(draft, 'vmlinuz'));
    for (const done of ['debs', 'kernel', 'source', 'elf']) rmSync(join(draft, done), { recursive: true, force: true });
    writeFileSync(join(draft, 'done'), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The genuine modules, and those of the kernel that a virtual network card wants, in the order of loading. */
async function buildModules(draft: string, kernel: string): Promise<void> {
  const source = join(draft, 'source');
  const packaged = readdirSync(join(draft, 'root/usr/src')).find((name) => name.startsWith('dahdi-'));
  if (packaged === undefined) throw new NoGuest('the package dahdi-dkms has no source');
  cpSync(join(draft, 'root/usr/src', packaged), source, { recursive: true });
  const headers = join(draft, 'kernel/usr/src', `linux-headers-${kernel}`);
  const makefile = join(headers, 'Makefile');
  writeFileSync(makefile, readFileSync(makefile, 'utf8').replace(/^include \/usr\/src\//m, `include ${draft}/kernel/usr/src/`));
  await run('make', ['-C', source, 'include/dahdi/version.h']);
  const chosen = ['DAHDI', 'DAHDI_DYNAMIC', 'DAHDI_DYNAMIC_LOC', 'DAHDI_WCTDM'].map((name) => `CONFIG_${name}=m`);
  const built = join(source, 'drivers/dahdi');
  // A tool of the kernel's build wants libelf, which QEMU brings along.
  mkdirSync(join(draft, 'elf'));
  const libraries = join(draft, 'root/usr/lib/x86_64-linux-gnu');
  for (const name of readdirSync(libraries).filter((name) => name.startsWith('libelf'))) cpSync(join(libraries, name), join(draft, 'elf', name), { verbatimSymlinks: true });
  await run('make', ['-C', headers, `KBUILD_EXTMOD=${built}`, `DAHDI_INCLUDE=${source}/include`, 'HOTPLUG_FIRMWARE=yes', 'DAHDI_BUILD_ALL=', ...chosen, 'modules'], { maxBuffer: 64 << 20, env: { ...process.env, LD_LIBRARY_PATH: join(draft, 'elf') } });
  const drivers = join(draft, 'kernel/lib/modules', kernel, 'kernel');
  const virtio = ['virtio_ring', 'virtio', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci'].map((name) => `drivers/virtio/${name}`);
  const network = ['net/core/failover', 'drivers/net/net_failover', 'drivers/net/virtio_net'];
  const theirs = [...virtio, ...network].map((name) => join(drivers, `${name}.ko`));
  const dahdi = ['dahdi', 'dahdi_dynamic', 'dahdi_dynamic_loc'].map((name) => join(built, `${name}.ko`));
  for (const path of [...theirs, ...dahdi, join(built, 'wctdm.ko')]) await run('strip', ['-g', '-o', join(draft, 'modules', basename(path)), path]);
  writeFileSync(join(draft, 'modules/order'), [...theirs, ...dahdi].map((path) => `${basename(path)}\n`).join(''));
}

/** What is the repository's own is put in anew when it has changed. */
async function initrdOf(folder: string): Promise<string> {
  const agent = await cardAgent('static');
  const programs = await guestPrograms(folder);
  const own = [agent, ...programs, join(guestFolder, 'init.sh')];
  const key = createHash('sha256').update(own.map((path) => readFileSync(path)).join('')).digest('hex').slice(0, 16);
  const initrd = join(folder, `initrd-${key}.gz`);
  if (existsSync(initrd)) return initrd;
  const tree = join(folder, `initrd.${process.pid}`);
  for (const name of ['bin', 'modules']) mkdirSync(join(tree, name), { recursive: true });
  cpSync(join(folder, 'root/bin/busybox'), join(tree, 'bin/busybox'));
  cpSync(join(folder, 'modules'), join(tree, 'modules'), { recursive: true });
  cpSync(agent, join(tree, 'bin/card-agent'));
  for (const program of programs) cpSync(program, join(tree, 'bin', basename(program)));
  cpSync(join(guestFolder, 'init.sh'), join(tree, 'init'));
  const draft = `${initrd}.${process.pid}`;
  await run('sh', ['-c', `cd "${tree}" && chmod +x init bin/* && find . | "${folder}/root/bin/cpio" -o -H newc --quiet | gzip -1 >"${draft}"`]);
  rmSync(tree, { recursive: true });
  renameSync(draft, initrd);
  return initrd;
}

/** spans and relay, which run in the guest; without shared libraries. */
async function guestPrograms(folder: string): Promise<string[]> {
  const sources = ['spans.c', 'relay.c'].map((name) => join(guestFolder, name));
  const key = createHash('sha256').update(sources.map((path) => readFileSync(path)).join('')).digest('hex').slice(0, 16);
  const target = join(folder, `programs-${key}`);
  mkdirSync(target, { recursive: true });
  const programs: string[] = [];
  for (const source of sources) {
    const program = join(target, basename(source, '.c'));
    if (!existsSync(program)) await run('gcc', ['-std=c11', '-O2', '-static', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-I', join(root, 'libs/cards/agent'), '-o', program, source]);
    programs.push(program);
  }
  return programs;
}

function ownEmulator(folder: string): Pick<GuestImage, 'qemu' | 'environment'> {
  const unpacked = join(folder, 'root');
  return { qemu: [join(unpacked, 'usr/bin/qemu-system-x86_64'), ...firmware(unpacked)], environment: { LD_LIBRARY_PATH: librariesOf(unpacked).join(':') } };
}

/** QEMU 10.1 or later, for devices outside of it (vfio-user): from the next Debian's backports, with the C library that it wants. */
async function backportedEmulator(): Promise<Pick<GuestImage, 'qemu' | 'environment'>> {
  const folder = join(builtFolder, 'dahdi', 'backports');
  const unpacked = join(folder, 'root');
  if (!existsSync(join(folder, 'done'))) {
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['state/lists/partial', 'cache/archives/partial', 'root']) mkdirSync(join(folder, name), { recursive: true });
    const source = ['trixie', 'trixie-backports'].map((suite) => `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian ${suite} main\n`);
    writeFileSync(join(folder, 'sources.list'), source.join(''));
    writeFileSync(join(folder, 'status'), '');
    const places = { SourceList: 'sources.list', SourceParts: 'none' };
    const options = ['-o', `Dir::State=${folder}/state`, '-o', `Dir::Cache=${folder}/cache`, '-o', `Dir::State::status=${folder}/status`, '-o', 'APT::Sandbox::User=root', ...Object.entries(places).flatMap(([name, file]) => ['-o', `Dir::Etc::${name}=${folder}/${file}`])];
    await apt('apt-get', [...options, 'update', '-qq']);
    await apt('apt-get', [...options, 'install', '-y', '-qq', '--no-install-recommends', '--download-only', '-t', 'trixie-backports', 'qemu-system-x86', 'seabios']);
    for (const deb of readdirSync(join(folder, 'cache/archives')).filter((name) => name.endsWith('.deb'))) await run('dpkg-deb', ['-x', join(folder, 'cache/archives', deb), unpacked]);
    for (const done of ['cache', 'state']) rmSync(join(folder, done), { recursive: true, force: true });
    writeFileSync(join(folder, 'done'), '');
  }
  const loader = join(unpacked, 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2');
  return { qemu: [loader, '--library-path', librariesOf(unpacked).join(':'), join(unpacked, 'usr/bin/qemu-system-x86_64'), ...firmware(unpacked)], environment: {} };
}

function librariesOf(unpacked: string): string[] {
  return [join(unpacked, 'usr/lib/x86_64-linux-gnu'), join(unpacked, 'lib/x86_64-linux-gnu')];
}

function firmware(unpacked: string): string[] {
  return ['usr/share/qemu', 'usr/share/seabios'].flatMap((name) => ['-L', join(unpacked, name)]);
}

async function apt(program: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    return (await run(program, [...args], { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }, maxBuffer: 16 << 20 })).stdout;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new NoGuest(`${program} ${args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? ''}: ${said.split('\n').at(-1)}`, { cause: error });
  }
}

const guestFolder = join(import.meta.dirname, 'guest');
