package io.egressgateway.node.kernel;

import io.egressgateway.core.collection.PersistentMap;
import io.egressgateway.core.model.IpFamily;
import io.egressgateway.node.kernel.KernelObject.Neighbour;
import io.egressgateway.node.kernel.KernelObject.Tunnel;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What is ours in a kernel, or should be. An object without our mark is never in here, so it can
 * never be in a {@link KernelDelta}.
 *
 * @param objects routing objects by key
 * @param table our nf_tables table
 * @param settings values below {@code /proc/sys} by their path with slashes, as {@code
 *     net/ipv4/ip_forward}. They belong to the node: we set what we need and never set it back
 * @param closedForwards families whose {@link ForwardChain} drops what nobody accepts: not ours,
 *     but it decides whether a rule of ours has to stand there
 */
public record KernelState(
    SortedMap<KernelObject.Key, KernelObject> objects,
    Optional<TableState> table,
    SortedMap<String, String> settings,
    SortedSet<IpFamily> closedForwards) {
  public KernelState {
    objects = PersistentMap.copyOf(objects);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    closedForwards = Collections.unmodifiableSortedSet(new TreeSet<>(closedForwards));
  }

  /** Nothing of ours is there. */
  public static KernelState empty() {
    return new KernelState(new TreeMap<>(), Optional.empty(), new TreeMap<>(), new TreeSet<>());
  }

  /** The same with these objects instead. */
  public KernelState withObjects(Collection<KernelObject> replacement) {
    SortedMap<KernelObject.Key, KernelObject> byKey = new TreeMap<>();
    replacement.forEach(object -> byKey.put(object.key(), object));
    return new KernelState(byKey, table, settings, closedForwards);
  }

  /** The same with this table instead. */
  public KernelState withTable(Optional<TableState> replacement) {
    return new KernelState(objects, replacement, settings, closedForwards);
  }

  /** The same with these settings instead. */
  public KernelState withSettings(SortedMap<String, String> replacement) {
    return new KernelState(objects, table, replacement, closedForwards);
  }

  /** The same beside these closed chains instead. */
  public KernelState withClosedForwards(SortedSet<IpFamily> replacement) {
    return new KernelState(objects, table, settings, replacement);
  }

  /** Whether there is nothing of ours; settings do not count. */
  public boolean isEmpty() {
    return objects.isEmpty() && table.isEmpty();
  }

  KernelState put(KernelObject object) {
    return changed(
        object instanceof Tunnel tunnel ? keys(near -> forgets(tunnel, near)) : List.of(),
        Map.of(object.key(), object));
  }

  KernelState remove(KernelObject object) {
    KernelState remaining = changed(List.of(object.key()), Map.of());
    return object instanceof KernelObject.Tunnel tunnel
        ? remaining.withoutLink(tunnel.device())
        : remaining;
  }

  private KernelState changed(
      List<KernelObject.Key> gone, Map<KernelObject.Key, KernelObject> put) {
    return new KernelState(
        PersistentMap.copyOf(objects).changed(gone, put), table, settings, closedForwards);
  }

  private List<KernelObject.Key> keys(Predicate<KernelObject> which) {
    return objects.values().stream().filter(which).map(KernelObject::key).toList();
  }

  /** Whether the object goes when the tunnel's device becomes what is wanted. */
  boolean forgets(Tunnel wanted, KernelObject object) {
    return objects.get(wanted.key()) instanceof Tunnel found
        && !found.mac().equals(wanted.mac())
        && object instanceof Neighbour
        && object.link().equals(wanted.device());
  }

  /** The kernel takes everything that stands on a link away with it. */
  private KernelState withoutLink(String link) {
    SortedMap<String, String> remaining = new TreeMap<>(settings);
    remaining.keySet().removeIf(path -> path.startsWith("net/ipv4/conf/" + link + "/"));
    return changed(keys(object -> object.link().equals(link)), Map.of()).withSettings(remaining);
  }

  KernelState set(String path, String value) {
    SortedMap<String, String> changed = new TreeMap<>(settings);
    changed.put(path, value);
    return new KernelState(objects, table, changed, closedForwards);
  }
}
