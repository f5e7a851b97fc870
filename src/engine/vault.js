// Tables in the browser's private file system, one file a table, in one folder. Runs in the worker.

/** Opens a folder, making it when it is not there. Null where the browser has no private file system. */
export async function openVault(path) {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(path, { create: true });
    // Under a name of its own: workers of several pages may look at one time.
    const name = `.probe-${crypto.randomUUID()}`;
    (await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle()).close();
    await folder.removeEntry(name);
    return new Vault(folder);
  } catch {
    return null;
  }
}

class Vault {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /** Writes a table: `write(put)` calls `put(offset, bytes)`. Its checksum tells a torn write, so nothing waits for the disk. */
  async save(id, write) {
    const handle = await (await this.#folder.getFileHandle(id, { create: true })).createSyncAccessHandle();
    try {
      handle.truncate(0);
      write((at, bytes) => writeAll(handle, bytes, at));
    } finally {
      handle.close();
    }
  }

  /** A table's bytes, or null. */
  async load(id) {
    let file;
    try {
      file = await (await this.#folder.getFileHandle(id)).getFile();
    } catch {
      return null;
    }
    return new Uint8Array(await file.arrayBuffer());
  }

  /** Removes all tables but those in `ids`. */
  async keep(ids) {
    const names = [];
    for await (const name of this.#folder.keys()) names.push(name);
    for (const name of names) {
      if (!ids.includes(name)) await this.#folder.removeEntry(name).catch(() => {});
    }
  }
}

function writeAll(handle, bytes, at) {
  for (let done = 0; done < bytes.length; ) {
    const n = handle.write(bytes.subarray(done, done + (64 << 20)), { at: at + done });
    if (n === 0) throw new DOMException('The storage is full.', 'QuotaExceededError');
    done += n;
  }
}
