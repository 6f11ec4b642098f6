package io.egressgateway.k8s.status;

import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * The writes that bring a policy's slices to the endpoints that are wanted: as few as possible, so
 * an endpoint stays in its slice, and new ones go first where there has to be a write anyway.
 *
 * @param writes those that add come before those that remove
 */
record SlicePlan(List<Write> writes) {
  SlicePlan {
    writes = List.copyOf(writes);
  }

  /** A slice that exists. */
  record Existing(String name, List<Endpoint> endpoints) {
    Existing {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** A change of one slice. */
  sealed interface Write {}

  /** A new slice; the API server gives it a name. */
  record Create(List<Endpoint> endpoints) implements Write {
    Create {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** Other endpoints for a slice. */
  record Replace(String name, List<Endpoint> endpoints) implements Write {
    Replace {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** A slice that is empty or in excess. */
  record Delete(String name) implements Write {}

  /**
   * Plans the writes.
   *
   * @param existing the policy's slices, in any order
   * @param wanted all of the policy's endpoints
   */
  static SlicePlan of(List<Existing> existing, SortedSet<SliceEndpoint> wanted) {
    Map<Pod, Endpoint> open = new LinkedHashMap<>();
    wanted.forEach(
        endpoint ->
            open.put(
                new Pod(endpoint.namespace(), endpoint.pod()), EndpointProjection.of(endpoint)));
    List<Draft> drafts = existing.stream().map(slice -> Draft.keeping(slice, open)).toList();

    List<Endpoint> rest = new ArrayList<>(open.values());
    drafts.stream().filter(Draft::differs).forEach(draft -> draft.takeFrom(rest));
    drafts.stream().filter(draft -> !draft.differs()).forEach(draft -> draft.takeFrom(rest));

    List<Write> writes = new ArrayList<>();
    for (int from = 0; from < rest.size(); from += EndpointSliceResource.ENDPOINTS_MAX) {
      int to = Math.min(rest.size(), from + EndpointSliceResource.ENDPOINTS_MAX);
      writes.add(new Create(rest.subList(from, to)));
    }
    drafts.stream()
        .filter(draft -> draft.differs() && !draft.endpoints.isEmpty())
        .forEach(draft -> writes.add(new Replace(draft.slice.name(), draft.endpoints)));
    drafts.stream()
        .filter(draft -> draft.endpoints.isEmpty())
        .forEach(draft -> writes.add(new Delete(draft.slice.name())));
    return new SlicePlan(writes);
  }

  /** What makes an endpoint the same one when its addresses change. */
  private record Pod(String namespace, String name) {}

  /** What a slice is going to hold. */
  private static final class Draft {
    private final Existing slice;
    private final List<Endpoint> endpoints = new ArrayList<>();

    private Draft(Existing slice) {
      this.slice = slice;
    }

    /** Moves those endpoints here from {@code open} that the slice has already. */
    static Draft keeping(Existing slice, Map<Pod, Endpoint> open) {
      Draft draft = new Draft(slice);
      for (Endpoint endpoint : slice.endpoints()) {
        if (draft.endpoints.size() < EndpointSliceResource.ENDPOINTS_MAX
            && endpoint.ns() != null
            && endpoint.pod() != null) {
          Endpoint current = open.remove(new Pod(endpoint.ns(), endpoint.pod()));
          if (current != null) {
            draft.endpoints.add(current);
          }
        }
      }
      return draft;
    }

    boolean differs() {
      return !endpoints.equals(slice.endpoints());
    }

    void takeFrom(List<Endpoint> rest) {
      int room = Math.min(rest.size(), EndpointSliceResource.ENDPOINTS_MAX - endpoints.size());
      List<Endpoint> taken = rest.subList(0, room);
      endpoints.addAll(taken);
      taken.clear();
    }
  }
}
