package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.egressgateway.k8s.status.SlicePlan.Create;
import io.egressgateway.k8s.status.SlicePlan.Delete;
import io.egressgateway.k8s.status.SlicePlan.Existing;
import io.egressgateway.k8s.status.SlicePlan.Replace;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

  private static Existing slice(String name, SortedSet<SliceEndpoint> endpoints) {
    return new Existing(name, items(endpoints));
  }

  private static List<Endpoint> items(SortedSet<SliceEndpoint> endpoints) {
    return endpoints.stream().map(EndpointProjection::of).toList();
  }

  private static SortedSet<SliceEndpoint> none() {
    return Given.endpoints(0, 0);
  }

  private static void check(
      List<Existing> existing, SortedSet<SliceEndpoint> wanted, SlicePlan.Write... writes) {
    assertThat(SlicePlan.of(existing, wanted).writes()).containsExactly(writes);
  }

  @Test
  void nothingForNothing() {
    check(List.of(), none());
  }

  @Test
  void newOnesAreFilledUp() {
    check(
        List.of(),
        Given.endpoints(0, 150),
        new Create(items(Given.endpoints(0, 100))),
        new Create(items(Given.endpoints(100, 150))));
  }

  @Test
  void whatIsRightIsLeft() {
    check(
        List.of(slice("a", Given.endpoints(0, 100)), slice("b", Given.endpoints(100, 150))),
        Given.endpoints(0, 150));
  }

  @Test
  void aPodThatIsGoneLeavesItsSlice() {
    check(
        List.of(slice("a", Given.endpoints(0, 3))),
        Given.endpoints(1, 3),
        new Replace("a", items(Given.endpoints(1, 3))));
  }

  @Test
  void aNewPodGoesWhereThereIsAWriteAnyway() {
    TreeSet<SliceEndpoint> wanted = new TreeSet<>(Given.endpoints(10, 12));
    wanted.addAll(Given.endpoints(1, 3));

    check(
        List.of(slice("a", Given.endpoints(10, 12)), slice("b", Given.endpoints(0, 2))),
        wanted,
        new Replace("b", items(Given.endpoints(1, 3))));
  }

  @Test
  void aNewPodGoesWhereThereIsRoom() {
    check(
        List.of(slice("a", Given.endpoints(0, 100)), slice("b", Given.endpoints(100, 101))),
        Given.endpoints(0, 102),
        new Replace("b", items(Given.endpoints(100, 102))));
  }

  @Test
  void anEmptySliceGoes() {
    check(List.of(slice("a", Given.endpoints(0, 2))), none(), new Delete("a"));
  }

  @Test
  void anEmptiedSliceIsFilledRatherThanReplaced() {
    check(
        List.of(slice("a", Given.endpoints(0, 2))),
        Given.endpoints(5, 6),
        new Replace("a", items(Given.endpoints(5, 6))));
  }

  @Test
  void aPodThatMovedStaysInItsSlice() {
    SliceEndpoint moved =
        new SliceEndpoint(
            "shop",
            Given.endpoint(1).pod(),
            Given.WORKER_2,
            new TreeSet<>(List.of(IpAddress.of("10.244.9.9"))));
    TreeSet<SliceEndpoint> wanted = new TreeSet<>(Given.endpoints(0, 1));
    wanted.add(moved);

    check(List.of(slice("a", Given.endpoints(0, 2))), wanted, new Replace("a", items(wanted)));
  }

  @Test
  void aPodThatIsInTwoSlicesLeavesOne() {
    check(
        List.of(slice("a", Given.endpoints(0, 2)), slice("b", Given.endpoints(1, 2))),
        Given.endpoints(0, 2),
        new Delete("b"));
  }

  @Test
  void anEndpointWithoutPodIsRemoved() {
    check(
        List.of(new Existing("a", List.of(new Endpoint(null, null, null, null, null)))),
        none(),
        new Delete("a"));
  }
}
