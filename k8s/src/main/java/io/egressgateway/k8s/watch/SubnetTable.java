package io.egressgateway.k8s.watch;

import io.egressgateway.core.model.Cidr;
import io.egressgateway.core.model.IpAddress;
import io.egressgateway.core.model.IpFamily;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds what is filed under the blocks that contain an address: one look-up for each length of
 * prefix that is in use, however many blocks there are. Not thread-safe.
 */
final class SubnetTable<T> {

  private final Map<Cidr, Set<T>> byBlock = new HashMap<>();

  /** How many blocks there are of each length. */
  private final Map<IpFamily, TreeMap<Integer, Integer>> lengths = new EnumMap<>(IpFamily.class);

  void put(Collection<Cidr> blocks, T item) {
    for (Cidr block : blocks) {
      byBlock
          .computeIfAbsent(
              block,
              added -> {
                count(added, 1);
                return new HashSet<>();
              })
          .add(item);
    }
  }

  void remove(Collection<Cidr> blocks, T item) {
    for (Cidr block : blocks) {
      Set<T> items = byBlock.getOrDefault(block, new HashSet<>());
      if (items.remove(item) && items.isEmpty()) {
        byBlock.remove(block);
        count(block, -1);
      }
    }
  }

  private void count(Cidr block, int change) {
    lengths
        .computeIfAbsent(block.family(), family -> new TreeMap<>())
        .merge(
            block.prefixLength(),
            change,
            (before, by) -> before + by == 0 ? null : Integer.valueOf(before + by));
  }

  boolean isEmpty() {
    return byBlock.isEmpty();
  }

  Stream<T> containing(IpAddress address) {
    return lengths.getOrDefault(address.family(), new TreeMap<>()).keySet().stream()
        .flatMap(length -> byBlock.getOrDefault(new Cidr(address, length), Set.of()).stream());
  }
}
