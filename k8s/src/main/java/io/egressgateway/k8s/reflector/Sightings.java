package io.egressgateway.k8s.reflector;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The newest version of each object of a kind that was told on, and what lists and watches change
 * in it. A list is a state, whatever was known before. A watch tells changes, which may be repeated
 * and out of order when one watch follows another: of an object, only what is newer counts, and an
 * object whose end was told does not come back. Not thread-safe.
 */
final class Sightings {
  /** More than one in so many that a list lacks are too many to be believed at once. */
  private static final int BELIEVED_SHARE = 5;

  private static final Comparator<ObjectId> BY_KEY = Comparator.comparing(ObjectId::key);

  private final Map<String, Sighting> known = new HashMap<>();

  /** The uids of objects whose end the present watch has told, and the one before. */
  private Set<String> ended = new HashSet<>();

  private Set<String> endedBefore = new HashSet<>();

  private record Sighting(ObjectId object, String version) {}

  /** What an object is that has been seen. */
  sealed interface Sight {}

  /** Nothing new. */
  record Familiar() implements Sight {}

  /**
   * It has not been told on like this.
   *
   * @param replaced the object that had its name
   */
  record News(Optional<ObjectId> replaced) implements Sight {}

  int count() {
    return known.size();
  }

  /** A list has the object, also one that came back with a store that was restored. */
  Sight listed(ObjectMeta object) {
    ended.remove(object.getUid());
    endedBefore.remove(object.getUid());
    return put(object);
  }

  /** A watch shows the object. */
  Sight shown(ObjectMeta object) {
    Sighting former = known.get(ObjectId.of(object).key());
    boolean isOld = former != null && isOlder(object, former);
    return isOld || hasEnded(object.getUid()) ? new Familiar() : put(object);
  }

  private Sight put(ObjectMeta meta) {
    ObjectId object = ObjectId.of(meta);
    Sighting sighting = new Sighting(object, meta.getResourceVersion());
    Sighting former = known.put(object.key(), sighting);
    if (former == null) {
      return new News(Optional.empty());
    }
    if (former.equals(sighting)) {
      return new Familiar();
    }
    return new News(Optional.of(former.object()).filter(replaced -> !replaced.equals(object)));
  }

  /** A watch shows the object's end; whether it is news. */
  boolean showsEnd(ObjectMeta meta) {
    ObjectId object = ObjectId.of(meta);
    ended.add(object.uid());
    Sighting former = known.get(object.key());
    if (former == null || !former.object().equals(object)) {
      return false;
    }
    known.remove(object.key());
    return true;
  }

  /** Another watch follows, which may repeat what the present one told. */
  void nextWatch() {
    endedBefore = ended;
    ended = new HashSet<>();
  }

  private boolean hasEnded(String uid) {
    return ended.contains(uid) || endedBefore.contains(uid);
  }

  private static boolean isOlder(ObjectMeta object, Sighting former) {
    return object.getUid().equals(former.object().uid())
        && ResourceVersions.isOlder(object.getResourceVersion(), former.version());
  }

  /** What is known and none of these, in the order of names. */
  List<ObjectId> missing(Set<String> keys) {
    return known.values().stream()
        .map(Sighting::object)
        .filter(object -> !keys.contains(object.key()))
        .sorted(BY_KEY)
        .toList();
  }

  /**
   * Whether a list may lack these: few, or such as another list lacked before it. An object that is
   * gone does not come back, so that a list which lacked one that is there proves nothing.
   *
   * @param before what that list lacked
   */
  boolean isCredible(Collection<ObjectId> missing, Set<ObjectId> before) {
    boolean agree = new HashSet<>(missing).containsAll(before);
    long unheardOf = missing.stream().filter(object -> !(agree && before.contains(object))).count();
    return unheardOf * BELIEVED_SHARE <= known.size();
  }

  void forget(Collection<ObjectId> objects) {
    objects.forEach(object -> known.remove(object.key()));
  }
}
