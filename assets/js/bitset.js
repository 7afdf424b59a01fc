/** Sets of ordinals, one bit each. All sets that meet have the same size. */
export class BitSet {
  /** @param {number} size how many ordinals there are */
  constructor(size) {
    this.size = size;
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  /** @param {number} size */
  static full(size) {
    const set = new BitSet(size);
    set.words.fill(0xffffffff);
    if (size & 31) set.words[set.words.length - 1] = 2 ** (size & 31) - 1;
    return set;
  }

  /** @param {number} size @param {Iterable<number>} ordinals */
  static of(size, ordinals) {
    const set = new BitSet(size);
    for (const ordinal of ordinals) set.add(ordinal);
    return set;
  }

  clone() {
    const copy = new BitSet(this.size);
    copy.words.set(this.words);
    return copy;
  }

  /** @param {number} ordinal */
  add(ordinal) {
    this.words[ordinal >>> 5] |= 1 << (ordinal & 31);
  }

  /** @param {number} ordinal */
  has(ordinal) {
    return ((this.words[ordinal >>> 5] >>> (ordinal & 31)) & 1) === 1;
  }

  /** Keep what both have. @param {BitSet} other */
  and(other) {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= other.words[i];
    return this;
  }

  /** Take in what the other has. @param {BitSet} other */
  or(other) {
    for (let i = 0; i < this.words.length; i++) this.words[i] |= other.words[i];
    return this;
  }

  /** Drop what the other has. @param {BitSet} other */
  andNot(other) {
    for (let i = 0; i < this.words.length; i++) this.words[i] &= ~other.words[i];
    return this;
  }

  count() {
    let sum = 0;
    for (let i = 0; i < this.words.length; i++) sum += ones(this.words[i]);
    return sum;
  }

  /** How many both have. @param {BitSet} other */
  countAnd(other) {
    const mine = this.words;
    const theirs = other.words;
    let sum = 0;
    for (let i = 0; i < mine.length; i++) sum += ones(mine[i] & theirs[i]);
    return sum;
  }

  /** Call back with every ordinal in rising order. @param {(ordinal: number) => void} visit */
  forEach(visit) {
    for (let i = 0; i < this.words.length; i++) {
      for (let word = this.words[i]; word !== 0; word &= word - 1) visit((i << 5) + 31 - Math.clz32(word & -word));
    }
  }

  /** The members from one position to before another, in rising order. @param {number} [start] @param {number} [end] */
  slice(start = 0, end = Infinity) {
    /** @type {number[]} */
    const found = [];
    let position = 0;
    for (let i = 0; i < this.words.length && position < end; i++) {
      const here = ones(this.words[i]);
      if (position + here > start) {
        for (let word = this.words[i], at = position; word !== 0; word &= word - 1, at++) {
          if (at >= start && at < end) found.push((i << 5) + 31 - Math.clz32(word & -word));
        }
      }
      position += here;
    }
    return found;
  }
}

/** Bits set in a word of 32: the parallel sum, Warren, "Hacker's Delight", 5-1. @param {number} word */
function ones(word) {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
