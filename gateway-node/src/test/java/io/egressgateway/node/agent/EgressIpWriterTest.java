package io.egressgateway.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.egressgateway.core.model.IpAddress;
import io.egressgateway.node.kernel.KernelFault;
import io.egressgateway.node.kernel.KernelObject.HeldAddress;
import io.egressgateway.node.netlink.RefusedAddress;
import io.egressgateway.node.netlink.socket.Errno;
import io.egressgateway.node.netlink.socket.Refusals;
import io.egressgateway.node.netlink.wire.route.Address;
import io.egressgateway.node.netlink.wire.route.AddressLifetime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of egress IPs that come or go together when the kernel does not take them all. */
class EgressIpWriterTest {
  private static final int LINK = 7;

  private final Set<IpAddress> onLink = new TreeSet<>();
  private final List<String> links = new ArrayList<>();

  @Test
  void allComeAndGoInOnePieceEach() throws KernelFault {
    List<Integer> pieces = new ArrayList<>();
    EgressIpWriter writer =
        writer(
            addresses -> {
              pieces.add(addresses.size());
              addresses.forEach(address -> onLink.add(address.ip()));
              return List.of();
            });

    writer.put(held(1, 2, 3));
    assertThat(onLink).hasSize(3);
    writer.remove(held(1, 2, 3));

    assertThat(onLink).isEmpty();
    assertThat(pieces).containsExactly(3);
    assertThat(links).as("asked for once in each piece").containsExactly("eth0", "eth0");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EBUSY, Errno.EPERM, Errno.EEXIST})
  void theOneThatIsRefusedIsNamedAndTheOthersAreThere(int errno) {
    EgressIpWriter writer = writer(refusing(Map.of(ip(2), errno)));

    KernelFault fault = catchThrowableOfType(KernelFault.class, () -> writer.put(held(1, 2, 3)));

    assertThat(fault.operation()).isEqualTo("put");
    assertThat(fault.subject()).isEqualTo("1 of 3 egress IPs: 10.6.168.2");
    assertThat(fault.reason()).isEqualTo("change 10.6.168.2: " + Errno.describe(errno));
    assertThat(onLink).containsExactly(ip(1), ip(3));
  }

  @Test
  void aRemovalThatIsRefusedIsNamed() {
    onLink.addAll(List.of(ip(1), ip(2), ip(3)));
    EgressIpWriter writer =
        new EgressIpWriter(
            name -> LINK, refusing(Map.of()), this::deleteButTheThird, AddressLifetime.FOREVER);

    assertThatThrownBy(() -> writer.remove(held(1, 2, 3)))
        .isInstanceOfSatisfying(
            KernelFault.class,
            fault -> {
              assertThat(fault.operation()).isEqualTo("remove");
              assertThat(fault.subject()).isEqualTo("1 of 3 egress IPs: 10.6.168.3");
              assertThat(fault.reason()).contains("EBUSY");
            });
    assertThat(onLink).containsExactly(ip(3));
  }

  @Test
  void whatHasExpiredMeanwhileIsRemoved() throws KernelFault {
    onLink.addAll(List.of(ip(1), ip(3)));

    writer(refusing(Map.of())).remove(held(1, 2, 3));

    assertThat(onLink).isEmpty();
  }

  @Test
  void ofManyThatAreRefusedTheFirstAreNamed() {
    EgressIpWriter writer =
        writer(refusing(Map.of(ip(1), 16, ip(2), 16, ip(3), 16, ip(4), 16, ip(5), 16)));

    assertThatThrownBy(() -> writer.put(held(1, 2, 3, 4, 5, 6)))
        .isInstanceOfSatisfying(
            KernelFault.class,
            fault ->
                assertThat(fault.subject())
                    .isEqualTo("5 of 6 egress IPs: 10.6.168.1, 10.6.168.2, 10.6.168.3, …"));
    assertThat(onLink).containsExactly(ip(6));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOBUFS, Errno.EAGAIN, Errno.EPERM})
  void whereNobodyKnowsWhatWasDoneTheFaultIsOfAll(int errno) {
    EgressIpWriter writer =
        writer(
            addresses -> {
              throw Refusals.of("%d requests".formatted(addresses.size()), errno);
            });

    assertThatThrownBy(() -> writer.put(held(1, 2, 3, 4)))
        .isInstanceOfSatisfying(
            KernelFault.class,
            fault -> {
              assertThat(fault.subject())
                  .isEqualTo("4 egress IPs: 10.6.168.1, 10.6.168.2, 10.6.168.3, …");
              assertThat(fault.reason()).isEqualTo("4 requests: " + Errno.describe(errno));
            });
  }

  @Test
  void whatCannotBeFoundIsNotHalfDone() {
    EgressIpWriter writer =
        new EgressIpWriter(
            name -> {
              if (!name.equals("eth0")) {
                throw new KernelFault("find", "link " + name, "there is no such link");
              }
              return LINK;
            },
            refusing(Map.of()),
            refusing(Map.of()),
            AddressLifetime.FOREVER);

    assertThatThrownBy(
            () -> writer.put(List.of(held(1).getFirst(), new HeldAddress("eth1", ip(2)))))
        .isInstanceOf(KernelFault.class);
    assertThat(onLink).isEmpty();
  }

  private EgressIpWriter writer(Function<List<Address>, List<RefusedAddress>> adding) {
    return new EgressIpWriter(
        name -> {
          links.add(name);
          return LINK;
        },
        adding,
        this::delete,
        AddressLifetime.FOREVER);
  }

  /** Takes what it does not refuse, each on its own, as the kernel does. */
  private Function<List<Address>, List<RefusedAddress>> refusing(Map<IpAddress, Integer> refused) {
    return addresses -> {
      List<RefusedAddress> refusals = new ArrayList<>();
      for (Address address : addresses) {
        if (refused.containsKey(address.ip())) {
          refusals.add(refusal(address, refused.get(address.ip())));
        } else {
          onLink.add(address.ip());
        }
      }
      return refusals;
    };
  }

  private List<RefusedAddress> deleteButTheThird(List<Address> addresses) {
    return addresses.stream()
        .filter(address -> address.ip().equals(ip(3)) || !onLink.remove(address.ip()))
        .map(address -> refusal(address, Errno.EBUSY))
        .toList();
  }

  private List<RefusedAddress> delete(List<Address> addresses) {
    return addresses.stream()
        .filter(address -> !onLink.remove(address.ip()))
        .map(address -> refusal(address, Errno.EADDRNOTAVAIL))
        .toList();
  }

  private static RefusedAddress refusal(Address address, int errno) {
    return new RefusedAddress(address, Refusals.of("change " + address.ip(), errno));
  }

  private static List<HeldAddress> held(int... hosts) {
    return Arrays.stream(hosts).mapToObj(host -> new HeldAddress("eth0", ip(host))).toList();
  }

  private static IpAddress ip(int host) {
    return IpAddress.of("10.6.168." + host);
  }
}
