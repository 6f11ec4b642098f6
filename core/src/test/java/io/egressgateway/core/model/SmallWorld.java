package io.egressgateway.core.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

/**
 * Sixty-four addresses of a family as bits: the plain model that the clever code is compared with.
 * The window lies at the family's end, where successors run out.
 */
record SmallWorld(IpFamily family) {

  static final int SIZE = 64;

  IpAddress address(int index) {
    BigInteger base = BigInteger.ONE.shiftLeft(family.bits()).subtract(BigInteger.valueOf(SIZE));
    return IpAddress.fromBigInteger(family, base.add(BigInteger.valueOf(index)));
  }

  BitSet bits(Random random) {
    BitSet bits = new BitSet();
    int runs = random.nextInt(6);
    for (int i = 0; i < runs; i++) {
      int start = random.nextInt(SIZE);
      bits.set(start, Math.min(SIZE, start + 1 + random.nextInt(12)));
    }
    return bits;
  }

  List<IpRange> ranges(BitSet bits) {
    List<IpRange> ranges = new ArrayList<>();
    for (int start = bits.nextSetBit(0); start >= 0; ) {
      int end = bits.nextClearBit(start);
      ranges.add(new IpRange(address(start), address(end - 1)));
      start = bits.nextSetBit(end);
    }
    return ranges;
  }

  /** The same addresses cut anywhere and in any order. */
  List<IpRange> pieces(Random random, BitSet bits) {
    List<IpRange> pieces = new ArrayList<>();
    for (IpRange range : ranges(bits)) {
      IpAddress start = range.first();
      for (IpAddress end = start; ; end = end.next().orElseThrow()) {
        boolean last = end.equals(range.last());
        if (last || random.nextInt(4) == 0) {
          pieces.add(new IpRange(start, end));
          if (last) {
            break;
          }
          start = end.next().orElseThrow();
        }
      }
    }
    Collections.shuffle(pieces, random);
    return pieces;
  }

  IpPool pool(BitSet bits) {
    return IpPool.of(family, ranges(bits));
  }

  CidrSet cidrSet(BitSet bits) {
    return CidrSet.of(ranges(bits).stream().flatMap(range -> range.toCidrs().stream()).toList());
  }

  NavigableSet<IpAddress> addresses(BitSet bits) {
    NavigableSet<IpAddress> addresses = new TreeSet<>();
    bits.stream().mapToObj(this::address).forEach(addresses::add);
    return addresses;
  }
}
