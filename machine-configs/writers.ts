/** Who wrote which value. */
import type { Path } from "./document";
import { isContainer } from "./plain-data";

/** The writers of one document's values; `Writer` stands for a part of a configuration, such as a patch. */
export class Writers {
  private readonly root = new Written();
  private writings = 0;

  /** Remembers who wrote a value and all that is in it. */
  write(path: Path, value: unknown, writer: string): void {
    this.writings += 1;
    path.reduce((written, key) => written.enter(key), this.root).write(value, { writer, order: this.writings });
  }

  /** Forgets an item of a list; those behind it move up. */
  removeItem(list: Path, index: number): void {
    this.at(list)?.removeItem(index);
  }

  /** Who wrote what is at a path, the last one last; nobody when nothing was written there. */
  of(path: Path): readonly string[] {
    for (let length = path.length; length >= 0; length--) {
      const written = this.at(path.slice(0, length));
      if (written !== undefined && (length === path.length || written.isLeaf)) return written.writers();
    }
    return [];
  }

  private at(path: Path): Written | undefined {
    return path.reduce<Written | undefined>((written, key) => written?.inner.get(key), this.root);
  }
}

interface Writing {
  readonly writer: string;
  readonly order: number;
}

/** A place, with who wrote the value there or, where that holds others, with their places. */
class Written {
  readonly inner = new Map<string | number, Written>();
  private writing: Writing | undefined;

  get isLeaf(): boolean {
    return this.inner.size === 0;
  }

  /** The place of a key. */
  enter(key: string | number): Written {
    const written = this.inner.get(key) ?? new Written();
    this.inner.set(key, written);
    return written;
  }

  write(value: unknown, writing: Writing): void {
    this.inner.clear();
    this.writing = writing;
    if (!isContainer(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      this.enter(Array.isArray(value) ? Number(key) : key).write(inner, writing);
    }
  }

  removeItem(index: number): void {
    const length = this.inner.size;
    for (let position = index; position < length; position++) {
      const next = this.inner.get(position + 1);
      if (next === undefined) this.inner.delete(position);
      else this.inner.set(position, next);
    }
  }

  writers(): readonly string[] {
    const writings = this.writings().sort((one, other) => one.order - other.order);
    return [...new Set(writings.map(({ writer }) => writer))];
  }

  /** Of a map or list, those of what it holds: it is there since any of them. */
  private writings(): Writing[] {
    if (this.isLeaf) return this.writing === undefined ? [] : [this.writing];
    return [...this.inner.values()].flatMap((written) => written.writings());
  }
}
