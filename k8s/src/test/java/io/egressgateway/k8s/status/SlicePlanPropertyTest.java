package io.egressgateway.k8s.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.egressgateway.k8s.crd.EgressEndpointSlice.Endpoint;
import io.egressgateway.k8s.crd.EndpointSliceResource;
import io.egressgateway.k8s.status.SlicePlan.Create;
import io.egressgateway.k8s.status.SlicePlan.Delete;
import io.egressgateway.k8s.status.SlicePlan.Existing;
import io.egressgateway.k8s.status.SlicePlan.Replace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SlicePlanPropertyTest {
  private static final int RUNS = 300;

  private static void forAll(Consumer<Random> law) {
    for (long seed = 0; seed < RUNS; seed++) {
      try {
        law.accept(new Random(seed));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
      }
    }
  }

  private static SortedSet<SliceEndpoint> some(Random random) {
    TreeSet<SliceEndpoint> endpoints = new TreeSet<>();
    int count = random.nextInt(350);
    for (int index = 0; index < count; index++) {
      endpoints.add(Given.endpoint(random.nextInt(400)));
    }
    return endpoints;
  }

  private static List<Existing> apply(SlicePlan plan, List<Existing> before) {
    Map<String, Existing> slices = new TreeMap<>();
    before.forEach(slice -> slices.put(slice.name(), slice));
    for (SlicePlan.Write write : plan.writes()) {
      switch (write) {
        case Create(List<Endpoint> endpoints) -> {
          String name = "created-" + slices.size();
          slices.put(name, new Existing(name, endpoints));
        }
        case Replace(String name, List<Endpoint> endpoints) ->
            slices.put(name, new Existing(name, endpoints));
        case Delete(String name) -> slices.remove(name);
      }
    }
    return new ArrayList<>(slices.values());
  }

  @Test
  void afterThePlanTheSlicesHaveWhatIsWanted() {
    forAll(
        random -> {
          List<Existing> slices = apply(SlicePlan.of(List.of(), some(random)), List.of());
          SortedSet<SliceEndpoint> wanted = some(random);

          List<Existing> after = apply(SlicePlan.of(slices, wanted), slices);

          assertThat(after.stream().flatMap(slice -> slice.endpoints().stream()))
              .containsExactlyInAnyOrderElementsOf(
                  wanted.stream().map(EndpointProjection::of).toList());
          assertThat(after)
              .allSatisfy(
                  slice ->
                      assertThat(slice.endpoints())
                          .hasSizeBetween(1, EndpointSliceResource.ENDPOINTS_MAX));
        });
  }

  @Test
  void aSecondPlanIsEmpty() {
    forAll(
        random -> {
          List<Existing> slices = apply(SlicePlan.of(List.of(), some(random)), List.of());
          SortedSet<SliceEndpoint> wanted = some(random);
          List<Existing> after = apply(SlicePlan.of(slices, wanted), slices);

          assertThat(SlicePlan.of(after, wanted).writes()).isEmpty();
        });
  }

  @Test
  void onePodMoreIsOneWrite() {
    forAll(
        random -> {
          SortedSet<SliceEndpoint> wanted = some(random);
          List<Existing> slices = apply(SlicePlan.of(List.of(), wanted), List.of());
          TreeSet<SliceEndpoint> more = new TreeSet<>(wanted);
          more.add(Given.endpoint(1000));

          assertThat(SlicePlan.of(slices, more).writes()).hasSize(1);
        });
  }
}
